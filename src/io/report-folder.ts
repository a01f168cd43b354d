import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../logs/input-error.ts'
import { writeFiles } from './files.ts'

/**
 * Writes the files of a report, and removes those of an earlier run that this one does not have. Other files in the
 * folder stay.
 *
 * @param files content by name
 * @param names every name that such files may have
 * @throws InputError when the folder cannot be written to
 */
export async function writeReportFolder(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
  names: readonly string[],
): Promise<void> {
  try {
    await writeFiles(folder, files)
    const stale = names.filter((name) => !files.has(name))
    for (const name of stale) await rm(join(folder, name), { force: true })
    for (const sub of new Set(stale.map(dirname))) if (sub !== '.') await removeWhenEmpty(join(folder, sub))
  } catch (error) {
    throw new InputError(`'--out' must be a folder that can be written to, got '${folder}': ${innermost(error)}`, {
      cause: error,
    })
  }
}

async function removeWhenEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) await rmdir(folder)
  } catch (error) {
    if (!isAbsence(error)) throw error
  }
}

/** The paths among these that are files of a report in a folder: reading them would be reading what is replaced. */
export function findInReport(paths: readonly string[], folder: string, names: readonly string[]): string[] {
  const report = new Set(names.map((name) => resolve(folder, name)))
  return paths.filter((path) => report.has(resolve(path)))
}

/** @returns the text, or null when there is no such file and none is needed */
export async function readOptionalText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isAbsence(error)) return null
    throw new InputError(`${path}: cannot be read: ${innermost(error)}`, { cause: error })
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : innermost(error.cause)
}

import { createReadStream, type Stats } from 'node:fs'
import { glob, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, posix, sep } from 'node:path'
import { InputError } from '../logs/input-error.ts'
import type { LogSource, RandomAccess } from '../logs/source.ts'

const CHUNK_BYTES = 512 * 1024

/** Kinds of files that stand beside logs and are none. */
const NOT_LOGS = new Set(
  `.png .jpg .jpeg .gif .svg .webp .ico .pdf .html .htm .css .js .mjs .ts .map .md .yml .yaml .toml .lock .wasm .so .dll
  .exe .class .jar .tar .ttf .woff .woff2 .mp4 .webm .db .sqlite`.split(/\s+/),
)
/** What this program writes itself. */
const OUR_FILES = new Set(['master_anomalies.csv', 'incidents.json', 'rejected.csv', 'truth.json'])
const STATE_FILE = 'anomaly-state.json'

/**
 * Finds the logs that paths stand for, each once.
 *
 * @param paths files, folders (searched in depth; hidden files and kinds that are no logs are left out), globs, and `-`
 *   for standard input
 * @throws InputError when a path leads to nothing
 */
export async function findLogSources(paths: readonly string[]): Promise<LogSource[]> {
  return findSources(paths, isLog)
}

/** Likewise what says what is usual: logs, and the states that earlier runs left. */
export async function findBaselineSources(paths: readonly string[]): Promise<LogSource[]> {
  return findSources(paths, (name) => isLog(name) || name === STATE_FILE)
}

/** @param isWanted by the name of a file in a folder */
async function findSources(paths: readonly string[], isWanted: (name: string) => boolean): Promise<LogSource[]> {
  const sources = new Map<string, LogSource>()
  for (const path of paths) {
    for (const source of path === '-' ? [standardInput()] : await findAt(path, isWanted)) {
      if (!sources.has(source.name)) sources.set(source.name, source)
    }
  }
  return [...sources.values()]
}

async function findAt(path: string, isWanted: (name: string) => boolean): Promise<LogSource[]> {
  const stats = await statIfThere(path)
  if (stats?.isDirectory()) {
    const found = await listFolder(path, isWanted)
    if (found.length === 0) throw new InputError(`${path}: the folder has no files that could be logs`)
    return found.map((name) => fileSource(name, true))
  }
  if (stats !== null) return [{ ...fileSource(path, false), size: stats.size }]
  if (!/[*?[\]{}]/.test(path)) throw new InputError(`${path}: no such file or folder`)
  const names: string[] = []
  for await (const name of glob(path)) names.push(withSlashes(name))
  const found: LogSource[] = []
  for (const name of names.sort(compare)) {
    if ((await statIfThere(name))?.isFile() && isWanted(basename(name))) found.push(fileSource(name, true))
  }
  if (found.length === 0) throw new InputError(`${path}: no file matches this pattern`)
  return found
}

/** Files below a folder, sorted by name. Links to folders are not followed: they may lead round in circles. */
async function listFolder(folder: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => compare(a.name, b.name))
  const found: string[] = []
  for (const entry of entries) {
    const path = withSlashes(join(folder, entry.name))
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        found.push(...(await listFolder(path, isWanted)))
    } else if (isWanted(entry.name)) {
      if (entry.isFile() || (entry.isSymbolicLink() && (await statIfThere(path))?.isFile())) found.push(path)
    }
  }
  return found
}

function isLog(name: string): boolean {
  return (
    !name.startsWith('.') && !OUR_FILES.has(name) && name !== STATE_FILE && !NOT_LOGS.has(extname(name).toLowerCase())
  )
}

function fileSource(name: string, inFolder: boolean): LogSource {
  return { name, inFolder, open: () => readFileChunks(name), openAt: () => openFileAt(name) }
}

async function* readFileChunks(path: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES })
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${describe(error)}`, { cause: error })
  }
}

async function openFileAt(path: string): Promise<RandomAccess> {
  try {
    const file = await open(path)
    const { size } = await file.stat()
    return {
      size,
      async read(start, end) {
        const bytes = new Uint8Array(end - start)
        const { bytesRead } = await file.read(bytes, 0, bytes.length, start)
        return bytes.subarray(0, bytesRead)
      },
      close: () => file.close(),
    }
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${describe(error)}`, { cause: error })
  }
}

function standardInput(): LogSource {
  return { name: 'stdin', open: () => process.stdin }
}

/** Null when nothing is there. */
async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path)
  } catch (error) {
    if (isAbsence(error)) return null
    throw new InputError(`${path}: cannot be opened: ${describe(error)}`, { cause: error })
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function withSlashes(path: string): string {
  return sep === posix.sep ? path : path.replaceAll(sep, posix.sep)
}

/**
 * Writes files into a folder, which is made when it is missing. All are written beside their places first and renamed
 * then, so that nobody sees a half-written file.
 *
 * @param files content by name; a name may have folders
 * @throws Error when a file cannot be written; none of them was replaced then, unless the renaming itself failed
 */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const moves: { from: string; to: string }[] = []
  try {
    for (const [name, content] of files) {
      const to = join(folder, name)
      const from = join(dirname(to), `.${basename(to)}.${process.pid}.part`)
      await mkdir(dirname(to), { recursive: true })
      moves.push({ from, to })
      await writeFile(from, content)
    }
    for (const { from, to } of moves) await rename(from, to)
  } catch (error) {
    for (const { from } of moves) await rm(from, { force: true })
    throw new Error(`${folder}: cannot be written: ${describe(error)}`, { cause: error })
  }
}

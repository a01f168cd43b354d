/** Artifacts of GitHub Actions: those that hold logs come in, the one with the report goes out. */
import { createReadStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DefaultArtifactClient } from '@actions/artifact'
import { InputError } from '../logs/input-error.ts'
import type { LogSource } from '../logs/source.ts'
import { type GitHub, GitHubError, type Repository } from './github.ts'
import { openZip, type ZipCaps, type ZipEntry } from './unzip.ts'

/** Where artifacts are looked for: null is this run, which needs no permission. */
export type ArtifactPlace = { readonly github: GitHub; readonly repository: Repository; readonly runId: number } | null

export interface UploadedArtifact {
  readonly id: number
  readonly bytes: number
}

interface FoundArtifact {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly expired: boolean
  /** `sha256:` and 64 digits; `''` unknown. */
  readonly digest: string
}

const GIBIBYTE = 1024 ** 3
const MOST_DOWNLOAD_BYTES = 2 * GIBIBYTE
const LOG_CAPS: ZipCaps = { entries: 10_000, entryBytes: 8 * GIBIBYTE, totalBytes: 16 * GIBIBYTE, ratio: 250 }
/** Beside the file that is wanted, a report of a million records may hold long tables. */
const MOST_REPORT_BYTES = GIBIBYTE / 4
const REPORT_CAPS: ZipCaps = { entries: 1_000, entryBytes: GIBIBYTE, totalBytes: GIBIBYTE, ratio: LOG_CAPS.ratio }
const MOST_ARTIFACTS = 500
const ZIP_SIGNATURE = 'PK'

/**
 * The logs in artifacts, each named `artifact/path`. Every artifact is downloaded and checked before this returns.
 *
 * @param patterns names, globs with `*` and `?`, or `/regex/`; each must match
 * @param makeFolder gives a new, empty folder
 * @throws InputError that says what to change or to grant
 */
export async function readArtifactLogs(
  patterns: readonly string[],
  place: ArtifactPlace,
  makeFolder: () => Promise<string>,
): Promise<LogSource[]> {
  if (patterns.length === 0) return []
  const sources: LogSource[] = []
  for (const artifact of selectArtifacts(await listArtifacts(place), patterns, describePlace(place))) {
    const entries = await download(artifact, place, await makeFolder(), LOG_CAPS)
    for (const entry of entries) {
      sources.push({ name: `${artifact.name}/${entry.name}`, inFolder: true, open: () => entry.open() })
    }
  }
  if (sources.length === 0) throw new InputError(`${patterns.join(', ')}: the artifacts hold no files`)
  return sources
}

/**
 * One file of one artifact, as text.
 *
 * @param maxBytes of the file
 * @throws InputError that says what to change or to grant
 */
export async function readArtifactFile(
  name: string,
  file: string,
  place: ArtifactPlace,
  maxBytes: number,
  makeFolder: () => Promise<string>,
): Promise<string> {
  const [artifact] = selectArtifacts(await listArtifacts(place), [name], describePlace(place))
  if (artifact.bytes > MOST_REPORT_BYTES) {
    throw new InputError(`artifact '${name}' may have at most ${MOST_REPORT_BYTES} bytes, has ${artifact.bytes}`)
  }
  const entries = await download(artifact, place, await makeFolder(), REPORT_CAPS)
  const entry = entries.find((candidate) => candidate.name === file)
  if (entry === undefined) throw new InputError(`artifact '${name}' has no file '${file}'; is it one of this action's?`)
  if (entry.bytes > maxBytes) {
    throw new InputError(`${name}/${file}: may have at most ${maxBytes} bytes, has ${entry.bytes}`)
  }
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of entry.open()) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/**
 * Uploads the files of a report as one artifact.
 *
 * @param names of files in the folder
 * @param retentionDays null leaves it to the repository's setting
 * @throws Error when GitHub does not take it
 */
export async function uploadReport(
  artifact: string,
  folder: string,
  names: readonly string[],
  retentionDays: number | null,
): Promise<UploadedArtifact> {
  const paths = names.map((name) => join(folder, name))
  const { id, size } = await new DefaultArtifactClient().uploadArtifact(artifact, paths, folder, {
    ...(retentionDays === null ? {} : { retentionDays }),
  })
  if (id === undefined) throw new Error(`artifact '${artifact}' was uploaded, but GitHub gave it no id`)
  return { id, bytes: size ?? 0 }
}

async function listArtifacts(place: ArtifactPlace): Promise<FoundArtifact[]> {
  try {
    if (place !== null) return await place.github.listArtifacts(place.repository, place.runId)
    const { artifacts } = await new DefaultArtifactClient().listArtifacts()
    return artifacts.map(({ id, name, size, digest = '' }) => ({ id, name, bytes: size, expired: false, digest }))
  } catch (cause) {
    throw explain(`the artifacts of ${describePlace(place)} cannot be listed`, place, cause)
  }
}

/** Of artifacts with the same name the newest, in order of the patterns. */
function selectArtifacts(all: readonly FoundArtifact[], patterns: readonly string[], where: string): FoundArtifact[] {
  const newest = new Map<string, FoundArtifact>()
  for (const artifact of all.toSorted((a, b) => a.id - b.id)) newest.set(artifact.name, artifact)
  const selected = new Set<FoundArtifact>()
  for (const pattern of patterns) {
    const test = compilePattern(pattern)
    const matches = [...newest.values()].filter(({ name }) => test(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
    if (matches.length === 0) {
      const names = [...newest.keys()].slice(0, 20).join(', ')
      throw new InputError(`no artifact of ${where} matches '${pattern}'; it has ${names === '' ? 'none' : names}`)
    }
    for (const artifact of matches) selected.add(artifact)
  }
  if (selected.size > MOST_ARTIFACTS) {
    throw new InputError(`at most ${MOST_ARTIFACTS} artifacts are read, ${selected.size} match ${patterns.join(', ')}`)
  }
  for (const { name, expired, bytes } of selected) {
    if (expired) throw new InputError(`artifact '${name}' of ${where} has expired; run that workflow again`)
    if (bytes > MOST_DOWNLOAD_BYTES) {
      throw new InputError(`artifact '${name}' may have at most ${MOST_DOWNLOAD_BYTES} bytes, has ${bytes}`)
    }
  }
  return [...selected]
}

/** Names of artifacts cannot hold the characters of globs, so nothing is ambiguous but a name in slashes, which none has. */
function compilePattern(pattern: string): (name: string) => boolean {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/.exec(pattern) ?? []
  if (source !== undefined) {
    try {
      const regex = new RegExp(source, flags)
      return (name) => regex.test(name)
    } catch (cause) {
      throw new InputError(`'artifacts' must be names, globs or /regex/, got '${pattern}'`, { cause })
    }
  }
  const glob = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const regex = new RegExp(`^${glob}$`, 's')
  return (name) => regex.test(name)
}

async function download(
  artifact: FoundArtifact,
  place: ArtifactPlace,
  folder: string,
  caps: ZipCaps,
): Promise<ZipEntry[]> {
  const what = `artifact '${artifact.name}'`
  await fetchInto(folder, artifact, place)
  const [file] = await readdir(folder)
  if (file === undefined) throw new InputError(`${what} arrived without content; run the step again`)
  const path = join(folder, file)
  if (await isZip(path)) return openZip(path, artifact.name, caps)
  // Uploaded as it is, without an archive around it.
  if (artifact.bytes > caps.entryBytes) {
    throw new InputError(`${what} may have at most ${caps.entryBytes} bytes, has ${artifact.bytes}`)
  }
  return [{ name: file, bytes: artifact.bytes, open: () => createReadStream(path) }]
}

async function fetchInto(folder: string, artifact: FoundArtifact, place: ArtifactPlace): Promise<void> {
  const what = `artifact '${artifact.name}' of ${describePlace(place)}`
  let isDamaged = false
  try {
    // The client's own unzipping never ends on a cut archive, checks no sums and knows no limits.
    const { digestMismatch = false } = await new DefaultArtifactClient().downloadArtifact(artifact.id, {
      path: folder,
      skipDecompress: true,
      ...(artifact.digest === '' ? {} : { expectedHash: artifact.digest }),
      ...(place === null
        ? {}
        : {
            findBy: {
              token: place.github.token,
              workflowRunId: place.runId,
              repositoryOwner: place.repository.owner,
              repositoryName: place.repository.name,
            },
          }),
    })
    isDamaged = digestMismatch
  } catch (cause) {
    throw explain(`${what} cannot be downloaded`, place, cause)
  }
  if (isDamaged)
    throw new InputError(`${what} arrived damaged: its SHA-256 is not that of the upload; run the step again`)
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(ZIP_SIGNATURE.length), 0, ZIP_SIGNATURE.length, 0)
    return buffer.toString('latin1') === ZIP_SIGNATURE
  } finally {
    await file.close()
  }
}

/** An error that says what to grant or to change. */
function explain(what: string, place: ArtifactPlace, cause: unknown): InputError {
  if (cause instanceof Error && cause.name === 'GHESNotSupportedError') {
    const advice = 'download them with actions/download-artifact@v3 and name the files in logs'
    return new InputError(`${what}: GitHub Enterprise Server has another artifact service; ${advice}`, { cause })
  }
  const status = cause instanceof GitHubError ? cause.status : statusOf(cause)
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new InputError(`${what}: ${reason}. ${adviceFor(status, place)}`, { cause })
}

function adviceFor(status: number, place: ArtifactPlace): string {
  if (place === null) return "Artifacts of this run need no permission; is the name right, and 'needs' set on this job?"
  if (status === 401) return "The 'github-token' is not valid (any more)"
  if (status === 403) {
    return "Grant 'actions: read' under 'permissions'; another repository needs a 'github-token' that may read it"
  }
  if (status === 404) return "Check 'run-id' and 'repository'; a token without access sees nothing there either"
  if (status === 410) return 'It has expired; run that workflow again'
  return 'Run the step again; see https://www.githubstatus.com when that does not help'
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error ? Number(error.status) : 0
}

function describePlace(place: ArtifactPlace): string {
  return place === null ? 'this run' : `run ${place.runId} of ${place.repository.owner}/${place.repository.name}`
}

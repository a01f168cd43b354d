import type { Logs } from '../types.ts'
import { LogTableBuilder } from './builder.ts'
import { listColumns } from './columns.ts'
import { type OpenContent, openContent, type Part, unpack } from './content.ts'
import { type Field, parseFieldMap } from './fields.ts'
import type { FileFacts, RecordFacts } from './file-facts.ts'
import type { Format, OpenFile } from './format.ts'
import { createLogFormat } from './formats/log-format.ts'
import { FORMATS } from './formats.ts'
import { InputError } from './input-error.ts'
import { explainNoRequests } from './no-requests.ts'
import { parsePathMap, splitPathMap } from './path-fields.ts'
import type { Validator } from './payload.ts'
import type { BlockReaders, BlockSharing } from './plain/read.ts'
import { createEndpointNamer } from './routes.ts'
import { createSchemaFinder } from './schemas.ts'
import type { LogSource } from './source.ts'
import { createZone } from './zone.ts'

const DEFAULT_TIMEZONE = 'UTC'
const LEAST_CONFIDENCE = 0.2
const NOTHING_TOLD: RecordFacts = { columns: [], durationUnit: '', guessedUnitOf: '', timeIsEnd: false, zoneless: 0 }

export interface ReadOptions {
  /** IANA zone of times that name none. */
  readonly timezone?: string
  /** Name of the format of all files; told by their content when left out. */
  readonly format?: string
  /** Our field → the column that stands for it, as `--map ours=theirs`; or `path:PATTERN` on the file's name. */
  readonly map?: Readonly<Record<string, string>>
  /** An nginx `log_format`: files whose lines match it are read by it. */
  readonly logFormat?: string
  /** Known routes such as `GET /users/{id}` or `/users/{id}`, tried before routes are told from paths. */
  readonly routes?: readonly string[]
  /** Checks of the JSON answers by `METHOD /route`. */
  readonly schemas?: ReadonlyMap<string, Validator>
  /** Other threads that read parts of large files; what is read is the same without. */
  readonly readers?: BlockReaders
  /** Told how each file was read that was not skipped. */
  readonly onFile?: (facts: FileFacts) => void
  /** Called after each file. */
  readonly onProgress?: (progress: { readonly file: string; readonly rows: number }) => void
}

/**
 * Reads logs of any known formats into one table.
 *
 * @param sources in the order in which rows of equal time are kept
 * @throws InputError when the options are wrong, a source cannot be read as a whole, more than half of its lines cannot
 *   be read, or no row is left
 */
export async function readLogs(sources: readonly LogSource[], options: ReadOptions = {}): Promise<Logs> {
  const sharing: BlockSharing = {
    readers: options.readers ?? null,
    routes: options.routes ?? [],
    schemas: [...(options.schemas ?? new Map()).keys()],
    bytes: 0,
    mergedBytes: 0,
  }
  const size = sources.reduce((sum, source) => sum + (source.size ?? 0), 0)
  const builder = new LogTableBuilder(undefined, (rows) => (rows * size) / sharing.mergedBytes)
  const timezone = checkTimezone(options.timezone ?? DEFAULT_TIMEZONE)
  const { columns, patterns } = splitPathMap(options.map ?? {})
  const paths = parsePathMap(patterns)
  const formats = options.logFormat === undefined ? FORMATS : [createLogFormat(options.logFormat), ...FORMATS]
  const forced = findForced(options.format, formats)
  const shared = {
    builder,
    timezone,
    map: parseFieldMap(columns),
    mapped: new Set<Field>(),
    seen: new Set<string>(),
    nameEndpoint: createEndpointNamer(options.routes ?? []),
    findSchema: createSchemaFinder(options.schemas ?? new Map()),
    sharing,
  } satisfies Omit<OpenFile, 'name' | 'tell'>
  const candidates = forced === null ? formats : [forced]

  const skipped: string[] = []
  const skip = (error: unknown, inFolder: boolean) => {
    if (!(error instanceof InputError && inFolder)) throw error
    skipped.push(error.message)
    builder.note(`Skipped ${error.message}.`)
  }
  for (const source of sources) {
    try {
      for await (const part of unpack(source)) {
        builder.startFile(part.name, paths.fieldsOf(part.name))
        try {
          const facts = await readPart(part, candidates, forced !== null, shared)
          options.onFile?.(facts)
        } catch (error) {
          builder.dropFile()
          skip(error, part.inFolder)
        }
        options.onProgress?.({ file: part.name, rows: builder.rows })
      }
    } catch (error) {
      skip(error, source.inFolder ?? false)
    }
  }
  if (builder.rows === 0) {
    const why = skipped.length > 0 ? `: ${skipped.slice(0, 3).join('; ')}` : ''
    throw new InputError(`no log records in ${listNames(sources)}${why}`)
  }
  for (const [ours, theirs] of shared.map) {
    if (!shared.mapped.has(ours)) {
      throw new InputError(
        `'--map ${ours}=${theirs}': no file has a column '${theirs}'; columns: ${listColumns([...shared.seen])}`,
      )
    }
  }
  const logs = builder.build()
  paths.checkUsed(logs.files)
  if (options.logFormat !== undefined && !logs.formats.includes(formats[0].name)) {
    throw new InputError(`'logFormat' must match the lines of a file, got '${options.logFormat}', which matches none`)
  }
  return logs
}

function listNames(sources: readonly LogSource[]): string {
  const names = sources.map((source) => source.name)
  return names.slice(0, 3).join(', ') || 'no files'
}

async function readPart(
  part: Part,
  candidates: readonly Format[],
  isForced: boolean,
  shared: Omit<OpenFile, 'name' | 'tell'>,
): Promise<FileFacts> {
  let told: RecordFacts = NOTHING_TOLD
  const tell = (facts: RecordFacts) => {
    told = facts
  }
  const file: OpenFile = { ...shared, name: part.name, tell }
  const isKnown = (head: string) =>
    candidates.some((format) => format.isBinary && (isForced || format.recognise(head) >= LEAST_CONFIDENCE))
  const content = await openContent(part, isKnown)
  try {
    const { format, sureness } = isForced
      ? { format: candidates[0], sureness: Number.NaN }
      : recognise(content, part.name, candidates)
    await format.read(content, file)
    for (const note of content.notes) file.builder.note(note, part.name)
    const { rows, rejected, firstReason } = file.builder.fileCounts
    if (rejected > rows) {
      throw new InputError(
        `${part.name}: ${rejected} of ${rows + rejected} lines cannot be read as ${format.name}; the first: ${firstReason}`,
      )
    }
    file.builder.keepFile(format.name, format.plannedTraffic)
    return { ...told, name: part.name, format: format.name, formatSureness: sureness, rows, rejected }
  } finally {
    await content.close()
  }
}

function recognise(
  content: OpenContent,
  name: string,
  candidates: readonly Format[],
): { format: Format; sureness: number } {
  const why = content.isBinary ? null : explainNoRequests(content.head)
  if (why !== null) throw new InputError(`${name}: ${why}`)
  const fitting = candidates.filter((format) => (format.isBinary ?? false) === content.isBinary)
  const sureness = fitting.map((format) => format.recognise(content.head))
  const best = Math.max(...sureness)
  if (best < LEAST_CONFIDENCE) {
    const known = candidates.map((format) => format.name).join(', ')
    const line = content.head.trim().split(/\r?\n/, 1)[0].slice(0, 60)
    throw new InputError(`${name}: is in no format that is known (${known}); it begins with '${line}'`)
  }
  return { format: fitting[sureness.indexOf(best)], sureness: best }
}

function findForced(name: string | undefined, formats: readonly Format[]): Format | null {
  if (name === undefined) return null
  const format = formats.find((candidate) => candidate.name === name)
  if (format !== undefined) return format
  throw new InputError(`'format' must be one of ${formats.map((known) => known.name).join(', ')}, got '${name}'`)
}

function checkTimezone(name: string): string {
  // Node takes 0.05 s to load what it knows of zones: not to be told that the default exists.
  if (name === DEFAULT_TIMEZONE) return name
  try {
    createZone(name)
    return name
  } catch (error) {
    throw new InputError(`'timezone' must be an IANA time zone such as Europe/Berlin, got '${name}'`, { cause: error })
  }
}

import type { Logs } from '../types.ts'
import { LogTableBuilder } from './builder.ts'
import { listColumns } from './columns.ts'
import { type OpenContent, openContent } from './content.ts'
import { type Field, parseFieldMap } from './fields.ts'
import type { Format, OpenFile } from './format.ts'
import { FORMATS } from './formats.ts'
import { InputError } from './input-error.ts'
import type { Validator } from './payload.ts'
import { createEndpointNamer } from './routes.ts'
import { createSchemaFinder } from './schemas.ts'
import type { LogSource } from './source.ts'
import { createZone } from './zone.ts'

const LEAST_CONFIDENCE = 0.2

export interface ReadOptions {
  /** IANA zone of times that name none. */
  readonly timezone?: string
  /** Name of the format of all files; told by their content when left out. */
  readonly format?: string
  /** Our field → the column that stands for it, as `--map ours=theirs`. */
  readonly map?: Readonly<Record<string, string>>
  /** Checks of the JSON answers by `METHOD /route`. */
  readonly schemas?: ReadonlyMap<string, Validator>
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
  const builder = new LogTableBuilder()
  const timezone = checkTimezone(options.timezone ?? 'UTC')
  const forced = findForced(options.format)
  const shared = {
    builder,
    timezone,
    map: parseFieldMap(options.map ?? {}),
    mapped: new Set<Field>(),
    seen: new Set<string>(),
    nameEndpoint: createEndpointNamer(),
    findSchema: createSchemaFinder(options.schemas ?? new Map()),
  } satisfies Omit<OpenFile, 'name'>

  const skipped: string[] = []
  for (const source of sources) {
    builder.startFile(source.name)
    try {
      await readSource(source, forced, { ...shared, name: source.name })
    } catch (error) {
      if (!(error instanceof InputError && source.inFolder)) throw error
      builder.dropFile()
      skipped.push(error.message)
      builder.note(`Skipped ${error.message}.`)
    }
    options.onProgress?.({ file: source.name, rows: builder.rows })
  }
  if (builder.rows === 0) {
    const why = skipped.length > 0 ? `: ${skipped.slice(0, 3).join('; ')}` : ''
    throw new InputError(
      `no log records in ${
        sources
          .map((source) => source.name)
          .slice(0, 3)
          .join(', ') || 'no files'
      }${why}`,
    )
  }
  for (const [ours, theirs] of shared.map) {
    if (!shared.mapped.has(ours)) {
      throw new InputError(
        `'--map ${ours}=${theirs}': no file has a column '${theirs}'; columns: ${listColumns([...shared.seen])}`,
      )
    }
  }
  return builder.build()
}

async function readSource(source: LogSource, forced: Format | null, file: OpenFile): Promise<void> {
  const content = await openContent(source)
  try {
    const format = forced ?? recognise(content, source.name)
    await format.read(content, file)
    for (const note of content.notes) file.builder.note(note, source.name)
    const { rows, rejected, firstReason } = file.builder.fileCounts
    if (rejected > rows) {
      throw new InputError(
        `${source.name}: ${rejected} of ${rows + rejected} lines cannot be read as ${format.name}; the first: ${firstReason}`,
      )
    }
    file.builder.keepFile(format.name, format.plannedTraffic)
  } finally {
    await content.close()
  }
}

function recognise(content: OpenContent, name: string): Format {
  const sureness = FORMATS.map((format) => format.recognise(content.head))
  const best = Math.max(...sureness)
  if (best < LEAST_CONFIDENCE) {
    const known = FORMATS.map((format) => format.name).join(', ')
    const line = content.head.trim().split(/\r?\n/, 1)[0].slice(0, 60)
    throw new InputError(`${name}: is in no format that is known (${known}); it begins with '${line}'`)
  }
  return FORMATS[sureness.indexOf(best)]
}

function findForced(name: string | undefined): Format | null {
  if (name === undefined) return null
  const format = FORMATS.find((candidate) => candidate.name === name)
  if (format !== undefined) return format
  throw new InputError(`'format' must be one of ${FORMATS.map((known) => known.name).join(', ')}, got '${name}'`)
}

function checkTimezone(name: string): string {
  try {
    createZone(name)
    return name
  } catch (error) {
    throw new InputError(`'timezone' must be an IANA time zone such as Europe/Berlin, got '${name}'`, { cause: error })
  }
}

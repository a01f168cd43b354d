import type { LogTableBuilder } from './builder.ts'
import type { Field } from './fields.ts'
import type { Validator } from './payload.ts'
import type { EndpointNamer } from './routes.ts'

/** The decompressed, decoded text of one source. */
export interface Content {
  /** Its beginning, at most 64 KiB. */
  readonly head: string
  /** All of it, in chunks. Can be read once. */
  text(): AsyncIterable<string>
}

/** One file while it is read: where its rows go and what the user said about reading. */
export interface OpenFile {
  readonly name: string
  readonly builder: LogTableBuilder
  /** IANA zone of times that name none. */
  readonly timezone: string
  /** Columns that the user named for our fields. */
  readonly map: ReadonlyMap<Field, string>
  /** Fields of `map` whose column some file had; readers add to it. */
  readonly mapped: Set<Field>
  /** Names of the columns of all files; readers add to it. */
  readonly seen: Set<string>
  readonly nameEndpoint: EndpointNamer
  readonly findSchema: (endpoint: string) => Validator | undefined
}

/** A way in which logs are written. Adding one is a file with such a value and its line in the table of formats. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string
  /** True when a test plan sets the traffic of such logs. */
  readonly plannedTraffic: boolean
  /** How sure this format is that a text begins like it, 0..1; below 0.2 is no. By content, never by name. */
  recognise(head: string): number
  /**
   * Reads all rows. A line that cannot be read is rejected, with the rule that it breaks.
   *
   * @throws InputError when the file as a whole cannot be read; no row was appended then
   */
  read(content: Content, file: OpenFile): Promise<void>
}

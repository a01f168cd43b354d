import type { LogTableBuilder } from './builder.ts'
import type { Field } from './fields.ts'
import type { RecordFacts } from './file-facts.ts'
import type { Validator } from './payload.ts'
import type { BlockSharing } from './plain/read.ts'
import type { EndpointNamer } from './routes.ts'

/** The decompressed content of one file. Either its text or its bytes can be read, once. */
export interface Content {
  /** The beginning of its text, at most 64 KiB; of binary content the first bytes as Latin-1, at most 1 KiB. */
  readonly head: string
  /** True when a format with `isBinary` knows it; only bytes are of use then. */
  readonly isBinary: boolean
  /** All of it, in chunks. */
  text(): AsyncIterable<string>
  /** The bytes of a text, null when they are not UTF-8; one of the three is to be asked for. */
  readonly utf8: Utf8Text | null
  /** All of it, in chunks, not decoded; to be asked for instead of the text, and only of binary content. */
  bytes(): AsyncIterable<Uint8Array>
}

/** A text as bytes. */
export interface Utf8Text {
  /** All of it, in chunks, without a byte order mark. */
  bytes(): AsyncIterable<Uint8Array>
  /** Takes down that some of them are not UTF-8. */
  noteForeignBytes(): void
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
  readonly sharing: BlockSharing
  /** Takes down how the file's records were read. */
  readonly tell: (facts: RecordFacts) => void
}

/** A way in which logs are written. Adding one is a file with such a value and its line in the table of formats. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string
  /** True when a test plan sets the traffic of such logs. */
  readonly plannedTraffic: boolean
  /** True for content that is no text: only such formats are asked about it, and about nothing else. */
  readonly isBinary?: boolean
  /** How sure this format is that a text begins like it, 0..1; below 0.2 is no. By content, never by name. */
  recognise(head: string): number
  /**
   * Reads all rows. A line that cannot be read is rejected, with the rule that it breaks.
   *
   * @throws InputError when the file as a whole cannot be read; no row was appended then
   */
  read(content: Content, file: OpenFile): Promise<void>
}

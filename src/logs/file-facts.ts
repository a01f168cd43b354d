import type { Field } from './fields.ts'

/** How a column was known to stand for a field, surest first. */
const SURENESS = [
  'named by the user',
  'of the format',
  'by its name',
  'by part of its name',
  'by a vague name',
] as const
export type Sureness = (typeof SURENESS)[number]

/** How the records of one file were read. */
export interface RecordFacts {
  /** The best column of each field that has one. */
  readonly columns: readonly { readonly field: Field; readonly name: string; readonly sureness: Sureness }[]
  /** Unit of the durations; `''` when the file has none, or each of them names its own. */
  readonly durationUnit: string
  /** The column whose values, not whose name, told the unit; `''` for none. */
  readonly guessedUnitOf: string
  /** Whether its times were those of the requests' ends. */
  readonly timeIsEnd: boolean
  /** Times that named no zone. */
  readonly zoneless: number
}

/** What became of one file. */
export interface FileFacts extends RecordFacts {
  readonly name: string
  /** Name of the format. */
  readonly format: string
  /** How sure that is, 0..1; NaN when the user named it. */
  readonly formatSureness: number
  readonly rows: number
  readonly rejected: number
}

/**
 * How the plain lines of one file are read: those that need no more than their bytes. A line that is not plain in any
 * way goes to the format's own reader, so that a plan may be as narrow as it likes but never wrong.
 */
import type { TimeUnit } from '../duration.ts'
import type { Field } from '../fields.ts'

/** A column that stands for a field, best first in its list. */
export interface PlainColumn {
  /** Its place among the columns that stand for any field. */
  readonly slot: number
  /** Null: of a duration whose unit the values tell; of every other field. */
  readonly unit: TimeUnit | null
  readonly isVague: boolean
}

export type PlainFields = Readonly<Record<Field, readonly PlainColumn[]>>

/** A table: which cells count. */
export interface PlainTable {
  readonly kind: 'table'
  /** Its character code. */
  readonly delimiter: number
  /** Slot by cell, -1 for none; a row has as many cells. */
  readonly slotOf: readonly number[]
  /** A row is not plain when this cell begins like this; `''`: when it is empty. */
  readonly slowCells: readonly { readonly cell: number; readonly prefix: string }[]
}

/** One JSON object per line: the names that were met so far. */
export interface PlainObjects {
  readonly kind: 'objects'
  readonly root: PlainNode
  /** Names that were never met are left out like those that stand for no field. */
  readonly isFull: boolean
  /** An object without status, endpoint, duration or method is no request. */
  readonly needsRequest: boolean
}

export interface PlainNode {
  readonly key: string
  /** Slot, or a value of NO_SLOT. */
  readonly slot: number
  /** An object under this name is a value, not a group of names. */
  readonly isWhole: boolean
  readonly below: readonly PlainNode[]
}

/** `unused`: stands for no field. `unmet`: had no value so far, so that nobody knows. */
export const NO_SLOT = { unused: -1, unmet: -2 } as const

/** Can be sent to another thread as JSON. */
export interface PlainPlan {
  readonly layout: PlainTable | PlainObjects
  readonly slots: number
  readonly fields: PlainFields
  /** Whether times without a zone are UTC; otherwise their clock is handed over, flagged. */
  readonly isUtc: boolean
  readonly routes: readonly string[]
  /** Endpoints whose answers are held against a schema: those answers are not plain. */
  readonly schemas: readonly string[]
}

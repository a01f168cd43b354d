import { parseUnit, type TimeUnit } from './duration.ts'
import { FIELDS, type Field, RANK_OF_WRAPPED, type Recognised, recogniseField } from './fields.ts'
import type { RecordFacts, Sureness } from './file-facts.ts'

/** Rank of a column that was named for its field. */
const MAPPED = -1

/** A column of a log that stands for one of our fields. */
export interface Column extends Omit<Recognised, 'field'> {
  readonly name: string
  readonly index: number
}

/** Which columns of one log stand for our fields. Columns may be added while reading: later records may have more. */
export class FieldColumns {
  readonly names: string[] = []
  readonly #columns = new Map<Field, Column[]>(FIELDS.map((field) => [field, []]))
  readonly #map: ReadonlyMap<Field, string>

  /** @param map our field → the column that the user (or the format) names for it; `column:unit` for a duration */
  constructor(map: ReadonlyMap<Field, string>) {
    this.#map = map
  }

  /** The columns of every field, best first. Lists grow as columns are added. */
  all(): Readonly<Record<Field, readonly Column[]>> {
    return Object.fromEntries(this.#columns) as Record<Field, Column[]>
  }

  /** The columns for a field, best first. */
  of(field: Field): readonly Column[] {
    return this.#columns.get(field) ?? []
  }

  /**
   * Adds a column and finds the fields that it stands for.
   *
   * @returns whether it stands for any
   */
  add(name: string): boolean {
    const index = this.names.push(name) - 1
    let isUsed = false
    for (const [field, theirs] of this.#map) {
      const { column, unit } = splitUnit(field, theirs)
      if (theirs !== name && (column !== name || unit === undefined)) continue
      this.#insert(field, { name, index, rank: MAPPED, unit: unit ?? recogniseField(name)?.unit, isVague: false })
      isUsed = true
    }
    const recognised = recogniseField(name)
    if (recognised === null || this.isMapped(recognised.field)) return isUsed
    this.#insert(recognised.field, { ...recognised, name, index })
    return true
  }

  /** Whether a column was named for the field, by the user or by the format, and is there. */
  isMapped(field: Field): boolean {
    return this.of(field)[0]?.rank === MAPPED
  }

  /** Keeps only the best column of each field: in a table an empty cell is empty, not a reason to look elsewhere. */
  keepBest(): void {
    for (const [field, columns] of this.#columns) {
      // A date and a time of day in two columns belong together.
      if (field !== 'time') columns.splice(1)
    }
  }

  /**
   * The best column of each field, and how it was known.
   *
   * @param named what the user named
   */
  listFacts(named: ReadonlyMap<Field, string>): RecordFacts['columns'] {
    return FIELDS.flatMap((field) => {
      const [column] = this.of(field)
      return column === undefined
        ? []
        : [{ field, name: column.name, sureness: findSureness(column, named.has(field)) }]
    })
  }

  /** Like `time = "ts", status = "code"`. */
  describe(): string {
    return FIELDS.filter((field) => this.of(field).length > 0)
      .map((field) => `${field} = "${this.of(field)[0].name}"`)
      .join(', ')
  }

  #insert(field: Field, column: Column): void {
    const columns = this.#columns.get(field)!
    if (column.rank === MAPPED) columns.length = 0
    const place = columns.findIndex((other) => other.rank > column.rank)
    columns.splice(place < 0 ? columns.length : place, 0, column)
  }
}

function findSureness({ rank, isVague }: Column, isNamed: boolean): Sureness {
  if (rank === MAPPED) return isNamed ? 'named by the user' : 'of the format'
  if (isVague) return 'by a vague name'
  return rank >= RANK_OF_WRAPPED ? 'by part of its name' : 'by its name'
}

function splitUnit(field: Field, theirs: string): { column: string; unit: TimeUnit | undefined } {
  const colon = theirs.lastIndexOf(':')
  if (field !== 'duration' || colon < 0) return { column: theirs, unit: undefined }
  return { column: theirs.slice(0, colon), unit: parseUnit(theirs.slice(colon + 1)) }
}

const MOST_LISTED = 30

/** Column names for a message. */
export function listColumns(names: readonly string[]): string {
  const listed = names.slice(0, MOST_LISTED).map((name) => name.slice(0, 60))
  return names.length > MOST_LISTED ? `${listed.join(', ')} and ${names.length - MOST_LISTED} more` : listed.join(', ')
}

import { type Combinations, DIMENSIONS, type Dimension, type LogTable } from '../types.ts'

/** Numbers that are looked up in an array rather than in a map: 16 MB of them. */
const MOST_DENSE = 4_000_000

/**
 * Numbers the combinations of dimension values that occur, in the order of their first rows. What depends on a row's
 * dimensions alone is worked out once for each of them, and looked up by row.
 */
export function buildCombinations(table: LogTable): Combinations {
  const { of, count } = numberRows(table)
  const firstRow = new Uint32Array(count)
  const rows = new Uint32Array(count)
  for (let row = table.rows - 1; row >= 0; row--) {
    firstRow[of[row]] = row
    rows[of[row]]++
  }
  const codes = Object.fromEntries(
    DIMENSIONS.map((dimension) => [dimension, firstRow.map((row) => table.dimensions[dimension].codes[row])]),
  ) as Record<Dimension, Uint32Array>
  return { count, of, rows, codes }
}

function numberRows({ rows, dimensions }: LogTable): { of: Uint32Array; count: number } {
  const { service, endpoint, region, environment, version } = dimensions
  const size = DIMENSIONS.reduce((product, dimension) => product * dimensions[dimension].values.length, 1)
  const of = new Uint32Array(rows)
  let count = 0
  if (size > MOST_DENSE) {
    // One dimension after the other: what a row is in the first ones, with its value in the next.
    count = 1
    for (const dimension of DIMENSIONS) {
      const { codes, values } = dimensions[dimension]
      if (values.length > 1) count = refine(of, count, codes, values.length)
    }
    return { of, count }
  }
  const [endpoints, regions] = [endpoint.values.length, region.values.length]
  const [environments, versions] = [environment.values.length, version.values.length]
  const known = new Int32Array(size).fill(-1)
  for (let row = 0; row < rows; row++) {
    const inFirst = (service.codes[row] * endpoints + endpoint.codes[row]) * regions + region.codes[row]
    const key = (inFirst * environments + environment.codes[row]) * versions + version.codes[row]
    let number = known[key]
    if (number < 0) {
      number = count++
      known[key] = number
    }
    of[row] = number
  }
  return { of, count }
}

/** Replaces each row's number by that of (number, code), in the order of first rows; returns how many there are. */
function refine(of: Uint32Array, count: number, codes: Uint32Array, width: number): number {
  let next = 0
  if (count * width <= MOST_DENSE) {
    const known = new Int32Array(count * width).fill(-1)
    for (let row = 0; row < of.length; row++) {
      const key = of[row] * width + codes[row]
      let number = known[key]
      if (number < 0) {
        number = next++
        known[key] = number
      }
      of[row] = number
    }
    return next
  }
  const known = new Map<number, number>()
  for (let row = 0; row < of.length; row++) {
    const key = of[row] * width + codes[row]
    let number = known.get(key)
    if (number === undefined) {
      number = next++
      known.set(key, number)
    }
    of[row] = number
  }
  return next
}

/** Combinations that belong together by some of their values. */
export interface Groups {
  /** Group of each combination, -1 for none. */
  readonly of: Int32Array
  /** The first combination of each group. */
  readonly first: readonly number[]
}

/**
 * Groups combinations by their values in some dimensions.
 *
 * @param belongs whether a combination is in any group
 */
export function groupCombinations(
  { count, codes }: Combinations,
  dimensions: readonly Dimension[],
  belongs: (combination: number) => boolean = () => true,
): Groups {
  const of = new Int32Array(count).fill(-1)
  const first: number[] = []
  const known = new Map<string, number>()
  for (let combination = 0; combination < count; combination++) {
    if (!belongs(combination)) continue
    const key = dimensions.map((dimension) => codes[dimension][combination]).join()
    let group = known.get(key)
    if (group === undefined) {
      group = first.length
      known.set(key, group)
      first.push(combination)
    }
    of[combination] = group
  }
  return { of, first }
}

/** Rows (or what they hold) sorted by group: those of group g are entries [offsets[g], offsets[g + 1]), in row order. */
export interface Sorted<Column> {
  readonly offsets: Uint32Array
  readonly sorted: Column
}

/** Sorts the rows that `belongs` and whose combination has a group. */
export function sortRows({ of }: Combinations, groups: Groups, belongs: (row: number) => boolean): Sorted<Uint32Array> {
  const offsets = new Uint32Array(groups.first.length + 1)
  for (let row = 0; row < of.length; row++) {
    const group = groups.of[of[row]]
    if (group >= 0 && belongs(row)) offsets[group + 1]++
  }
  for (let group = 0; group < groups.first.length; group++) offsets[group + 1] += offsets[group]
  const sorted = new Uint32Array(offsets[groups.first.length])
  const next = offsets.slice()
  for (let row = 0; row < of.length; row++) {
    const group = groups.of[of[row]]
    if (group >= 0 && belongs(row)) sorted[next[group]++] = row
  }
  return { offsets, sorted }
}

/** Sorts a column's known values (not NaN) by combination. */
export function sortValues({ count, of }: Combinations, values: Float32Array): Sorted<Float32Array> {
  const offsets = new Uint32Array(count + 1)
  for (let row = 0; row < of.length; row++) {
    const value = values[row]
    if (!Number.isNaN(value)) offsets[of[row] + 1]++
  }
  for (let combination = 0; combination < count; combination++) offsets[combination + 1] += offsets[combination]
  const sorted = new Float32Array(offsets[count])
  const next = offsets.slice()
  for (let row = 0; row < of.length; row++) {
    const value = values[row]
    if (!Number.isNaN(value)) sorted[next[of[row]]++] = value
  }
  return { offsets, sorted }
}

/** The combinations of each group, in order. */
export function listMembers({ of, first }: Groups): readonly (readonly number[])[] {
  const members: number[][] = first.map(() => [])
  for (const [combination, group] of of.entries()) if (group >= 0) members[group].push(combination)
  return members
}

/** What several combinations hold of a sorted column, as a copy. */
export function gatherValues(
  { offsets, sorted }: Sorted<Float32Array>,
  combinations: readonly number[],
): Float32Array<ArrayBuffer> {
  let length = 0
  for (const combination of combinations) length += offsets[combination + 1] - offsets[combination]
  const values = new Float32Array(length)
  let filled = 0
  for (const combination of combinations) {
    values.set(sorted.subarray(offsets[combination], offsets[combination + 1]), filled)
    filled += offsets[combination + 1] - offsets[combination]
  }
  return values
}

/** Calls back with the rows of the combinations that are marked. The rows are sorted by combination when first asked. */
export function createRowVisit(combinations: Combinations): (inside: Uint8Array, visit: (row: number) => void) => void {
  let ready: Sorted<Uint32Array> | null = null
  const each = Int32Array.from({ length: combinations.count }, (_, combination) => combination)
  return (inside, visit) => {
    ready ??= sortRows(combinations, { of: each, first: [...each] }, () => true)
    const { offsets, sorted } = ready
    for (let combination = 0; combination < combinations.count; combination++) {
      if (inside[combination] === 0) continue
      for (let i = offsets[combination]; i < offsets[combination + 1]; i++) visit(sorted[i])
    }
  }
}

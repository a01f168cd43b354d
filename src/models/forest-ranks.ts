/** Values as ranks among a forest's thresholds: a cut then compares small whole numbers, without branch or rounding. */

/** The thresholds of one column, with a grid over their range that finds a value's rank in a step or two. */
export interface Ranks {
  /** Distinct, in ascending order. */
  readonly thresholds: Float64Array
  /** Where the grid begins, and how many cells a unit has. */
  readonly origin: number
  readonly cellsPerUnit: number
  /** Thresholds that lie before each cell; one entry more than there are cells. */
  readonly before: Int32Array
}

/** With two cells a threshold most cells hold none or one. */
const CELLS_PER_THRESHOLD = 2

/** @param given thresholds in any order, some of them equal; none gives rank 0 to every value */
export function buildRanks(given: Float64Array): Ranks {
  const sorted = given.toSorted()
  const thresholds = sorted.filter((threshold, i) => i === 0 || threshold !== sorted[i - 1])
  const cells = Math.max(1, CELLS_PER_THRESHOLD * thresholds.length)
  const origin = thresholds.length === 0 ? 0 : thresholds[0]
  const cellsPerUnit = thresholds.length < 2 ? 0 : cells / (thresholds[thresholds.length - 1] - origin)
  const before = new Int32Array(cells + 1)
  for (const threshold of thresholds) before[cellOf(threshold, origin, cellsPerUnit, cells - 1) + 1]++
  for (let cell = 0; cell < cells; cell++) before[cell + 1] += before[cell]
  return { thresholds, origin, cellsPerUnit, before }
}

/** How many thresholds lie below a value: it is above a threshold exactly when its rank is above the threshold's own. */
export function rankOf({ thresholds, origin, cellsPerUnit, before }: Ranks, value: number): number {
  const cell = cellOf(value, origin, cellsPerUnit, before.length - 2)
  return countBelow(thresholds, value, before[cell], before[cell + 1])
}

/**
 * Ranks a stretch of a column twice over, for an unknown value (NaN) lies left of the thresholds of some nodes and right
 * of others'. Values count as float32, as in `fitForest`.
 *
 * @param values `values.length` ranks are written from `low` (unknown: 0) and from `high` (unknown: above every threshold)
 */
export function rankColumn(ranks: Ranks, values: Float64Array, ranked: Int32Array, low: number, high: number): void {
  const { thresholds, origin, cellsPerUnit, before } = ranks
  const last = before.length - 2
  for (let row = 0; row < values.length; row++) {
    const value = readFloat32(values[row])
    const cell = cellOf(value, origin, cellsPerUnit, last)
    const rank = countBelow(thresholds, value, before[cell], before[cell + 1])
    ranked[low + row] = rank
    ranked[high + row] = Number.isNaN(value) ? thresholds.length : rank
  }
}

const LARGEST_FLOAT32 = 3.4028234663852886e38

/** The nearest float32; the largest one for values beyond its range. */
export function readFloat32(value: number): number {
  if (value > LARGEST_FLOAT32) return LARGEST_FLOAT32
  return value < -LARGEST_FLOAT32 ? -LARGEST_FLOAT32 : Math.fround(value)
}

/** Never falls while the value rises, so that a threshold in an earlier cell than a value's is below the value. */
function cellOf(value: number, origin: number, cellsPerUnit: number, last: number): number {
  const place = (value - origin) * cellsPerUnit
  return place >= last ? last : place > 0 ? place | 0 : 0
}

/** Thresholds below the value, given that those before `from` are and those from `to` on are not. */
function countBelow(thresholds: Float64Array, value: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1
    if (thresholds[middle] < value) from = middle + 1
    else to = middle
  }
  return from
}

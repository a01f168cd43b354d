import { createSortRoom, sortRoom } from '../math/radix.ts'
import { quantileSorted } from '../math/stats.ts'

/** Groups that rows are told apart by at the same time: a bit each. */
const MOST_AT_ONCE = 32

/**
 * Quantiles of a column in each window, of several groups of rows. The rows of a window are put in order once, and each
 * group takes its own out of that.
 *
 * @param values one per row, NaN unknown
 * @param windowOf window of each row, ascending
 * @param combinationOf combination of each row
 * @param groups by group, by combination: 1 where it belongs to the group
 * @returns by group one array per entry of `quantiles`, with one value per window; NaN where the window has no known value
 */
export function buildWindowQuantiles(
  values: Float32Array,
  windowOf: Uint32Array,
  combinationOf: Uint32Array,
  groups: readonly Uint8Array[],
  windows: number,
  quantiles: readonly number[],
): Float64Array[][] {
  const results: Float64Array[][] = []
  for (let first = 0; first < groups.length; first += MOST_AT_ONCE) {
    const some = groups.slice(first, first + MOST_AT_ONCE)
    results.push(...buildSome(values, windowOf, combinationOf, some, windows, quantiles))
  }
  return results
}

function buildSome(
  values: Float32Array,
  windowOf: Uint32Array,
  combinationOf: Uint32Array,
  groups: readonly Uint8Array[],
  windows: number,
  quantiles: readonly number[],
): Float64Array[][] {
  const results = groups.map(() => quantiles.map(() => new Float64Array(windows).fill(Number.NaN)))
  const bitsOf = new Uint32Array(groups[0].length)
  for (const [group, inside] of groups.entries())
    for (let combination = 0; combination < inside.length; combination++)
      bitsOf[combination] |= inside[combination] << group

  const most = mostOfWindow(windowOf)
  const room = createSortRoom(most)
  // A row of sorted values for each group.
  const sorted = new Float32Array(groups.length * most)
  const counts = new Uint32Array(groups.length)
  for (let row = 0; row < values.length; ) {
    const window = windowOf[row]
    let count = 0
    for (; row < values.length && windowOf[row] === window; row++) {
      const value = values[row]
      const bits = bitsOf[combinationOf[row]]
      if (bits === 0 || Number.isNaN(value)) continue
      room.values[count] = value
      room.carried[count++] = bits
    }
    sortRoom(room, count)
    counts.fill(0)
    for (let i = 0; i < count; i++) {
      for (let bits = room.carried[i]; bits !== 0; bits &= bits - 1) {
        const group = 31 - Math.clz32(bits & -bits)
        sorted[group * most + counts[group]++] = room.values[i]
      }
    }
    for (const [group, result] of results.entries()) {
      const own = sorted.subarray(group * most, group * most + counts[group])
      for (const [i, q] of quantiles.entries()) result[i][window] = quantileSorted(own, q)
    }
  }
  return results
}

/** Rows of the window that has most of them. */
function mostOfWindow(windowOf: Uint32Array): number {
  let most = 0
  for (let row = 0, first = 0; row < windowOf.length; row++) {
    if (windowOf[row] !== windowOf[first]) first = row
    most = Math.max(most, row - first + 1)
  }
  return most
}

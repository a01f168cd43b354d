/** Order statistics over plain numbers. NaN is "unknown" and is left out everywhere. */
import { leastBehind, select } from './select.ts'

/**
 * The q-quantile of sorted values, linear between order statistics (Hyndman and Fan 1996, type 7).
 *
 * @param sorted ascending, without NaN
 * @param q 0..1
 * @returns NaN for no values
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length
  if (n === 0) return Number.NaN
  const position = (n - 1) * q
  const below = Math.floor(position)
  const above = Math.min(below + 1, n - 1)
  const low = sorted[below]
  return low + (sorted[above] - low) * (position - below)
}

/** The known values in ascending order, as a copy. */
export function sortKnown(values: ArrayLike<number>): Float64Array {
  return keepKnown(values).sort()
}

function keepKnown(values: ArrayLike<number>): Float64Array {
  const known = new Float64Array(values.length)
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isNaN(value)) known[count++] = value
  }
  return known.subarray(0, count)
}

/** The middle of the known values; NaN for none. */
export function median(values: ArrayLike<number>): number {
  return medianOf(keepKnown(values))
}

/** The middle of values without NaN, which change places; NaN for none. */
export function medianOf(values: Float64Array): number {
  const n = values.length
  if (n === 0) return Number.NaN
  const low = select(values, 0, (n - 1) >>> 1)
  return n % 2 === 1 ? low : low + (leastBehind(values, (n - 1) >>> 1) - low) * 0.5
}

/**
 * Median absolute deviation, scaled to the standard deviation of a normal distribution (× 1.4826).
 * It is 0 for a metric that sits at one value: callers give it a floor.
 */
export function madScale(values: ArrayLike<number>, center: number = median(values)): number {
  const deviations = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) deviations[i] = Math.abs(values[i] - center)
  return 1.4826 * median(deviations)
}

/**
 * The median of each value's neighbourhood, `reach` places to both sides, cut at the ends; the value itself is left
 * out when `leaveOut`, so that a spike does not vote for itself.
 */
export function rollingMedian(values: Float64Array, reach: number, leaveOut = false): Float64Array {
  const result = new Float64Array(values.length)
  const around = new Float64Array(2 * reach + 1)
  for (let i = 0; i < values.length; i++) {
    let count = 0
    for (let j = Math.max(0, i - reach); j <= Math.min(values.length - 1, i + reach); j++) {
      if (j !== i || !leaveOut) around[count++] = values[j]
    }
    result[i] = median(around.subarray(0, count))
  }
  return result
}

/** The sum of values [from, to). */
export function sum(values: ArrayLike<number>, from = 0, to = values.length): number {
  let result = 0
  for (let i = from; i < to; i++) result += values[i]
  return result
}

/** The mean of values [from, to); NaN when one of them is unknown. */
export function mean(values: ArrayLike<number>, from = 0, to = values.length): number {
  return sum(values, from, to) / (to - from)
}

/** The mean of the known ones of values [from, to); NaN for none. */
export function meanKnown(values: ArrayLike<number>, from = 0, to = values.length): number {
  let known = 0
  let count = 0
  for (let i = from; i < to; i++) {
    if (Number.isNaN(values[i])) continue
    known += values[i]
    count++
  }
  return known / count
}

/** `prefix[i]` is the sum of the first i values, so that `prefix[b] - prefix[a]` is the sum of [a, b). */
export function prefixSum(values: ArrayLike<number>): Float64Array {
  const prefix = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) prefix[i + 1] = prefix[i] + values[i]
  return prefix
}

/** The smallest value at which at least half of the total weight is reached; NaN for no weight. */
export function weightedMedian(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  const order = Array.from({ length: values.length }, (_, i) => i).filter((i) => weights[i] > 0)
  order.sort((a, b) => values[a] - values[b])
  let total = 0
  for (const i of order) total += weights[i]
  let reached = 0
  for (const i of order) {
    reached += weights[i]
    if (reached >= total / 2) return values[i]
  }
  return Number.NaN
}

/** Fewer points for a chart: neighbouring windows joined into buckets of equal size. */

/** Windows per bucket so that `count` windows make at most `maxBuckets` buckets; at least 1. */
export function bucketSize(count: number, maxBuckets: number): number {
  return Math.max(1, Math.ceil(count / maxBuckets))
}

/** Widths that people count in, ascending: seconds, minutes, hours, days. */
const NICE_WIDTHS_MS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * 3_600_000),
  ...[1, 2, 7, 14, 28].map((days) => days * 86_400_000),
]

/** Like {@link bucketSize}, rounded up (at most to twice) so that a bucket lasts 15 minutes or 8 hours, not 13 or 7. */
export function niceBucketSize(count: number, maxBuckets: number, windowMs: number): number {
  const size = bucketSize(count, maxBuckets)
  const width = NICE_WIDTHS_MS.find((nice) => nice >= size * windowMs && nice % windowMs === 0)
  return width === undefined || width > 2 * size * windowMs ? size : width / windowMs
}

/** What a bucket says of its windows. `furthest`: the value furthest from the bucket's mean, so that a dip or peak stays. */
export type Reducer = 'sum' | 'mean' | 'max' | 'furthest' | 'first'

/**
 * One value per bucket of `size` neighbouring values; NaN is left out, and a bucket of NaN alone is NaN.
 *
 * @returns an array of ceil(values.length / size)
 */
export function reduceBuckets(values: Float64Array, size: number, reducer: Reducer): Float64Array {
  const reduced = new Float64Array(Math.ceil(values.length / size))
  for (let bucket = 0; bucket < reduced.length; bucket++) {
    const known = values.subarray(bucket * size, (bucket + 1) * size).filter((value) => !Number.isNaN(value))
    reduced[bucket] = known.length === 0 ? Number.NaN : reduceValues(known, reducer)
  }
  return reduced
}

function reduceValues(values: Float64Array, reducer: Reducer): number {
  if (reducer === 'first') return values[0]
  if (reducer === 'max') return values.reduce((largest, value) => Math.max(largest, value))
  const sum = values.reduce((total, value) => total + value)
  if (reducer === 'sum') return sum
  const mean = sum / values.length
  if (reducer === 'mean') return mean
  return values.reduce((far, value) => (Math.abs(value - mean) > Math.abs(far - mean) ? value : far))
}

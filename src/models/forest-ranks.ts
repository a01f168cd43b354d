/** Values as ranks among a forest's thresholds: a cut then compares small whole numbers, exactly as it would the values. */

/** The distinct thresholds in ascending order, followed by infinity up to one fewer than a power of two. */
export function orderThresholds(given: Float64Array): Float64Array {
  const sorted = given.toSorted()
  const distinct = sorted.filter((threshold, i) => i === 0 || threshold !== sorted[i - 1])
  const width = Math.max(2, 2 ** (32 - Math.clz32(distinct.length)))
  const padded = new Float64Array(width - 1).fill(Number.POSITIVE_INFINITY)
  padded.set(distinct)
  return padded
}

/** How many thresholds lie below a value: it is above a threshold exactly when its rank is above the threshold's own. */
export function rankOf(thresholds: Float64Array, value: number): number {
  let from = 0
  let to = thresholds.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (thresholds[middle] < value) from = middle + 1
    else to = middle
  }
  return from
}

const LARGEST_FLOAT32 = 3.4028234663852886e38

/** The nearest float32; the largest one for values beyond its range. */
export function readFloat32(value: number): number {
  if (value > LARGEST_FLOAT32) return LARGEST_FLOAT32
  return value < -LARGEST_FLOAT32 ? -LARGEST_FLOAT32 : Math.fround(value)
}

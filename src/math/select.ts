/** Order statistics in linear time, by putting values in order only as far as that needs (Hoare 1961). */

/**
 * Puts the value that is k-th in order (from 0) in its place, smaller ones before and larger ones behind it.
 *
 * @param from no larger value lies before this place
 */
export function select(values: Float32Array | Float64Array, from: number, k: number): number {
  let left = from
  let right = values.length - 1
  while (left < right) {
    const pivot = middleOf(values[left], values[(left + right) >>> 1], values[right])
    let i = left
    let j = right
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const value = values[i]
      values[i++] = values[j]
      values[j--] = value
    }
    if (k <= j) right = j
    else if (k >= i) left = i
    else break
  }
  return values[k]
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** The least of the values behind a place, which are all as large as the one there or larger; itself for the last. */
export function leastBehind(values: Float32Array | Float64Array, place: number): number {
  if (place === values.length - 1) return values[place]
  let least = values[place + 1]
  for (let i = place + 2; i < values.length; i++) if (values[i] < least) least = values[i]
  return least
}

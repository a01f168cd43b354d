import type { Features } from '../types.ts'

/** Rows [first, end) of windows [from, to): the table is sorted by time. */
export function rowsOf({ windowOf }: Features, from: number, to: number): [number, number] {
  return [lowerBound(windowOf, from), lowerBound(windowOf, to)]
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

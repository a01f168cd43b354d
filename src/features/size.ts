import { median } from '../math/stats.ts'
import type { LogTable } from '../types.ts'

/**
 * The size of each 2xx answer over the median of its endpoint and version (a deploy may change sizes); NaN for other
 * answers, unknown sizes, and endpoints that answer nothing.
 */
export function buildRelativeSize(table: LogTable): Float32Array {
  const { endpoint, version } = table.dimensions
  const sizes = new Map<number, number[]>()
  const keyOf = (row: number) => endpoint.codes[row] * version.values.length + version.codes[row]
  const isAnswer = (row: number) => table.status[row] >= 200 && table.status[row] <= 299 && table.bytes[row] > 0
  for (let row = 0; row < table.rows; row++) {
    if (!isAnswer(row)) continue
    const known = sizes.get(keyOf(row))
    if (known === undefined) sizes.set(keyOf(row), [table.bytes[row]])
    else known.push(table.bytes[row])
  }
  const usual = new Map(Array.from(sizes, ([key, known]) => [key, median(known)]))
  return table.bytes.map((bytes, row) => (isAnswer(row) ? bytes / usual.get(keyOf(row))! : Number.NaN))
}

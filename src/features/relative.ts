import { selectQuantiles } from '../math/quantiles.ts'
import type { Combinations, LogTable } from '../types.ts'
import { gatherValues, groupCombinations, listMembers, sortValues } from './combinations.ts'

/** What each request took and answered, over what is usual; NaN unknown. */
interface RelativeColumns {
  readonly latency: Float32Array
  /** Of 2xx answers with a body. */
  readonly size: Float32Array
}

/**
 * Latency over what is usual for the request's kind, and size, both over the median of their endpoint and version. A
 * deploy may change sizes, so that each version has its own usual size; and what wandered while a version was out would
 * stay in the latencies alone, a step where the deploy was, unless these are held against the same requests.
 *
 * @param usualMs what is usual for each request's endpoint, region and environment; NaN unknown
 */
export function buildRelative(
  { status, bytes, durationMs, rows }: LogTable,
  usualMs: Float32Array,
  combinations: Combinations,
): RelativeColumns {
  const latency = new Float32Array(rows)
  const size = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const isAnswer = status[row] >= 200 && status[row] <= 299 && bytes[row] > 0
    latency[row] = durationMs[row] / usualMs[row]
    size[row] = isAnswer ? bytes[row] : Number.NaN
  }
  divideByMedians(latency, combinations)
  divideByMedians(size, combinations)
  return { latency, size }
}

/** Divides a column by the median of each row's endpoint and version. */
function divideByMedians(column: Float32Array, combinations: Combinations): void {
  const groups = groupCombinations(combinations, ['endpoint', 'version'])
  const sorted = sortValues(combinations, column)
  const medians = listMembers(groups).map((members) => selectQuantiles(gatherValues(sorted, members), [0.5])[0])
  const medianOf = Float64Array.from(groups.of, (group) => medians[group])
  for (let row = 0; row < column.length; row++) column[row] /= medianOf[combinations.of[row]]
}

import { selectQuantiles } from '../math/quantiles.ts'
import type { Combinations, LogTable } from '../types.ts'
import { gatherValues, groupCombinations, listMembers, sortValues } from './combinations.ts'

/**
 * The size of each 2xx answer over the median of its endpoint and version (a deploy may change sizes); NaN for other
 * answers, unknown sizes, and endpoints that answer nothing.
 */
export function buildRelativeSize(table: LogTable, combinations: Combinations): Float32Array {
  const { status, bytes, rows } = table
  const relative = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const isAnswer = status[row] >= 200 && status[row] <= 299 && bytes[row] > 0
    relative[row] = isAnswer ? bytes[row] : Number.NaN
  }
  const groups = groupCombinations(combinations, ['endpoint', 'version'])
  const sorted = sortValues(combinations, relative)
  const usual = listMembers(groups).map((members) => selectQuantiles(gatherValues(sorted, members), [0.5])[0])
  const usualOf = Float64Array.from(groups.of, (group) => usual[group])
  for (let row = 0; row < rows; row++) relative[row] /= usualOf[combinations.of[row]]
  return relative
}

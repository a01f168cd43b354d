import { median } from '../math/stats.ts'
import type { Features, Scope } from '../types.ts'
import { rowsOf } from './rows.ts'

/** A scope in windows [from, to). */
interface Place {
  readonly scope: Scope
  readonly from: number
  readonly to: number
}

/**
 * How many times their usual latency a place's requests take: the ratio of medians of duration over usual, in it and in
 * its scope outside; NaN where nothing is known.
 */
export function measureSlowdown(features: Features, place: Place): number {
  const [first, end] = rowsOf(features, place.from, place.to)
  const ratios: number[] = []
  features.visitRows(place.scope, (row) => {
    if (row >= first && row < end) ratios.push(ratioOf(features, row))
  })
  return median(ratios) / usualRatio(features, place)
}

/**
 * Median of duration over usual in the scope outside the interval: what was learnt from a log that holds the surge.
 *
 * @param removed by row: 1 is left out
 */
export function usualRatio(features: Features, { scope, from, to }: Place, removed?: Uint8Array): number {
  if (features.baselineOf !== null) return 1
  const [first, end] = rowsOf(features, from, to)
  const ratios = new Float64Array(features.table.rows - (end - first))
  let count = 0
  features.visitRows(scope, (row) => {
    if (removed?.[row] === 1 || (row >= first && row < end)) return
    ratios[count++] = ratioOf(features, row)
  })
  return median(ratios.subarray(0, count)) || 1
}

/** A request's duration over what is usual for it. */
export const ratioOf = ({ table, latency }: Features, row: number) => table.durationMs[row] / latency.usualMs[row]

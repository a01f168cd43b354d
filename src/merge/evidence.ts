import type { LatencyColumns, LogTable, Scope, ShareEvidence, ShareMetric, SliceTable, WindowGrid, WindowTable } from '../types.ts'

/** Everything that findings are merged against. */
export interface Evidence {
  readonly table: LogTable
  readonly grid: WindowGrid
  /** Window of each row. */
  readonly windowOf: Uint32Array
  readonly sliceTable: SliceTable
  readonly windows: WindowTable
  readonly latency: LatencyColumns
  /** Whether a row lies in a scope. */
  readonly scopeTest: (scope: Scope) => (row: number) => boolean
  /** 1 bad, 0 good, -1 does not count. */
  readonly shareTest: (metric: ShareMetric) => (row: number) => -1 | 0 | 1
  /** Calls back with each slice that a row lies in. */
  readonly visitSlices: (row: number, visit: (slice: number) => void) => void
  /** A scope's counts in the baseline log, null without one. */
  readonly baselineOf: ((metric: ShareMetric, scope: Scope) => ShareEvidence) | null
}

/** Rows [first, end) of windows [from, to): the table is sorted by time. */
export function rowsOf({ windowOf }: Evidence, from: number, to: number): [number, number] {
  return [lowerBound(windowOf, from), lowerBound(windowOf, to)]
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

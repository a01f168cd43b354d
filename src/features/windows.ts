import {
  CELL_COUNTS,
  type Combinations,
  type LatencyColumns,
  type LogTable,
  OUTCOME,
  PAYLOAD,
  type ShareMetric,
  type SliceTable,
  type WindowGrid,
  type WindowTable,
} from '../types.ts'
import type { Membership } from './slices.ts'
import { findStarts } from './starts.ts'

/** 1 bad, 0 good, -1 does not count for a metric. */
export type ShareTest = (row: number) => -1 | 0 | 1

export function buildShareTest(table: LogTable, latency: LatencyColumns, metric: ShareMetric): ShareTest {
  const { outcome, status, payload } = table
  switch (metric) {
    case 'silent_failure_share':
      return (row) => (status[row] < 200 || status[row] > 299 ? -1 : payload[row] === PAYLOAD.invalid ? 1 : 0)
    case 'server_error_share':
      return (row) => {
        if (outcome[row] === OUTCOME.unknown) return -1
        return outcome[row] === OUTCOME.serverError || outcome[row] === OUTCOME.noResponse ? 1 : 0
      }
    case 'client_error_share':
      return (row) => (outcome[row] === OUTCOME.unknown ? -1 : outcome[row] === OUTCOME.clientError ? 1 : 0)
    case 'slow_share':
      return (row) => (latency.slow[row] === 2 ? -1 : latency.slow[row] === 1 ? 1 : 0)
  }
}

/** Index of the window that each row lies in. */
export function buildWindowOf({ time, rows }: LogTable, { startMs, windowMs, windows }: WindowGrid): Uint32Array {
  const windowOf = new Uint32Array(rows)
  const starts = findStarts(time, rows, startMs, windowMs, windows)
  for (let window = 0; window < windows; window++) windowOf.fill(window, starts[window], starts[window + 1])
  return windowOf
}

/** Counts a row: the columns of CELL_COUNTS from index `at` on. */
export type RowCount = (counts: Uint32Array, at: number, row: number) => void

/** @param testOf what is bad for each metric */
export function createRowCount(testOf: (metric: ShareMetric) => ShareTest): RowCount {
  const isSilent = testOf('silent_failure_share')
  const isServerError = testOf('server_error_share')
  const isClientError = testOf('client_error_share')
  const isSlow = testOf('slow_share')
  return (counts, at, row) => {
    counts[at]++
    const serverError = isServerError(row)
    if (serverError >= 0) {
      counts[at + 1]++
      counts[at + 2] += serverError
      counts[at + 3] += isClientError(row)
    }
    const silent = isSilent(row)
    if (silent >= 0) {
      counts[at + 4]++
      counts[at + 5] += silent
    }
    const slow = isSlow(row)
    if (slow >= 0) {
      counts[at + 6]++
      counts[at + 7] += slow
    }
  }
}

/** Columns that are counted, those of a WindowTable and of a baseline's cells. */
export const WIDTH = CELL_COUNTS.length

/**
 * Counts every row into the slices and window that it lies in. Rows are sorted by time, so that a window's are counted
 * by combination first and each combination goes to its slices once.
 */
export function buildWindows(
  { rows }: LogTable,
  grid: WindowGrid,
  windowOf: Uint32Array,
  sliceTable: SliceTable,
  combinations: Combinations,
  membership: Membership,
  testOf: (metric: ShareMetric) => ShareTest,
): WindowTable {
  const size = sliceTable.slices.length * grid.windows
  // Shared, so that other threads may look at them.
  const columns = CELL_COUNTS.map(() => new Uint32Array(new SharedArrayBuffer(size * Uint32Array.BYTES_PER_ELEMENT)))
  const count = createRowCount(testOf)
  const counts = new Uint32Array(combinations.count * WIDTH)
  const touched = new Uint32Array(combinations.count)
  for (let row = 0; row < rows; ) {
    const window = windowOf[row]
    let seen = 0
    for (; row < rows && windowOf[row] === window; row++) {
      const combination = combinations.of[row]
      const at = combination * WIDTH
      if (counts[at] === 0) touched[seen++] = combination
      count(counts, at, row)
    }
    for (let i = 0; i < seen; i++) {
      const combination = touched[i]
      for (let member = membership.offsets[combination]; member < membership.offsets[combination + 1]; member++) {
        const to = membership.slices[member] * grid.windows + window
        for (let column = 0; column < WIDTH; column++) {
          columns[column][to] += counts[combination * WIDTH + column]
        }
      }
      counts.fill(0, combination * WIDTH, (combination + 1) * WIDTH)
    }
  }
  const [requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow] = columns
  return { windows: grid.windows, requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow }
}

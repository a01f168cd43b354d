import { quantileSorted } from '../math/stats.ts'
import {
  type LatencyColumns,
  type LogTable,
  OUTCOME,
  PAYLOAD,
  SHARE_COLUMNS,
  SHARE_METRICS,
  type ShareMetric,
  type SliceTable,
  type WindowGrid,
  type WindowTable,
} from '../types.ts'
import { buildMembership } from './slices.ts'

/** 1 bad, 0 good, -1 does not count for this metric. */
export function buildShareTest(
  table: LogTable,
  latency: LatencyColumns,
  metric: ShareMetric,
): (row: number) => -1 | 0 | 1 {
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
export function buildWindowOf(table: LogTable, grid: WindowGrid): Uint32Array {
  const windowOf = new Uint32Array(table.rows)
  for (let row = 0; row < table.rows; row++)
    windowOf[row] = Math.floor((table.time[row] - grid.startMs) / grid.windowMs)
  return windowOf
}

/** Counts every row into the slices and window that it lies in. */
export function buildWindows(
  table: LogTable,
  grid: WindowGrid,
  sliceTable: SliceTable,
  latency: LatencyColumns,
): WindowTable {
  const size = sliceTable.slices.length * grid.windows
  const column = () => new Uint32Array(size)
  const windows: WindowTable = {
    windows: grid.windows,
    requests: column(),
    judged: column(),
    serverErrors: column(),
    clientErrors: column(),
    succeeded: column(),
    silent: column(),
    timed: column(),
    slow: column(),
  }
  const windowOf = buildWindowOf(table, grid)
  const tests = SHARE_METRICS.map((metric) => ({
    test: buildShareTest(table, latency, metric),
    total: windows[SHARE_COLUMNS[metric].total],
    bad: windows[SHARE_COLUMNS[metric].bad],
  }))
  // `judged` is the total of two metrics: count it for the first only.
  const totals = new Set<Uint32Array>()
  const countTotal = tests.map(({ total }) => !totals.has(total) && totals.add(total) !== undefined)

  const visitSlices = buildMembership(table, sliceTable)
  const outcomes = new Int8Array(tests.length)
  for (let row = 0; row < table.rows; row++) {
    for (let i = 0; i < tests.length; i++) outcomes[i] = tests[i].test(row)
    const window = windowOf[row]
    visitSlices(row, (slice) => {
      const at = slice * grid.windows + window
      windows.requests[at]++
      for (let i = 0; i < tests.length; i++) {
        if (outcomes[i] === -1) continue
        if (countTotal[i]) tests[i].total[at]++
        if (outcomes[i] === 1) tests[i].bad[at]++
      }
    })
  }
  return windows
}

/**
 * Quantiles of a column in each window.
 *
 * @param values one per row, NaN unknown
 * @param groupOf window of each row, or -1 to leave it out
 * @returns one array per entry of `quantiles`, with one value per window; NaN where the window has no known value
 */
export function buildWindowQuantiles(
  values: Float32Array,
  groupOf: (row: number) => number,
  windows: number,
  quantiles: readonly number[],
): Float64Array[] {
  const counts = new Uint32Array(windows + 1)
  for (let row = 0; row < values.length; row++) {
    const group = groupOf(row)
    if (group >= 0 && !Number.isNaN(values[row])) counts[group + 1]++
  }
  for (let i = 0; i < windows; i++) counts[i + 1] += counts[i]
  const sorted = new Float32Array(counts[windows])
  const next = counts.slice()
  for (let row = 0; row < values.length; row++) {
    const group = groupOf(row)
    if (group >= 0 && !Number.isNaN(values[row])) sorted[next[group]++] = values[row]
  }
  const result = quantiles.map(() => new Float64Array(windows))
  for (let window = 0; window < windows; window++) {
    const part = sorted.subarray(counts[window], counts[window + 1]).sort()
    for (const [i, q] of quantiles.entries()) result[i][window] = quantileSorted(part, q)
  }
  return result
}

import type { Features } from '../types.ts'

/** Slices whose metrics are watched together: the busiest single values. */
const MOST_OUTLIER_SLICES = 16
/** Quantiles of fewer requests than these in a window are noise. */
const FEWEST_PER_WINDOW = 10

/**
 * The mean of these, as logarithms, is what is typical of a window: nearly as sure as the mean of normal logarithms (0.96;
 * their median 0.64), and a tenth of the requests may stall without moving it far.
 */
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const

/** What is this many times below usual counts as such: clocks of whole milliseconds tell 0 ms, which has no logarithm. */
const LEAST_RATIO = 0.05

/** One slice's metrics by window; NaN where unknown or where too few requests would make it noise. */
export interface OutlierInput {
  readonly slice: number
  readonly requests: ArrayLike<number>
  /** Named columns on a scale on which their noise is roughly normal and equal: log of a typical value, root of a count. */
  readonly metrics: readonly {
    readonly name: string
    readonly values: Float64Array
    /** Whether a slice's value is about the mean of its parts', weighted by their requests. */
    readonly isMean: boolean
    /** Whether it says how long answers take. */
    readonly isLatency: boolean
  }[]
}

/**
 * Metrics by window of the whole and of the busiest single values, on scales where their noise is even.
 *
 * @param warmUp part (0..1) of the log that is left out at its beginning: connections, caches and compilers of a load test
 *   warm up there, whatever a baseline log says
 * @param knowsTraffic whether requests are a metric: not where a test plan sets them, nor where weekends are not known
 */
export function buildOutlierInputs(features: Features, warmUp: number, knowsTraffic: boolean): OutlierInput[] {
  const first = Math.ceil(warmUp * features.grid.windows)
  const { grid, windows, sliceTable, quantiles, relativeLatency, relativeSize } = features
  const busiest = sliceTable.slices
    .map((slice, index) => ({ ...slice, index }))
    .filter(({ level, scope }) => level < 2 && scope.version === undefined)
    .sort((a, b) => b.requests - a.requests || a.index - b.index)
    .slice(0, MOST_OUTLIER_SLICES)
  const scopes = busiest.map(({ scope }) => scope)
  const latencies = quantiles(scopes, relativeLatency, DECILES)
  const allSizes = quantiles(scopes, relativeSize, DECILES)
  return busiest.map(({ index }, i): OutlierInput => {
    const requests = windows.requests.subarray(index * grid.windows, (index + 1) * grid.windows)
    const latency = latencies[i].map(logarithm)
    const sizes = allSizes[i].map(logarithm)
    const known = (value: (w: number) => number) =>
      Float64Array.from({ length: grid.windows }, (_, w) =>
        w < first || requests[w] < FEWEST_PER_WINDOW ? Number.NaN : value(w),
      )
    const traffic = {
      name: 'requests',
      values: known((w) => (grid.whole[w] === 1 ? Math.sqrt(requests[w]) : Number.NaN)),
      isMean: false,
      isLatency: false,
    }
    const metrics = [
      { name: 'typical latency', values: known((w) => meanAt(latency, w)), isMean: true, isLatency: true },
      {
        name: 'latency p90 over median',
        values: known((w) => latency[8][w] - latency[4][w]),
        isMean: true,
        isLatency: true,
      },
      { name: 'typical size', values: known((w) => meanAt(sizes, w)), isMean: true, isLatency: false },
    ]
    return { slice: index, requests, metrics: knowsTraffic ? [...metrics, traffic] : metrics }
  })
}

const logarithm = (values: Float64Array) => values.map((value) => Math.log(Math.max(LEAST_RATIO, value)))

function meanAt(columns: readonly Float64Array[], w: number): number {
  return columns.reduce((sum, column) => sum + column[w], 0) / columns.length
}

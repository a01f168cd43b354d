import { prefixSum } from '../math/stats.ts'
import type { Finding, TrafficForecast, WindowGrid } from '../types.ts'
import { listIntervals } from './intervals.ts'

const KEEP_LOG_P = Math.log(1e-3)
const DIRECTIONS = 2

/**
 * Judges every listed interval of whole windows, in both directions.
 *
 * @param waysOf in how many ways an interval of so many windows is judged: each is a test
 */
export function scanTraffic(
  requests: Uint32Array,
  expected: Float64Array,
  grid: WindowGrid,
  longest: number,
  logP: TrafficForecast['logP'],
  waysOf: (length: number) => number,
): { findings: Finding[]; judged: number } {
  const sumActual = prefixSum(requests)
  const sumExpected = prefixSum(expected)
  const sumWhole = prefixSum(grid.whole)
  const findings: Finding[] = []
  let judged = 0
  for (const { from, to } of listIntervals(grid.windows, longest)) {
    if (sumWhole[to] - sumWhole[from] < to - from) continue
    judged += DIRECTIONS * waysOf(to - from)
    const actual = sumActual[to] - sumActual[from]
    const mean = sumExpected[to] - sumExpected[from]
    const above = actual > mean
    const log = logP(requests, from, to, above)
    if (log > KEEP_LOG_P) continue
    findings.push({
      category: above ? 'traffic_surge' : 'traffic_drop',
      metric: 'requests',
      detector: 'traffic',
      slice: 0,
      level: 0,
      from,
      to,
      logP: log,
      actual,
      expected: mean,
      support: actual,
    })
  }
  return { findings, judged }
}

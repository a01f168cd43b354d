import { buildGrid } from './features/grid.ts'
import { buildHistory } from './features/history.ts'
import { buildUsualLatency, judgeLatency } from './features/latency.ts'
import { flagNearEmpty } from './features/near-empty.ts'
import { buildRelativeSize } from './features/size.ts'
import { buildMembership, buildScopeTest, buildSlices } from './features/slices.ts'
import { buildShareTest, buildWindowOf, buildWindowQuantiles, buildWindows } from './features/windows.ts'
import type { Features, Logs, LogTable, Scope, Settings, ShareEvidence, ShareMetric } from './types.ts'

/** Fewer requests than these cannot show an incident. */
const FEWEST_REQUESTS_PER_SLICE = 30
/** Every slice costs time in proportion to the windows. */
const MOST_SLICES = 6000

/** Logs → everything that detectors and the merge look at: windows, slices, counts, usual latencies. */
export function buildFeatures(logs: Logs, baseline: Logs | null, settings: Settings): Features {
  const reference = baseline?.table ?? null
  const table = flagNearEmpty(logs.table, reference)
  const { grid, notes: gridNotes } = buildGrid(table, settings.windowMs)
  const { sliceTable, notes: sliceNotes } = buildSlices(table, {
    dimensions: settings.dimensions,
    minRequests: FEWEST_REQUESTS_PER_SLICE,
    maxSlices: MOST_SLICES,
  })
  const usual = buildUsualLatency(reference ?? table)
  const latency = judgeLatency(table, usual)
  const windowOf = buildWindowOf(table, grid)
  return {
    table,
    grid,
    windowOf,
    sliceTable,
    windows: buildWindows(table, grid, sliceTable, latency),
    latency,
    scopeTest: (scope) => buildScopeTest(table, scope),
    shareTest: (metric) => buildShareTest(table, latency, metric),
    visitSlices: buildMembership(table, sliceTable),
    relativeLatency: latency.usualMs.map((usual, row) => table.durationMs[row] / usual),
    relativeSize: buildRelativeSize(table),
    quantiles: (scope, column, quantiles) => {
      const inside = buildScopeTest(table, scope)
      return buildWindowQuantiles(column, (row) => (inside(row) ? windowOf[row] : -1), grid.windows, quantiles)
    },
    baselineOf: reference === null ? null : countBaseline(flagNearEmpty(reference, null), usual),
    history: reference === null ? null : buildHistory(reference, grid),
    notes: [...gridNotes, ...sliceNotes],
  }
}

/** Counts of a scope in the baseline log, each scope counted once. */
function countBaseline(
  table: LogTable,
  usual: ReturnType<typeof buildUsualLatency>,
): (metric: ShareMetric, scope: Scope) => ShareEvidence {
  const latency = judgeLatency(table, usual)
  const known = new Map<string, ShareEvidence>()
  return (metric, scope) => {
    const key = `${metric} ${JSON.stringify(scope)}`
    const counted = known.get(key)
    if (counted !== undefined) return counted
    const inside = buildScopeTest(table, scope)
    const test = buildShareTest(table, latency, metric)
    let bad = 0
    let total = 0
    for (let row = 0; row < table.rows; row++) {
      if (!inside(row)) continue
      const outcome = test(row)
      if (outcome === -1) continue
      total++
      bad += outcome
    }
    const evidence = { bad, total }
    known.set(key, evidence)
    return evidence
  }
}

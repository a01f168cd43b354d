import { countScopes } from './features/cells.ts'
import { flagBrokenContracts } from './features/contracts.ts'
import { buildEndpointFacts } from './features/endpoint-facts.ts'
import { buildGrid } from './features/grid.ts'
import { buildHistory } from './features/history.ts'
import { buildUsualLatency, judgeLatency } from './features/latency.ts'
import { flagNearEmpty } from './features/near-empty.ts'
import { buildRelativeSize } from './features/size.ts'
import { buildMembership, buildScopeTest, buildSlices } from './features/slices.ts'
import { buildShareTest, buildWindowOf, buildWindowQuantiles, buildWindows } from './features/windows.ts'
import type { Baseline, EndpointFacts, Features, Logs, Settings } from './types.ts'

/** Fewer requests than these cannot show an incident. */
const FEWEST_REQUESTS_PER_SLICE = 30
/** Every slice costs time in proportion to the windows. */
const MOST_SLICES = 6000

/** Logs → everything that detectors and the merge look at: windows, slices, counts, usual latencies. */
export function buildFeatures(logs: Logs, baseline: Baseline | null, settings: Settings): Features {
  const judged = flagNearEmpty(logs.table, baseline?.sizeLimits ?? null)
  const { table, notes: contractNotes } = flagBrokenContracts(judged, baseline?.endpoints ?? [])
  const { grid, notes: gridNotes } = buildGrid(table, settings.windowMs)
  const { sliceTable, notes: sliceNotes } = buildSlices(table, {
    dimensions: settings.dimensions,
    minRequests: FEWEST_REQUESTS_PER_SLICE,
    maxSlices: MOST_SLICES,
  })
  const latency = judgeLatency(table, baseline?.usual ?? buildUsualLatency(table))
  const windowOf = buildWindowOf(table, grid)
  let endpoints: EndpointFacts[] | null = null
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
    endpoints: () => {
      endpoints ??= buildEndpointFacts(table)
      return endpoints
    },
    baselineOf: baseline === null ? null : countScopes(baseline.cells),
    history: baseline === null ? null : buildHistory(baseline, grid),
    notes: [...contractNotes, ...gridNotes, ...sliceNotes],
  }
}

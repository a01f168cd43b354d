import { countScopes } from './features/cells.ts'
import { buildCombinations, createRowVisit } from './features/combinations.ts'
import { flagBrokenContracts } from './features/contracts.ts'
import { buildEndpointFacts } from './features/endpoint-facts.ts'
import { buildGrid } from './features/grid.ts'
import { buildHistory } from './features/history.ts'
import { buildUsualLatency, judgeLatency } from './features/latency.ts'
import { flagNearEmpty } from './features/near-empty.ts'
import { buildRelative } from './features/relative.ts'
import { buildMembership, buildSlices, createVisit, markScope } from './features/slices.ts'
import { buildWindowQuantiles } from './features/window-quantiles.ts'
import { buildShareTest, buildWindowOf, buildWindows } from './features/windows.ts'
import type { Baseline, EndpointFacts, Features, Logs, Scope, Settings, ShareMetric } from './types.ts'

/** Fewer requests than these cannot show an incident. */
const FEWEST_REQUESTS_PER_SLICE = 30
/** Every slice costs time in proportion to the windows, so that there are at most so many, and at most so many counts of each kind. */
const MOST_SLICES = 6000
const MOST_COUNTS = 12_000_000

/** Logs → everything that detectors and the merge look at: windows, slices, counts, usual latencies. */
export function buildFeatures(logs: Logs, baseline: Baseline | null, settings: Settings): Features {
  const combinations = buildCombinations(logs.table)
  const judged = flagNearEmpty(logs.table, baseline?.sizeLimits ?? null, combinations)
  const { table, notes: contractNotes } = flagBrokenContracts(judged, baseline?.endpoints ?? [])
  const { grid, notes: gridNotes } = buildGrid(table, settings.windowMs)
  const { sliceTable, notes: sliceNotes } = buildSlices(
    table,
    {
      dimensions: settings.dimensions,
      minRequests: FEWEST_REQUESTS_PER_SLICE,
      maxSlices: Math.min(MOST_SLICES, Math.floor(MOST_COUNTS / grid.windows)),
    },
    combinations,
  )
  const latency = judgeLatency(table, baseline?.usual ?? buildUsualLatency(table, combinations), combinations)
  const windowOf = buildWindowOf(table, grid)
  const membership = buildMembership(table, sliceTable, combinations)
  const shareTest = (metric: ShareMetric) => buildShareTest(table, latency, metric)
  const scopeTest = (scope: Scope) => {
    const inside = markScope(table, combinations, scope)
    return (row: number) => inside[combinations.of[row]] === 1
  }
  const relative = buildRelative(table, latency.usualMs, combinations)
  const visitRows = createRowVisit(combinations)
  let endpoints: EndpointFacts[] | null = null
  return {
    table,
    grid,
    windowOf,
    combinations,
    sliceTable,
    windows: buildWindows(table, grid, windowOf, sliceTable, combinations, membership, shareTest),
    latency,
    scopeTest,
    shareTest,
    visitSlices: createVisit(combinations, membership),
    visitRows: (scope, visit) => visitRows(markScope(table, combinations, scope), visit),
    relativeLatency: relative.latency,
    relativeSize: relative.size,
    quantiles: (scopes, column, quantiles) => {
      const groups = scopes.map((scope) => markScope(table, combinations, scope))
      return buildWindowQuantiles(column, windowOf, combinations.of, groups, grid.windows, quantiles)
    },
    endpoints: () => {
      endpoints ??= buildEndpointFacts(table, combinations)
      return endpoints
    },
    baselineOf: baseline === null ? null : countScopes(baseline.cells),
    history: baseline === null ? null : buildHistory(baseline, grid),
    notes: [...contractNotes, ...gridNotes, ...sliceNotes],
  }
}

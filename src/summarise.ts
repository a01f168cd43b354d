import type {
  Anomaly,
  Category,
  ChartSeries,
  Comparison,
  Detected,
  Features,
  Incident,
  InputSummary,
  Logs,
  Report,
  Scope,
  State,
  Verdicts,
} from './types.ts'
import { describeVisibility } from './visibility.ts'

/** What was found, as the merge leaves it. */
interface Findings {
  readonly incidents: readonly Incident[]
  readonly anomalies: readonly Anomaly[]
  readonly notes: readonly string[]
}

/** Gathers what a report shows: the input, the tests, the notes, the incidents and the series of the charts. */
export function summarise(
  logs: Logs,
  features: Features,
  found: Detected,
  verdicts: Verdicts,
  merged: Findings,
  comparison: Comparison | null,
  state: State,
): Report {
  return {
    input: summariseInput(logs, comparison, features),
    tests: { judged: verdicts.judged, expectedFalseAlarms: verdicts.expectedFalseAlarms },
    notes: [
      ...logs.notes,
      ...features.notes,
      ...found.notes,
      ...merged.notes,
      ...describeVisibility(features, found, verdicts),
    ],
    incidents: merged.incidents,
    anomalies: merged.anomalies,
    rejected: logs.rejected,
    series: buildSeries(features, found, verdicts, merged),
    comparison,
    state,
  }
}

function summariseInput(logs: Logs, comparison: Comparison | null, { grid }: Features): InputSummary {
  const { dimensions } = logs.table
  const count = (values: readonly string[]) => values.length - 1
  return {
    rows: logs.table.rows,
    rejected: logs.rejectedCount,
    files: logs.files,
    formats: logs.formats,
    start: grid.firstMs,
    end: grid.lastMs,
    windowSeconds: grid.windowMs / 1000,
    services: count(dimensions.service.values),
    endpoints: count(dimensions.endpoint.values),
    regions: count(dimensions.region.values),
    environments: count(dimensions.environment.values),
    versions: count(dimensions.version.values),
    baseline: comparison?.source.name ?? '',
  }
}

function buildSeries(features: Features, found: Detected, verdicts: Verdicts, merged: Findings): ChartSeries {
  const { grid, windows, table, quantiles, sliceTable } = features
  const [[p50, p95]] = quantiles([{}], table.durationMs, [0.5, 0.95])
  const unknown = new Float64Array(grid.windows).fill(Number.NaN)
  const { judged } = found.forecast
  const band = judged
    ? found.forecast.band(verdicts.threshold({ metric: 'requests', level: 0, from: 0, to: 1 }))
    : { lower: unknown, upper: unknown }
  const shareOf = (slice: number) =>
    Float64Array.from({ length: grid.windows }, (_, w) => {
      const at = slice * grid.windows + w
      return windows.judged[at] > 0 ? windows.serverErrors[at] / windows.judged[at] : Number.NaN
    })
  const environments = sliceTable.slices.flatMap(({ scope, level }, slice) =>
    level === 1 && scope.environment !== undefined ? [{ environment: scope.environment, share: shareOf(slice) }] : [],
  )
  // A log with one environment has no slice for it: it is the whole.
  const only = table.dimensions.environment.values[1] ?? 'all'
  return {
    time: Float64Array.from({ length: grid.windows }, (_, w) => grid.startMs + w * grid.windowMs),
    windowMs: grid.windowMs,
    latencyP50Ms: p50!,
    latencyP95Ms: p95!,
    requests: Float64Array.from(windows.requests.subarray(0, grid.windows)),
    expectedRequests: judged ? found.forecast.expected : unknown,
    lowerRequests: band.lower,
    upperRequests: band.upper,
    errorShareByEnvironment: environments.length > 0 ? environments : [{ environment: only, share: shareOf(0) }],
    anomaliesByService: countByService(features, merged.anomalies, merged.incidents),
  }
}

/** Silent failures (records) and incidents by service and category, largest first. */
function countByService(
  { table, combinations }: Features,
  anomalies: readonly Anomaly[],
  incidents: readonly Incident[],
): ChartSeries['anomaliesByService'] {
  const { service, endpoint } = table.dimensions
  const serviceOf = new Map<string, string>()
  for (let combination = 0; combination < combinations.count; combination++) {
    const name = endpoint.values[combinations.codes.endpoint[combination]]
    const own = service.values[combinations.codes.service[combination]]
    if (!serviceOf.has(name)) serviceOf.set(name, own)
    else if (serviceOf.get(name) !== own) serviceOf.set(name, '')
  }
  const nameOf = (scope: Scope) => {
    if (service.values.length <= 1) return 'all'
    return scope.service ?? (serviceOf.get(scope.endpoint ?? '') || 'several')
  }
  const counts = new Map<string, Partial<Record<Category, number>>>()
  for (const { scope, category } of [...incidents, ...anomalies.filter(({ source }) => source !== '')]) {
    const own = counts.get(nameOf(scope)) ?? {}
    own[category] = (own[category] ?? 0) + 1
    counts.set(nameOf(scope), own)
  }
  const total = (own: Partial<Record<Category, number>>) => Object.values(own).reduce((sum, n) => sum + n, 0)
  return [...counts]
    .map(([name, own]) => ({ service: name, counts: own }))
    .sort((a, b) => total(b.counts) - total(a.counts) || (a.service < b.service ? -1 : 1))
}

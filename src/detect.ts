import { buildCalendar, type Calendar } from './detect/calendar.ts'
import { SHARE_KINDS } from './detect/kinds.ts'
import { detectLatencyObjectives, detectObjectives } from './detect/objectives.ts'
import { buildOutlierInputs } from './detect/outlier-input.ts'
import { detectOutliers, type ForestScorer } from './detect/outliers.ts'
import type { ShareInput } from './detect/share-input.ts'
import { detectShares } from './detect/shares.ts'
import { detectTraffic, type Forecaster, unjudged } from './detect/traffic.ts'
import { detectWithHistory, isUsable } from './detect/traffic-history.ts'
import { detectTrafficShares } from './detect/traffic-shares.ts'
import { markUnknownShares } from './detect/weekends.ts'
import { octaveOf } from './math/octave.ts'
import { fitForest, scoreForest } from './models/isolation-forest.ts'
import { fitProphet } from './models/prophet.ts'
import {
  type Detected,
  type Features,
  type Logs,
  OUTCOME,
  PAYLOAD,
  type Settings,
  SHARE_COLUMNS,
  SHARE_METRICS,
  type ShareFindings,
  type ShareMetric,
  type TrafficForecast,
} from './types.ts'

/** Features → evidence of every detector. */
export async function detect(features: Features, logs: Logs, settings: Settings): Promise<Detected> {
  const { grid, sliceTable, windows } = features
  const calendar = buildCalendar(grid)
  const notes: string[] = []

  const inputs = new Map<ShareMetric, (ShareInput | null)[]>()
  for (const metric of SHARE_METRICS) {
    const reason = whyNotJudged(features, metric)
    if (reason === '')
      inputs.set(metric, buildShareInputs(features, metric, metric === 'slow_share' ? countWarmUp(features, logs) : 0))
    else notes.push(reason)
  }
  const shares = new Map<ShareMetric, ShareFindings>()
  for (const [metric, series] of inputs)
    shares.set(metric, detectShares(SHARE_KINDS[metric], sliceTable.slices, series, calendar))

  const whole = windows.requests.subarray(0, grid.windows)
  const forecast = logs.plannedTraffic
    ? unjudged(whole, ["The traffic of the whole was not judged: in a load test's log the test plan sets it."])
    : await judgeWhole(features, whole, calendar)
  const trafficShares = detectTrafficShares(windows, sliceTable, calendar, forecast.expected, settings.minimum.traffic)

  const scoreRows = await loadForest(settings)
  const outliers = detectOutliers(
    buildOutlierInputs(
      features,
      logs.plannedTraffic ? WARM_UP_PART : 0,
      !logs.plannedTraffic && !markUnknownShares(calendar, false).includes(1),
    ),
    sliceTable.slices,
    calendar,
    scoreRows,
  )

  const objectives = detectObjectives(settings.objectives, sliceTable.slices, inputs)
  const latency = detectLatencyObjectives(settings.objectives, (endpoint) => durationsOf(features, endpoint))
  const tests = [
    ...[...shares.values(), ...objectives.values()].flatMap((found) => found.tests),
    ...forecast.tests,
    ...trafficShares.tests,
    ...outliers.tests,
    { metric: 'slow_share' as const, level: 1 as const, octave: octaveOf(grid.windows), judged: latency.judged },
  ]
  notes.push(...forecast.notes, ...outliers.notes, ...latency.notes, ...describeHistory(calendar, logs, features))
  return { shares, objectives, brokenLatency: latency.broken, forecast, trafficShares, outliers, tests, notes }
}

/** With the baseline log as history where it is long and near enough. */
function judgeWhole({ grid, history }: Features, whole: Uint32Array, calendar: Calendar): Promise<TrafficForecast> {
  if (history !== null && isUsable(history, grid)) return detectWithHistory(whole, grid, history, forecastWithProphet)
  return detectTraffic(whole, grid, calendar, forecastWithProphet)
}

const forecastWithProphet: Forecaster = async (series, at, seasons) => {
  const fit = await fitProphet(series, { ...seasons, yearly: false })
  if (!fit.ok) return null
  const predicted = fit.model.predict(at)
  fit.model.free()
  return predicted
}

/** The forest that the user chose, as a function of rows. */
async function loadForest({ forest, seed }: Settings): Promise<ForestScorer> {
  if (forest === 'isolation-forest') return (columns) => scoreForest(fitForest(columns, { seed }), columns)
  const { scoreWithMlIsolationForest } = await import('./models/ml-isolation-forest.ts')
  return (columns) => scoreWithMlIsolationForest(columns, { seed })
}

/** A sentence that says why a metric cannot be judged; `''` when it can. */
function whyNotJudged({ table }: Features, metric: ShareMetric): string {
  switch (metric) {
    case 'silent_failure_share': {
      if (!table.status.some((status) => status >= 200 && status <= 299))
        return 'Silent failures were not judged: no 2xx answer in the log.'
      const known = table.payload.some((payload) => payload !== PAYLOAD.unknown)
      const sized = table.bytes.some((bytes) => !Number.isNaN(bytes))
      return known || sized
        ? ''
        : 'Silent failures were not judged: the log has no flag, body or size that tells a valid payload.'
    }
    case 'server_error_share':
    case 'client_error_share': {
      const known = table.outcome.some((outcome) => outcome !== OUTCOME.unknown)
      if (known) return ''
      const what = metric === 'server_error_share' ? 'Server errors' : 'Client errors'
      return `${what} were not judged: the log has no status.`
    }
    case 'slow_share': {
      const known = table.durationMs.some((duration) => !Number.isNaN(duration))
      return known ? '' : 'Latency was not judged: the log has no duration.'
    }
  }
}

/** Connections, caches and compilers warm up in this part of a load test: slow requests there are no surge. */
const WARM_UP_PART = 0.1

/** Windows at the beginning that latency is not judged in. Against a baseline log the warm-ups cancel. */
function countWarmUp({ grid, baselineOf }: Features, { plannedTraffic }: Logs): number {
  return plannedTraffic && baselineOf === null ? Math.ceil(WARM_UP_PART * grid.windows) : 0
}

function buildShareInputs(
  { windows, sliceTable, baselineOf }: Features,
  metric: ShareMetric,
  warmUp: number,
): (ShareInput | null)[] {
  const { bad, total } = SHARE_COLUMNS[metric]
  const without = (counts: Uint32Array) => (warmUp === 0 ? counts : counts.slice().fill(0, 0, warmUp))
  return sliceTable.slices.map(({ scope }, slice) => {
    const [from, to] = [slice * windows.windows, (slice + 1) * windows.windows]
    return {
      series: { bad: without(windows[bad].subarray(from, to)), total: without(windows[total].subarray(from, to)) },
      baseline: baselineOf === null ? null : baselineOf(metric, scope),
    }
  })
}

function durationsOf({ table, scopeTest }: Features, endpoint: string): Float64Array {
  const inside = scopeTest({ endpoint })
  const durations: number[] = []
  for (let row = 0; row < table.rows; row++) {
    if (inside(row) && !Number.isNaN(table.durationMs[row])) durations.push(table.durationMs[row])
  }
  return Float64Array.from(durations)
}

function describeHistory(calendar: Calendar, logs: Logs, features: Features): string[] {
  const { baselineOf, grid } = features
  const notes: string[] = []
  if (baselineOf === null && calendar.phases === 0) {
    notes.push(
      'The log is shorter than two days: shares are held against the rest of the log with a wide margin for the time of day.',
    )
  }
  if (baselineOf === null && grid.windows < 8) {
    notes.push(
      `With ${grid.windows === 1 ? '1 window' : `${grid.windows} windows`} and no baseline log, what is wrong from the first row on cannot be seen.`,
    )
  }
  if (logs.table.rows < 200)
    notes.push(
      `${logs.table.rows === 1 ? '1 row is' : `${logs.table.rows} rows are`} little evidence: only gross failures can be seen.`,
    )
  return notes
}

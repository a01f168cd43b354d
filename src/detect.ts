import { buildCalendar, type Calendar } from './detect/calendar.ts'
import { detectLatencyObjectives, detectObjectives } from './detect/objectives.ts'
import { buildOutlierInputs } from './detect/outlier-input.ts'
import { detectOutliers, type ForestScorer } from './detect/outliers.ts'
import type { ShareSubject } from './detect/share-input.ts'
import { type BadOfTotal, beginSurveys, createShareWork, createSubject, type Surveyor } from './detect/share-work.ts'
import { openShares } from './detect/shares.ts'
import { detectTraffic, type Forecaster, unjudged } from './detect/traffic.ts'
import { detectWithHistory, isUsable } from './detect/traffic-history.ts'
import { joinTrafficShares } from './detect/traffic-shares.ts'
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

/**
 * Features → evidence of every detector.
 *
 * @param surveyor other threads that look at shares meanwhile; null: all is done in this one
 */
export async function detect(
  features: Features,
  logs: Logs,
  settings: Settings,
  surveyor: Surveyor | null = null,
): Promise<Detected> {
  const { grid, sliceTable, windows } = features
  const { slices } = sliceTable
  const calendar = buildCalendar(grid)
  const notes: string[] = []

  const metrics = SHARE_METRICS.filter((metric) => {
    const reason = whyNotJudged(features, metric)
    if (reason !== '') notes.push(reason)
    return reason === ''
  })
  const work = createShareWork(
    slices,
    calendar,
    windows.requests,
    metrics.map((metric) => buildShareTask(features, metric, countWarmUp(metric, features, logs))),
  )
  const finishSurveys = beginSurveys(work, surveyor)

  const whole = windows.requests.subarray(0, grid.windows)
  const forecast = logs.plannedTraffic
    ? unjudged(whole, ["The traffic of the whole was not judged: in a load test's log the test plan sets it."])
    : await judgeWhole(features, whole, calendar)

  const scoreRows = await loadForest(settings)
  const outliers = detectOutliers(
    buildOutlierInputs(
      features,
      logs.plannedTraffic ? WARM_UP_PART : 0,
      !logs.plannedTraffic && !markUnknownShares(calendar, false).includes(1),
    ),
    slices,
    calendar,
    scoreRows,
  )

  const surveys = await finishSurveys()
  const shares = new Map<ShareMetric, ShareFindings>()
  const inputs = new Map<ShareMetric, ShareSubject['inputs']>()
  const byParent: ShareFindings[] = []
  for (const [at, task] of work.tasks.entries()) {
    const subject = createSubject(work, task)
    const found = openShares(subject, surveys[at])
    if (task.metric === 'traffic_share') byParent[task.parent] = found
    else {
      shares.set(task.metric, found)
      inputs.set(task.metric, subject.inputs)
    }
  }
  const trafficShares = joinTrafficShares(byParent, {
    requests: windows.requests,
    slices,
    calendar,
    expectedWhole: forecast.expected,
    leastChange: settings.minimum.traffic,
  })
  const objectives = detectObjectives(settings.objectives, slices, inputs)
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
function countWarmUp(metric: ShareMetric, { grid, baselineOf }: Features, { plannedTraffic }: Logs): number {
  return metric === 'slow_share' && plannedTraffic && baselineOf === null ? Math.ceil(WARM_UP_PART * grid.windows) : 0
}

function buildShareTask(
  { windows, sliceTable, baselineOf }: Features,
  metric: ShareMetric,
  warmUp: number,
): BadOfTotal {
  const { bad, total } = SHARE_COLUMNS[metric]
  const baselines = baselineOf === null ? null : sliceTable.slices.map(({ scope }) => baselineOf(metric, scope))
  return { metric, bad: windows[bad], total: windows[total], warmUp, baselines }
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

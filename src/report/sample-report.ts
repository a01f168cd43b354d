/** Reports for the tests of this folder: made of exact arithmetic, so that golden files do not depend on the engine. */
import { createRandom } from '../math/random.ts'
import type { Anomaly, Category, ChartSeries, Detector, Incident, InputSummary, Report } from '../types.ts'
import { cleanComparison, sampleComparison, withStatuses } from './sample-comparison.ts'
import { hour, SAMPLE_START, sampleIncident, sampleIncidents } from './sample-incidents.ts'

const HOUR_MS = 3_600_000
const WINDOWS = 14 * 24

/** Fourteen hourly days with an incident of every category and severity. */
export function sampleReport(): Report {
  const incidents = sampleIncidents()
  return {
    input: sampleInput(),
    tests: { judged: 21_840, expectedFalseAlarms: 0.0048 },
    notes: [
      'The week has only two repetitions: the weekly season is uncertain, and weekends are judged with a wider band.',
      'Endpoint GET /reports/{id} has 4 requests a window; below 60 % failing it is invisible.',
      '12 lines could not be read; see rejected.csv.',
    ],
    incidents,
    anomalies: incidents.flatMap((incident, index) => sampleAnomalies(incident, index)),
    rejected: [
      {
        file: 'logs/api.csv',
        line: 812,
        reason: "'status' must be 0..999, got 'OK'",
        excerpt: '2026-03-01T10:11:12Z,OK,',
      },
      { file: 'logs/api.csv', line: 9_001, reason: 'no time', excerpt: '=HYPERLINK("http://evil.example","x"),200' },
    ],
    series: sampleSeries(incidents),
    comparison: null,
    state: null,
  }
}

/** The same log with nothing in it. */
export function cleanReport(): Report {
  return {
    ...sampleReport(),
    notes: [],
    incidents: [],
    anomalies: [],
    rejected: [],
    input: { ...sampleInput(), rejected: 0 },
    series: sampleSeries([]),
  }
}

/** The sample against main: 2 new, 1 worse, 3 known, 1 fixed, and what else a comparison can tell. */
export function comparedReport(): Report {
  const report = sampleReport()
  return { ...report, incidents: withStatuses(report.incidents), comparison: sampleComparison() }
}

/** Incidents that main has too, and no other. */
export function knownReport(): Report {
  const report = comparedReport()
  const incidents = report.incidents.filter(({ status }) => status === 'known')
  return { ...report, incidents, comparison: { ...cleanComparison(), fixed: sampleComparison().fixed } }
}

/** The same log with nothing in it, against a log on this machine. */
export function cleanComparedReport(): Report {
  const source = { name: 'main.csv (48,210 rows)', branch: '', commit: '', runId: Number.NaN, time: Number.NaN }
  return { ...cleanReport(), comparison: { ...cleanComparison(), source, ageMs: Number.NaN } }
}

/** A test plan's log without durations, names and forecast: all that can be unknown is unknown. */
export function unknownReport(): Report {
  const unknown = new Float64Array(WINDOWS).fill(Number.NaN)
  const report = sampleReport()
  return {
    ...report,
    incidents: [
      sampleIncident({
        category: 'outlier',
        metric: 'multivariate',
        unit: 'sd',
        scope: {},
        actual: 6.23,
        expected: Number.NaN,
        lower: Number.NaN,
        upper: Number.POSITIVE_INFINITY,
        affected: Number.NaN,
        effect: Number.NaN,
        pValue: Number.NaN,
        qValue: Number.NaN,
        contributors: [],
        related: [],
        samples: [],
      }),
    ],
    series: {
      ...report.series,
      latencyP50Ms: unknown,
      latencyP95Ms: unknown,
      expectedRequests: unknown,
      lowerRequests: unknown,
      upperRequests: unknown,
      errorShareByEnvironment: [{ environment: 'all', share: unknown }],
      anomaliesByService: [],
    },
  }
}

function sampleInput(): InputSummary {
  return {
    rows: 50_000,
    rejected: 12,
    files: ['logs/api.csv', 'logs/edge.csv.gz'],
    formats: ['csv'],
    start: SAMPLE_START,
    end: hour(WINDOWS),
    windowSeconds: 3600,
    services: 5,
    endpoints: 18,
    regions: 3,
    environments: 2,
    versions: 1,
    baseline: 'main.csv (48,210 rows)',
  }
}

function sampleAnomalies(incident: Incident, index: number): Anomaly[] {
  const [detector = 'forest' satisfies Detector] = incident.detectors
  const anomaly: Anomaly = {
    id: `A${index * 2 + 1}`,
    incident: incident.id,
    category: incident.category,
    severity: incident.severity,
    detector,
    start: incident.start,
    end: incident.end,
    scope: incident.scope,
    metric: incident.metric,
    actual: incident.actual,
    expected: incident.expected,
    lower: incident.lower,
    upper: incident.upper,
    support: incident.support,
    pValue: incident.pValue,
    qValue: incident.qValue,
    score: incident.score,
    source: '',
    explanation: incident.explanation,
  }
  const record: Anomaly = {
    ...anomaly,
    id: `A${index * 2 + 2}`,
    incident: '',
    severity: 'low',
    source: `logs/api.csv:${900 + index}`,
    actual: -1 / 3,
    expected: Number.NaN,
    explanation: '-1+2',
  }
  return [anomaly, record]
}

function sampleSeries(incidents: readonly Incident[]): ChartSeries {
  const random = createRandom(7)
  const time = Float64Array.from({ length: WINDOWS }, (_, window) => hour(window))
  const hits = (window: number, category: Category) =>
    incidents.some((i) => i.category === category && i.start <= hour(window) && hour(window) < i.end)
  // A day as a parabola that peaks at 14 h, a weekend at 70 %.
  const season = (window: number) => {
    const distance = Math.abs((window % 24) - 14) / 14
    return (60 + 140 * Math.max(0, 1 - distance * distance)) * (window % 168 < 24 || window % 168 >= 144 ? 0.7 : 1)
  }
  const column = (value: (window: number) => number) => Float64Array.from(time, (_, window) => value(window))
  const expected = column(season)
  const errorShare = (window: number, base: number, spiking: boolean) =>
    spiking && hits(window, 'error_spike') ? 0.12 + 0.2 * random() : base * random() * random()
  return {
    time,
    windowMs: HOUR_MS,
    latencyP50Ms: column((w) => (95 + 30 * random()) * (hits(w, 'latency_surge') ? 3.4 : 1)),
    latencyP95Ms: column((w) => (310 + 190 * random()) * (hits(w, 'latency_surge') ? 3 : 1)),
    requests: column((w) => {
      const factor = hits(w, 'traffic_drop') ? 0.09 : hits(w, 'traffic_surge') ? 2.2 : 1
      return Math.round(season(w) * factor * (0.88 + 0.24 * random()))
    }),
    expectedRequests: expected,
    lowerRequests: expected.map((value) => value - 3.5 * Math.sqrt(value)),
    upperRequests: expected.map((value) => value + 3.5 * Math.sqrt(value)),
    errorShareByEnvironment: [
      { environment: 'production', share: column((w) => errorShare(w, 0.03, true)) },
      {
        environment: 'staging',
        share: column((w) => (w % 24 < 6 ? Number.NaN : errorShare(w, 0.08, false))),
      },
    ],
    anomaliesByService:
      incidents.length === 0
        ? []
        : [
            { service: 'checkout', counts: { silent_failure: 254, latency_surge: 1 } },
            { service: 'payments', counts: { error_spike: 1, silent_failure: 9 } },
            { service: 'all traffic', counts: { traffic_drop: 1, traffic_surge: 1 } },
            { service: 'accounts', counts: { error_spike: 1, silent_failure: 2 } },
            { service: 'search', counts: { outlier: 1 } },
          ],
  }
}

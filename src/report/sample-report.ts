/** Reports for the tests of this folder: made of exact arithmetic, so that golden files do not depend on the engine. */
import { createRandom } from '../math/random.ts'
import type { Anomaly, Category, ChartSeries, Detector, Incident, InputSummary, Report } from '../types.ts'

const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 2, 1)
const WINDOWS = 14 * 24

/** Hours since the sample's start as a time. */
export function hour(hours: number): number {
  return START + hours * HOUR_MS
}

/** An incident with everything filled in, for tests to change what they look at. */
export function sampleIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'I1',
    fingerprint: '7c1f20ab9d34',
    category: 'silent_failure',
    severity: 'critical',
    start: hour(106),
    end: hour(109),
    scope: { endpoint: 'POST /checkout', region: 'eu-west-1' },
    metric: 'silent_failure_share',
    unit: 'share',
    actual: 0.617,
    expected: 0.0021,
    lower: 0,
    upper: 0.0184,
    support: 412,
    affected: 254,
    effect: 0.6149,
    pValue: 1.234567e-201,
    qValue: 2.7e-196,
    score: 0.99,
    detectors: ['silent', 'forest'],
    explanation:
      'POST /checkout answered 2xx with an error in the body in 61.7 % of 412 requests in region eu-west-1; 0.2 % is usual.',
    contributors: [
      { dimension: 'region', value: 'eu-west-1', share: 0.98 },
      { dimension: 'version', value: '2.14.0', share: 0.71 },
    ],
    related: ['I4'],
    samples: [
      { source: 'logs/api.csv:15120', text: '{"error":{"code":"PAYMENT_DECLINED"},"user":"[email]"}' },
      { source: 'logs/api.csv:15133', text: '{"success":false,"id":"7f|`x`"}' },
    ],
    ...changes,
  }
}

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

/** Everything that a log's author could try, in every field that a log can reach. */
export const HOSTILE = [
  '`|` \\| <img src=x onerror=alert(1)> @octocat #1 [x](http://evil.example) www.evil.example',
  '::error::boom\n##[error]boom\r::set-output name=x::y',
  '</summary></details><script>alert(1)</script>-->```\n# Title',
  '=HYPERLINK("http://evil.example")',
  'a\u202eb\u200bc\u0000d\u001b[31me\ud800f',
  '"]; x-axis [1e3, NaN] %% --> end',
  `${'long-name-'.repeat(40)}`,
  'octocat/repo#12 GH-12 0123456789abcdef0123456789abcdef01234567 ~~x~~ **y** _z_ - + 1. > :tada: &lt;b&gt;',
]

/** The sample with those texts as names, explanations, samples, files and notes. */
export function hostileReport(): Report {
  const report = sampleReport()
  const hostile = (index: number) => HOSTILE[index % HOSTILE.length] ?? ''
  return {
    ...report,
    input: { ...report.input, files: HOSTILE, formats: [hostile(2)], baseline: hostile(0) },
    notes: HOSTILE,
    incidents: report.incidents.map((incident, index) => ({
      ...incident,
      fingerprint: hostile(index + 2),
      scope: { service: hostile(index), endpoint: hostile(index + 1), region: hostile(index + 3) },
      explanation: `Requests to ${hostile(index + 1)} in ${hostile(index)} failed; ${hostile(index + 2)}`,
      contributors: [{ dimension: 'region', value: hostile(index + 3), share: 0.5 }],
      related: [hostile(index)],
      samples: HOSTILE.map((text) => ({ source: `${text}:7`, text })),
    })),
    anomalies: report.anomalies.map((anomaly, index) => ({
      ...anomaly,
      scope: { service: hostile(index), endpoint: hostile(index + 3) },
      source: hostile(index),
      explanation: hostile(index + 3),
    })),
    rejected: HOSTILE.map((text, line) => ({ file: text, line, reason: text, excerpt: text })),
    series: {
      ...report.series,
      errorShareByEnvironment: HOSTILE.map((environment) => ({
        environment,
        share: report.series.errorShareByEnvironment[0]?.share ?? new Float64Array(WINDOWS),
      })),
      anomaliesByService: HOSTILE.map((service, index) => ({
        service,
        counts: { silent_failure: index + 1, outlier: 1 },
      })),
    },
  }
}

function sampleInput(): InputSummary {
  return {
    rows: 50_000,
    rejected: 12,
    files: ['logs/api.csv', 'logs/edge.csv.gz'],
    formats: ['csv'],
    start: START,
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

function sampleIncidents(): Incident[] {
  const traffic = {
    unit: 'requests',
    metric: 'requests',
    contributors: [],
    samples: [],
    detectors: ['traffic'],
  } as const
  return [
    sampleIncident(),
    sampleIncident({
      id: 'I2',
      fingerprint: '19c0be22fa01',
      category: 'traffic_drop',
      start: hour(250),
      end: hour(254),
      scope: {},
      ...traffic,
      actual: 61,
      expected: 688,
      lower: 590,
      upper: 790,
      support: 61,
      affected: 627,
      effect: -0.911,
      related: [],
      explanation: 'All traffic fell to 61 requests in 4 h where 688 were expected.',
    }),
    sampleIncident({
      id: 'I3',
      fingerprint: '5fd3ee019c7a',
      category: 'error_spike',
      severity: 'high',
      start: hour(60),
      end: hour(64),
      scope: { service: 'payments', region: 'sa-east-1' },
      metric: 'server_error_share',
      actual: 0.234,
      expected: 0.0083,
      lower: 0,
      upper: 0.041,
      support: 1_207,
      affected: 282,
      effect: 0.2257,
      pValue: 3.2e-88,
      qValue: 7e-83,
      detectors: ['errors'],
      contributors: [{ dimension: 'region', value: 'sa-east-1', share: 0.94 }],
      related: [],
      samples: [],
      explanation:
        'Service payments answered 5xx or not at all in 23.4 % of 1,207 requests in region sa-east-1; 0.8 % is usual.',
    }),
    sampleIncident({
      id: 'I4',
      fingerprint: 'aa01b7733c20',
      category: 'latency_surge',
      severity: 'high',
      start: hour(106),
      end: hour(112),
      scope: { service: 'checkout' },
      metric: 'slow_share',
      unit: 'ms',
      actual: 812,
      expected: 190,
      lower: 160,
      upper: 240,
      support: 980,
      affected: 731,
      effect: 4.27,
      detectors: ['latency', 'forest'],
      contributors: [{ dimension: 'endpoint', value: 'POST /checkout', share: 0.66 }],
      related: ['I1'],
      samples: [],
      explanation: 'Service checkout took 812 ms (median) where 190 ms is usual.',
    }),
    sampleIncident({
      id: 'I5',
      fingerprint: 'c4410d90be55',
      category: 'traffic_surge',
      severity: 'medium',
      start: hour(300),
      end: hour(303),
      scope: {},
      ...traffic,
      actual: 1_240,
      expected: 560,
      lower: 470,
      upper: 655,
      support: 1_240,
      affected: 680,
      effect: 1.214,
      related: [],
      explanation: 'All traffic rose to 1,240 requests in 3 h where 560 were expected.',
    }),
    sampleIncident({
      id: 'I6',
      fingerprint: '0e9d1c5b6a77',
      category: 'error_spike',
      severity: 'medium',
      start: hour(200),
      end: hour(201),
      scope: { endpoint: 'POST /login' },
      metric: 'client_error_share',
      actual: 0.41,
      expected: 0.05,
      lower: 0.01,
      upper: 0.12,
      support: 140,
      affected: 57,
      effect: 0.36,
      detectors: ['errors'],
      contributors: [],
      related: [],
      samples: [],
      explanation: 'POST /login answered 4xx in 41 % of 140 requests; 5 % is usual.',
    }),
    sampleIncident({
      id: 'I7',
      fingerprint: 'bb7a8c01d2e3',
      category: 'outlier',
      severity: 'low',
      start: hour(180),
      end: hour(181),
      scope: { service: 'search' },
      metric: 'multivariate',
      unit: 'sd',
      actual: 5.1,
      expected: Number.NaN,
      lower: Number.NaN,
      upper: 4.6,
      support: 55,
      affected: Number.NaN,
      effect: Number.NaN,
      pValue: 4e-6,
      qValue: 0.09,
      score: 0.71,
      detectors: ['forest'],
      contributors: [],
      related: [],
      samples: [],
      explanation: 'Service search had fewer and larger answers than usual together, by 5.1 standard deviations.',
    }),
  ]
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

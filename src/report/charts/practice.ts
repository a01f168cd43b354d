import type { Category, ChartData, Incident, Metric, Severity } from '../../types.ts'

const HOUR_MS = 3_600_000
const WINDOWS = 48

function column(value: (window: number) => number): Float64Array {
  return Float64Array.from({ length: WINDOWS }, (_, window) => value(window))
}

function incident(category: Category, severity: Severity, metric: Metric, hour: number): Incident {
  return {
    id: `I${hour}`,
    fingerprint: '',
    category,
    severity,
    start: hour * HOUR_MS,
    end: (hour + 3) * HOUR_MS,
    scope: { endpoint: 'GET /practice' },
    metric,
    unit: 'share',
    actual: 1,
    expected: 0,
    lower: 0,
    upper: 0,
    support: 1,
    affected: 1,
    effect: 1,
    pValue: 1,
    qValue: 1,
    score: 0,
    detectors: [],
    explanation: '',
    contributors: [],
    related: [],
    samples: [],
    status: null,
    before: Number.NaN,
    acknowledged: null,
  }
}

/** Two days in which there is something for every chart to show. */
export const PRACTICE: ChartData = {
  input: {
    rows: WINDOWS,
    rejected: 0,
    files: [],
    formats: [],
    start: 0,
    end: WINDOWS * HOUR_MS,
    windowSeconds: HOUR_MS / 1_000,
    services: 1,
    endpoints: 1,
    regions: 0,
    environments: 2,
    versions: 0,
    baseline: '',
  },
  tests: { judged: 1, expectedFalseAlarms: 0 },
  incidents: [
    incident('error_spike', 'critical', 'server_error_share', 5),
    incident('latency_surge', 'high', 'slow_share', 14),
    incident('traffic_drop', 'medium', 'requests', 23),
    incident('silent_failure', 'low', 'silent_failure_share', 32),
  ],
  series: {
    time: column((window) => window * HOUR_MS),
    windowMs: HOUR_MS,
    latencyP50Ms: column((window) => 100 + (window % 7)),
    latencyP95Ms: column((window) => 300 + (window % 11)),
    requests: column((window) => 50 + (window % 24)),
    expectedRequests: column((window) => 52 + (window % 24)),
    lowerRequests: column((window) => 40 + (window % 24)),
    upperRequests: column((window) => 60 + (window % 24)),
    errorShareByEnvironment: [
      { environment: 'production', share: column((window) => (window % 9) / 100) },
      { environment: 'staging', share: column((window) => (window % 5 === 0 ? Number.NaN : 0)) },
    ],
    anomaliesByService: [
      { service: 'practice', counts: { error_spike: 1, latency_surge: 1, traffic_drop: 1 } },
      { service: 'theory', counts: { silent_failure: 9 } },
    ],
  },
}

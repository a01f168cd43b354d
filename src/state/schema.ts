/** JSON Schema of anomaly-state.json as a stranger may hand it over: every field's kind, and how much of it is believable. */

const TEXT = { type: 'string', maxLength: 20_000 }
const NAME = { type: 'string', maxLength: 2_000 }
const COUNT = { type: 'integer', minimum: 0, maximum: 4_294_967_295 }
const NUMBER = { type: ['number', 'null'] }
const AMOUNT = { type: 'number', minimum: 0 }
const TIME = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?Z$' }
const MOST_ROWS = 50_000

const listOf = (items: object, maxItems: number) => ({ type: 'array', items, maxItems })
/** Further keys are of later versions, and are not looked at. */
const recordOf = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})
const countsOf = (maxProperties: number) => ({ type: 'object', maxProperties, additionalProperties: COUNT })

const DIMENSION_NAMES = ['service', 'endpoint', 'region', 'environment', 'version'] as const
const CODED = recordOf({ values: listOf(NAME, MOST_ROWS), codes: listOf(COUNT, MOST_ROWS) })
const COLUMN = listOf(COUNT, MOST_ROWS)
const HISTOGRAM = recordOf({ first: COUNT, counts: listOf(COUNT, 513) })
const SCOPE = {
  type: 'object',
  properties: Object.fromEntries(DIMENSION_NAMES.map((name) => [name, NAME])),
  additionalProperties: false,
}

const INCIDENT = recordOf({
  fingerprint: NAME,
  category: { enum: ['silent_failure', 'error_spike', 'traffic_drop', 'traffic_surge', 'latency_surge', 'outlier'] },
  severity: { enum: ['critical', 'high', 'medium', 'low'] },
  start: TIME,
  end: TIME,
  scope: SCOPE,
  metric: {
    enum: [
      'silent_failure_share',
      'server_error_share',
      'client_error_share',
      'slow_share',
      'requests',
      'traffic_share',
      'multivariate',
    ],
  },
  unit: { enum: ['share', 'requests', 'ms', 'sd'] },
  actual: NUMBER,
  expected: NUMBER,
  support: NUMBER,
  affected: NUMBER,
  effect: NUMBER,
})

const ENDPOINT = recordOf({
  endpoint: NAME,
  version: NAME,
  requests: COUNT,
  statuses: countsOf(1_000),
  latency: HISTOGRAM,
  sizes: HISTOGRAM,
  contents: countsOf(100),
  bodies: COUNT,
})

export const STATE_SCHEMA = recordOf({
  schema: { const: 'api-anomaly/state@1' },
  source: recordOf({
    name: TEXT,
    branch: NAME,
    commit: NAME,
    runId: { type: ['integer', 'null'], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    time: { anyOf: [TIME, { type: 'null' }] },
  }),
  unfit: { type: ['string', 'null'], maxLength: 2_000 },
  rows: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  start: TIME,
  end: TIME,
  incidents: listOf(INCIDENT, 20_000),
  cells: recordOf({
    ...Object.fromEntries(DIMENSION_NAMES.map((name) => [name, CODED])),
    requests: COLUMN,
    judged: COLUMN,
    serverErrors: COLUMN,
    clientErrors: COLUMN,
    succeeded: COLUMN,
    silent: COLUMN,
    timed: COLUMN,
    slow: COLUMN,
  }),
  usual: recordOf({
    endpoint: CODED,
    region: CODED,
    environment: CODED,
    timed: COLUMN,
    p50: listOf(AMOUNT, MOST_ROWS),
    p90: listOf(AMOUNT, MOST_ROWS),
  }),
  sizeLimits: recordOf({ endpoint: CODED, version: CODED, bytes: listOf(AMOUNT, MOST_ROWS) }),
  endpoints: listOf(ENDPOINT, 10_000),
  fields: recordOf({ endpoint: COLUMN, name: CODED, type: CODED, bodies: COLUMN, empty: COLUMN }),
  traffic: recordOf({
    start: TIME,
    windowSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 86_400 },
    requests: listOf(COUNT, 100_000),
  }),
})

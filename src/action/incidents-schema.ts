/** JSON Schema of incidents.json as a stranger may hand it over: every field's kind, and how much of it is believable. */

const TEXT = { type: 'string', maxLength: 20_000 }
const NAME = { type: 'string', maxLength: 2_000 }
const COUNT = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const NUMBER = { type: ['number', 'null'] }
const SHARE = { type: ['number', 'null'], minimum: 0, maximum: 1 }
const TIME = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?Z$' }
const DIMENSION = { enum: ['service', 'endpoint', 'region', 'environment', 'version'] }

const listOf = (items: object, maxItems: number) => ({ type: 'array', items, maxItems })
/** Further keys are of later versions, and are not looked at. */
const recordOf = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

const SCOPE = {
  type: 'object',
  properties: Object.fromEntries(DIMENSION.enum.map((name) => [name, NAME])),
  additionalProperties: false,
}

/** What this run and a baseline tell of an incident alike. */
const KNOWN = {
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
}

const INCIDENT = recordOf(
  {
    ...KNOWN,
    id: NAME,
    lower: NUMBER,
    upper: NUMBER,
    pValue: SHARE,
    qValue: SHARE,
    score: SHARE,
    detectors: listOf({ enum: ['silent', 'errors', 'latency', 'traffic', 'forest', 'objective'] }, 10),
    explanation: TEXT,
    contributors: listOf(recordOf({ dimension: DIMENSION, value: NAME, share: NUMBER }), 100),
    related: listOf(NAME, 20_000),
    samples: listOf(recordOf({ source: TEXT, text: TEXT }), 100),
    status: { enum: ['new', 'worse', 'known'] },
    before: NUMBER,
    acknowledged: { enum: ['expected', 'false alarm', 'new normal'] },
  },
  ['status', 'before', 'acknowledged'],
)

const GONE = listOf(recordOf({ ...KNOWN, now: recordOf({ requests: COUNT, affected: NUMBER }) }), 20_000)
const MOVED = listOf(recordOf({ endpoint: NAME, requests: COUNT }), 20_000)
const AMOUNT = { type: 'number', exclusiveMinimum: 0 }

const COMPARISON = recordOf({
  source: recordOf({
    name: TEXT,
    branch: NAME,
    commit: NAME,
    runId: { type: ['integer', 'null'], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    time: { anyOf: [TIME, { type: 'null' }] },
  }),
  fixed: GONE,
  untold: GONE,
  appeared: MOVED,
  vanished: MOVED,
  changed: listOf(
    recordOf({ endpoint: NAME, kind: { enum: ['status', 'size', 'content', 'fields'] }, text: TEXT }),
    20_000,
  ),
  latency: listOf(
    recordOf({
      endpoint: NAME,
      beforeMs: AMOUNT,
      afterMs: AMOUNT,
      ratio: AMOUNT,
      lower: NUMBER,
      upper: NUMBER,
      requestsBefore: COUNT,
      requestsAfter: COUNT,
    }),
    20_000,
  ),
})

export const INCIDENTS_SCHEMA = recordOf(
  {
    schema: { const: 'api-anomaly/incidents@1' },
    input: recordOf({
      rows: COUNT,
      rejected: COUNT,
      files: listOf(TEXT, 100_000),
      formats: listOf(NAME, 100),
      start: TIME,
      end: TIME,
      windowSeconds: { type: 'number', exclusiveMinimum: 0, maximum: 86_400 },
      services: COUNT,
      endpoints: COUNT,
      regions: COUNT,
      environments: COUNT,
      versions: COUNT,
      baseline: { type: ['string', 'null'], maxLength: 4_000 },
    }),
    tests: recordOf({ judged: COUNT, expectedFalseAlarms: NUMBER }),
    notes: listOf(TEXT, 10_000),
    incidents: listOf(INCIDENT, 20_000),
    comparison: COMPARISON,
  },
  ['comparison'],
)

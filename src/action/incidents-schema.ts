/** JSON Schema of incidents.json as a stranger may hand it over: every field's kind, and how much of it is believable. */
import { KNOWN_INCIDENT, listOf, NAME, NUMBER, recordOf, SOURCE, TEXT, TIME } from '../state/schema-parts.ts'
import { DIMENSIONS } from '../types.ts'

const COUNT = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const SHARE = { type: ['number', 'null'], minimum: 0, maximum: 1 }
const DIMENSION = { enum: DIMENSIONS }

const INCIDENT = recordOf(
  {
    ...KNOWN_INCIDENT,
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

const GONE = listOf(recordOf({ ...KNOWN_INCIDENT, now: recordOf({ requests: COUNT, affected: NUMBER }) }), 20_000)
const MOVED = listOf(recordOf({ endpoint: NAME, requests: COUNT }), 20_000)
const AMOUNT = { type: 'number', exclusiveMinimum: 0 }

const COMPARISON = recordOf({
  source: SOURCE,
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

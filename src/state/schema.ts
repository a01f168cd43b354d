/** JSON Schema of anomaly-state.json as a stranger may hand it over: every field's kind, and how much of it is believable. */
import { DIMENSIONS } from '../types.ts'
import { KNOWN_INCIDENT, listOf, NAME, recordOf, SOURCE, TIME } from './schema-parts.ts'

const COUNT = { type: 'integer', minimum: 0, maximum: 4_294_967_295 }
const AMOUNT = { type: 'number', minimum: 0 }
const MOST_ROWS = 50_000

const countsOf = (maxProperties: number) => ({ type: 'object', maxProperties, additionalProperties: COUNT })

const CODED = recordOf({ values: listOf(NAME, MOST_ROWS), codes: listOf(COUNT, MOST_ROWS) })
const COLUMN = listOf(COUNT, MOST_ROWS)
const HISTOGRAM = recordOf({ first: COUNT, counts: listOf(COUNT, 513) })

const INCIDENT = recordOf(KNOWN_INCIDENT)

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
  source: SOURCE,
  unfit: { type: ['string', 'null'], maxLength: 2_000 },
  rows: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  start: TIME,
  end: TIME,
  incidents: listOf(INCIDENT, 20_000),
  cells: recordOf({
    ...Object.fromEntries(DIMENSIONS.map((name) => [name, CODED])),
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

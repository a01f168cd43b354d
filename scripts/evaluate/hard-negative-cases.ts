/** Logs in which every 2xx answer is right, but looks in some way like a silent failure. */
import { generateLog, type Records } from '../../src/logs/generate.ts'
import { LOG_FILES, renderLog } from '../../src/logs/generate-text.ts'
import { WEB_SHOP, type World } from '../../src/logs/generate-world.ts'
import type { Random } from '../../src/math/random.ts'
import { START } from './families.ts'
import { spliceRecords } from './splice.ts'

export const ROWS = 12_000
export const DAYS = 7
export const SEED = 1

/** All payloads are valid. */
const FLAWLESS: World = { ...WEB_SHOP, silentShare: 0 }

export interface Case {
  readonly name: string
  readonly file: string
  /** @param isFailing whether the row's answer is to fail in the way that the right ones resemble */
  render(records: Records, random: Random, isFailing: (row: number) => boolean): string
  /** Whether there is a control. */
  readonly canFail: boolean
}

/** The records that all cases are rendered from. */
export function drawFlawless(): Records {
  return generate(FLAWLESS)
}

function generate(world: World): Records {
  return generateLog({ rows: ROWS, days: DAYS, seed: SEED, clean: true, start: START, world }).records
}

/** The fields that a record of a JSON log says about its answer. */
type Answer = Readonly<Record<string, unknown>>

/** A log of JSON lines; each 2xx record carries one of the answers, drawn by the seed. */
function jsonCase(name: string, answers: readonly Answer[], failing: Answer, path = (route: string) => route): Case {
  return {
    name,
    file: 'requests.ndjson',
    canFail: true,
    render: ({ rows, time, cell, cells, status, durationMs }, random, isFailing) => {
      const lines = Array.from({ length: rows }, (_, row) => {
        const { service, traits, region, environment, version } = cells[cell[row]]
        const right = answers[Math.floor(random() * answers.length)]
        const answer = status[row] >= 300 ? {} : isFailing(row) ? failing : right
        return JSON.stringify({
          timestamp: new Date(time[row]).toISOString(),
          service,
          method: traits.method,
          path: path(traits.route),
          status: status[row],
          duration_ms: durationMs[row],
          region,
          environment,
          version,
          ...answer,
        })
      })
      return `${lines.join('\n')}\n`
    },
  }
}

const asText = (bodies: readonly unknown[]) => bodies.map((body) => ({ body: JSON.stringify(body) }))
const asObject = (bodies: readonly unknown[]) => bodies.map((body) => ({ body }))

/** Bodies of answers that went well. */
const BODIES: readonly unknown[] = [
  { items: [1, 2], errors: [] },
  { total: 12, error: null },
  { total: 12, error: '' },
  { total: 12, error: false },
  { total: 12, error: {} },
  { total: 12, error: 'no errors' },
  { total: 12, error: { code: 0, message: 'OK' } },
  { error_count: 0, message: 'no errors' },
  { errors: 0, warnings: 3 },
  { success: true, ok: true, status: 'success', error: null, errors: null },
]
const PRODUCTS: readonly unknown[] = [
  { id: 7, name: 'Error', description: 'A board game about errors: error 404, success: false' },
  { products: [{ name: 'Error' }, { name: 'Failure', status: 'available' }] },
  [{ name: 'Error', errors: ['misprint on the box'] }],
  { query: 'error', hits: [{ title: 'How to fix "internal server error"' }] },
]
const JOBS: readonly unknown[] = [
  { job: 17, status: 'failed', attempts: 3 },
  { payment: 17, state: 'error' },
  { checks: [{ name: 'login', success: false }] },
  { errorRate: 0.2, failures: 12 },
]
const GRAPHQL: readonly unknown[] = [
  { data: { product: { id: 7 } } },
  { data: { product: null }, errors: [] },
  { data: { product: { id: 7 } }, errors: null, extensions: { cost: 12 } },
  { data: { createOrder: { errors: [{ field: 'zip', message: 'is missing' }] } } },
  [{ data: { a: 1 } }, { data: { b: 2 }, errors: [] }],
]

const smallerWorld: World = {
  ...FLAWLESS,
  services: FLAWLESS.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, medianBytes: 0.6 * endpoint.medianBytes })),
  })),
}

/** Answers with data and errors: a silent failure, see src/logs/payload.ts. */
const PARTIALS: readonly unknown[] = [
  { data: { product: { id: 7 }, reviews: null }, errors: [{ message: 'timeout', path: ['reviews'] }] },
]
export const PARTIAL_DATA = jsonCase('GraphQL with data and errors', [...asText(PARTIALS), ...asObject(PARTIALS)], {})

export const CASES: readonly Case[] = [
  jsonCase('bodies as text: `errors: []`, `error: null`, `error_count: 0`, `"no errors"` …', asText(BODIES), {
    body: '{"total":12,"error":{"code":17,"message":"upstream"}}',
  }),
  jsonCase('the same bodies as nested JSON', asObject(BODIES), { body: { error: { code: 17, message: 'upstream' } } }),
  jsonCase(
    "the record's own error field: null, empty, `-`, `none`, `0`, `false`, `[]`, `no error`",
    [
      ...[null, '', '-', 'none', '0', 0, false, 'no error'].map((error) => ({ error })),
      { errors: [], error_count: 0 },
      { error_message: 'No errors.' },
    ],
    { error: 'upstream timed out' },
  ),
  jsonCase(
    'a product called Error, a search for "error"',
    [...asText(PRODUCTS), ...asObject(PRODUCTS)],
    { body: { error: 'x' } },
    (route) => route.replace('/v1/products/{id}', '/v1/products/error'),
  ),
  jsonCase('failed jobs, payments and checks, truly reported', [...asText(JOBS), ...asObject(JOBS)], {
    body: { success: false },
  }),
  jsonCase('GraphQL with data and no errors', [...asText(GRAPHQL), ...asObject(GRAPHQL)], {
    body: { data: null, errors: [{ message: 'timeout' }] },
  }),
  jsonCase('gRPC status 0 and OK', [{ grpc_status: 0 }, { grpc_status: '0' }, { grpc_status: 'OK' }], {
    grpc_status: 14,
  }),
  jsonCase(
    'bodies that the log writer cut',
    [
      { body: '{"error":{"message":"this is where the wri' },
      { body: '{"items":[],"errors":[' },
      { body: 'success=false is only text here' },
    ],
    { body: '{"error":"whole"}' },
  ),
  jsonCase(
    'HTML where HTML is usual',
    [{ content_type: 'text/html; charset=utf-8', body: '<!DOCTYPE html><title>Error codes explained</title>' }],
    { content_type: 'application/json', body: '<!DOCTYPE html><title>Bad gateway</title>' },
  ),
  {
    name: 'CSV with `error` columns that say none',
    file: LOG_FILES.csv,
    canFail: true,
    render: (records, random, isFailing) => {
      const values = ['', '-', 'None', 'null', '0', 'no errors', 'N/A']
      const [header, ...lines] = renderLog(records, 'csv').trimEnd().split('\n')
      const longer = lines.map((line, row) => {
        const right = values[Math.floor(random() * values.length)]
        return `${line},${isFailing(row) ? 'timeout,1' : `${right},0`}`
      })
      return `${[`${header},error,error_count`, ...longer].join('\n')}\n`
    },
  },
  {
    name: 'access log: deploys that cut sizes by 40 %',
    file: LOG_FILES.nginx,
    canFail: false,
    render: (records) =>
      renderLog(
        spliceRecords(records, generate(smallerWorld), (_, { isNewVersion }) => isNewVersion),
        'nginx',
      ),
  },
  {
    name: 'access log: half of all searches find nothing (`[]`)',
    file: LOG_FILES.nginx,
    canFail: false,
    render: (records, random) => {
      const bytes = records.bytes.map((size, row) => {
        const isSearch = records.cells[records.cell[row]].traits.route === '/v1/search'
        return isSearch && records.status[row] < 300 && random() < 0.5 ? 2 : size
      })
      return renderLog({ ...records, bytes }, 'nginx')
    },
  },
]

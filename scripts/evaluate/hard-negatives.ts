/** Logs in which every 2xx answer is right, but looks in some way like a silent failure: none may be flagged. */
import { generateLog, type Records } from '../../src/logs/generate.ts'
import { LOG_FILES, renderLog } from '../../src/logs/generate-text.ts'
import { WEB_SHOP, type World } from '../../src/logs/generate-world.ts'
import { createRandom, type Random } from '../../src/math/random.ts'
import { run } from '../../src/run.ts'
import { type Logs, PAYLOAD } from '../../src/types.ts'
import { START } from './families.ts'
import { readText } from './play.ts'
import { spliceRecords } from './splice.ts'

const ROWS = 12_000
const DAYS = 7
const SEED = 1

/** All payloads are valid. */
const FLAWLESS: World = { ...WEB_SHOP, silentShare: 0 }

/** In the control, one right answer in so many is replaced by a failing one: a reader that sees nothing flags nothing. */
const CONTROL_EVERY = 100

interface Case {
  readonly name: string
  readonly file: string
  /** @param isFailing whether the row's answer is to fail in the way that the right ones resemble */
  render(records: Records, random: Random, isFailing: (row: number) => boolean): string
  /** Whether there is a control. */
  readonly canFail: boolean
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
const PARTIAL = { data: { product: { id: 7 }, reviews: null }, errors: [{ message: 'timeout', path: ['reviews'] }] }

const smallerWorld: World = {
  ...FLAWLESS,
  services: FLAWLESS.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, medianBytes: 0.6 * endpoint.medianBytes })),
  })),
}

const CASES: readonly Case[] = [
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

export interface HardNegatives {
  readonly cases: readonly {
    readonly name: string
    /** 2xx answers, and those of them that were flagged. */
    readonly answers: number
    readonly flagged: number
    /** Silent-failure incidents of any severity, and incidents of any kind above low. */
    readonly silent: number
    readonly reported: number
    /** Failing answers put among the right ones, and those of them that were flagged; null without a control. */
    readonly control: { readonly answers: number; readonly flagged: number } | null
  }[]
  /** GraphQL answers with data and errors: so many of so many were flagged. */
  readonly partial: { readonly answers: number; readonly flagged: number }
}

export async function playHardNegatives(): Promise<HardNegatives> {
  const cases = []
  for (const each of CASES) cases.push({ name: each.name, ...(await playCase(each)) })
  const partial = await playCase(jsonCase('partial', [...asText([PARTIAL]), ...asObject([PARTIAL])], {}))
  return { cases, partial }
}

function generate(world: World): Records {
  return generateLog({ rows: ROWS, days: DAYS, seed: SEED, clean: true, start: START, world }).records
}

async function playCase(each: Case) {
  const logs = await readCase(each, () => false)
  const { anomalies, incidents } = await run(logs, { seed: SEED })
  return {
    answers: logs.table.status.reduce((sum, status) => sum + (isGood(status) ? 1 : 0), 0),
    flagged: anomalies.filter(({ category, source }) => category === 'silent_failure' && source !== '').length,
    silent: incidents.filter(({ category }) => category === 'silent_failure').length,
    reported: incidents.filter(({ severity }) => severity !== 'low').length,
    control: each.canFail ? await playControl(each) : null,
  }
}

async function playControl(each: Case): Promise<{ answers: number; flagged: number }> {
  const { status } = generate(FLAWLESS)
  const isFailing = (row: number) => row % CONTROL_EVERY === 0 && isGood(status[row])
  const { payload } = (await readCase(each, isFailing)).table
  return {
    answers: status.filter((_, row) => isFailing(row)).length,
    flagged: payload.reduce((sum, value, row) => sum + (value === PAYLOAD.invalid && isFailing(row) ? 1 : 0), 0),
  }
}

async function readCase({ file, render }: Case, isFailing: (row: number) => boolean): Promise<Logs> {
  const logs = await readText(render(generate(FLAWLESS), createRandom(SEED), isFailing), file)
  if (logs.rejectedCount > 0) throw new Error(`no line of ${file} may be rejected, got ${logs.rejectedCount}`)
  return logs
}

const isGood = (status: number) => status >= 200 && status < 300

export function renderHardNegatives({ cases, partial }: HardNegatives): string[] {
  const sum = (of: (each: HardNegatives['cases'][number]) => number) => cases.reduce((all, each) => all + of(each), 0)
  return [
    '## Hard negatives for silent failures',
    '',
    `Logs of ${ROWS.toLocaleString('en')} requests in ${DAYS} days in which every 2xx answer is right but looks in some way like a failure ([hard-negatives.ts](../scripts/evaluate/hard-negatives.ts)): ${sum(({ flagged }) => flagged)} of ${sum(({ answers }) => answers).toLocaleString('en')} answers flagged, ${sum(({ silent }) => silent)} silent-failure incidents of any severity, ${sum(({ reported }) => reported)} incidents of any kind above low. *Control*: failing answers of the same kind in the same log, one in ${CONTROL_EVERY}, and how many of them are flagged.`,
    '',
    '| Answers | 2xx | Flagged | Silent-failure incidents | Incidents above low | Control |',
    '|---|--:|--:|--:|--:|--:|',
    ...cases.map(
      ({ name, answers, flagged, silent, reported, control }) =>
        `| ${name} | ${answers} | ${flagged} | ${silent} | ${reported} | ${control === null ? '–' : `${control.flagged} of ${control.answers}`} |`,
    ),
    '',
    `GraphQL partial data (\`data\` beside a non-empty \`errors\`) is no hard negative but counts as a silent failure: a field that the client asked for is missing from a 200. ${partial.flagged} of ${partial.answers} such answers are flagged. \`errors\` inside \`data\` is somebody's data and does not count.`,
  ]
}

/** From bodies in a log to incidents and facts: what the baseline's answers promise. */
import { describe, expect, test } from 'bun:test'
import { readLogs } from './logs/read.ts'
import { sourceOf } from './logs/rows-fixture.ts'
import { createRandom, type Random } from './math/random.ts'
import { renderAnomalies } from './report/csv.ts'
import { renderSummary } from './report/markdown.ts'
import { renderTable } from './report/terminal.ts'
import { run } from './run.ts'
import { parseState } from './state/parse.ts'
import { renderState } from './state/render.ts'
import type { Report, State } from './types.ts'

type Body = Record<string, unknown>
interface Request {
  readonly route: string
  readonly region: string
  readonly version: string
  readonly body: Body
}
type Change = (request: Request, random: Random) => Partial<Request> | { readonly body: unknown }

const BODIES: Readonly<Record<string, (random: Random) => Body>> = {
  '/orders': (random) => ({
    id: 7,
    total: 9.5,
    currency: 'EUR',
    items: [1],
    ...(random() < 0.5 ? { coupon: 'x' } : {}),
  }),
  '/search': (random) => ({ hits: [{}], took: 3, next: random() < 0.3 ? null : 'abc' }),
  '/users': (random) => ({ id: random() < 0.5 ? 7 : 'seven', tags: random() < 0.2 ? [] : ['a'] }),
}
const ROUTES = Object.keys(BODIES)
const REGIONS = ['eu-west-1', 'us-east-1', 'sa-east-1']

/** NDJSON as a service writes it: an hour of requests with the bodies of their answers. */
function log(seed: number, requests: number, change: Change = () => ({})): string {
  const random = createRandom(seed)
  const lines = Array.from({ length: requests }, (_, i) => {
    const route = ROUTES[Math.floor(random() * ROUTES.length)]
    const region = REGIONS[Math.floor(random() * REGIONS.length)]
    const usual: Request = { route, region, version: '1.0.0', body: BODIES[route](random) }
    const { body, version } = { ...usual, ...change(usual, random) }
    return JSON.stringify({
      time: new Date(Date.UTC(2026, 2, 2) + Math.floor((i * 3_600_000) / requests)).toISOString(),
      method: 'GET',
      path: route,
      status: 200,
      duration_ms: 50 + Math.floor(100 * random()),
      region,
      version,
      response_body: body,
    })
  })
  return `${lines.join('\n')}\n`
}
const read = (text: string) => readLogs([sourceOf('api.ndjson', text)])

/** The state that the baseline's run leaves, as its artifact has it. */
async function leave(text: string): Promise<State> {
  const { state } = await run(await read(text))
  return parseState(renderState(state!))
}
const before = leave(log(1, 5_000))
const against = async (change?: Change, baseline = before) =>
  run(await read(log(2, 4_200, change)), { baseline: await baseline })

const loud = ({ incidents }: Report) => incidents.filter(({ severity }) => severity !== 'low')
const without = (name: string, { [name]: _, ...rest }: Body): Body => rest
const changes = ({ comparison }: Report) =>
  comparison!.changed.filter(({ kind }) => kind !== 'size').map(({ endpoint, text }) => `${endpoint}: ${text}`)

describe('against a baseline with bodies', () => {
  test('what did not change gives nothing', async () => {
    const report = await against()
    expect(loud(report)).toEqual([])
    expect(changes(report)).toEqual([])
  })

  test('a field that is missing in 31 % of the answers in one region is one silent failure', async () => {
    const report = await against(({ route, region, body }, random) =>
      route === '/orders' && region === 'sa-east-1' && random() < 0.31 ? { body: without('total', body) } : {},
    )
    const found = loud(report)
    expect(found.map(({ category, scope, status }) => ({ category, scope, status }))).toEqual([
      { category: 'silent_failure', scope: { endpoint: 'GET /orders', region: 'sa-east-1' }, status: 'new' },
    ])
    const { affected, support, explanation } = found[0]
    expect(affected / support).toBeCloseTo(0.31, 1)
    expect(explanation).toMatch(
      /^GET \/orders · region sa-east-1 answered 2xx with an invalid payload in \d+ of \d+ requests \(.*\) from .*: field `total` missing \(\d+; 0 of 1,\d{3} before\)\.$/,
    )
    expect(explanation).toContain(`field \`total\` missing (${affected}; 0 of`)
    expect(found[0].samples).toHaveLength(3)
    expect(changes(report)).toEqual([])
  })

  test('a deploy that removes a field from all answers is a fact', async () => {
    const report = await against(({ route, body }) =>
      route === '/orders' ? { body: without('total', body), version: '1.1.0' } : { version: '1.1.0' },
    )
    expect(loud(report)).toEqual([])
    expect(changes(report)).toEqual([
      expect.stringMatching(
        /^GET \/orders: field `total` is gone \(in all of 1,\d{3} answers before, in hardly any of 1,\d{3} now\)$/,
      ),
    ])
  })

  test('a deploy to a tenth of the traffic that removes a field is a fact of that version', async () => {
    const report = await against(({ body }, random) =>
      random() < 0.1 ? { body: without('total', body), version: '1.1.0' } : {},
    )
    expect(loud(report)).toEqual([])
    expect(changes(report)).toEqual([
      expect.stringMatching(/^GET \/orders: in version `1\.1\.0`: field `total` is gone \(in all of /),
    ])
  })

  test('arrays that are empty in 40 % of the answers and never were are a silent failure', async () => {
    const report = await against(({ route, body }, random) =>
      route === '/search' && random() < 0.4 ? { body: { ...body, hits: [] } } : {},
    )
    const found = loud(report)
    expect(found.map(({ category, scope }) => ({ category, scope }))).toEqual([
      { category: 'silent_failure', scope: { endpoint: 'GET /search' } },
    ])
    expect(found[0].explanation).toMatch(/: field `hits` is an empty array \(\d+; 0 of 1,\d{3} before\)\.$/)
  })

  test('pages instead of JSON are a silent failure even when there is nothing else', async () => {
    const found = loud(await against(({ route }) => (route === '/users' ? { body: '<!doctype html>' } : {})))
    expect(found.map(({ category, scope }) => ({ category, scope }))).toEqual([
      { category: 'silent_failure', scope: { endpoint: 'GET /users' } },
    ])
    expect(found[0].explanation).toMatch(/: answer is HTML \(1,\d{3}; 0 of 1,\d{3} before\)\.$/)
  })

  test('optional fields, fields of two types and arrays that are empty at times promise nothing', async () => {
    const report = await against(({ route, body }) => {
      if (route === '/orders') return { body: without('coupon', body) }
      return route === '/users' ? { body: { id: 'seven', tags: [] } } : { body: { ...body, next: 'abc' } }
    })
    expect(loud(report)).toEqual([])
  })

  test('ten answers promise nothing', async () => {
    let orders = 0
    const few = leave(log(1, 5_000, ({ route }) => (route === '/orders' && orders++ >= 10 ? { body: null } : {})))
    const report = await against(
      ({ route, body }, random) => (route === '/orders' && random() < 0.3 ? { body: without('total', body) } : {}),
      few,
    )
    expect(loud(report)).toEqual([])
  })

  test('other types, forms and new fields in all answers are facts', async () => {
    const report = await against(({ route, body }) => {
      if (route === '/orders') return { body: { ...body, id: 'o-7', tax: 1, fees: 2 } }
      return { body: route === '/users' ? [body] : { ...body, hits: [] } }
    })
    expect(loud(report)).toEqual([])
    expect(changes(report).sort()).toEqual([
      'GET /orders: field `id` is a string, was a number',
      'GET /orders: new fields `fees`, `tax`',
      'GET /search: array `hits` is empty in 100 % of answers, was in 0 %',
      'GET /users: an object before, a list now',
    ])
  })

  test('a broken contract is not learnt, unless somebody calls it usual', async () => {
    const broken: Change = ({ route, body }, random) =>
      route === '/orders' && random() < 0.3 ? { body: without('total', body) } : {}
    const totalOf = ({ state }: Report) => {
      const { bodies, fields } = state!.baseline.endpoints.find(({ endpoint }) => endpoint === 'GET /orders')!
      return fields.find(({ name }) => name === 'total')!.types.number / bodies
    }
    expect(totalOf(await against(broken))).toBe(1)
    const ignore = [
      { fingerprint: null, category: 'silent_failure', scope: {}, reason: 'so be it', until: Number.NaN },
    ] as const
    const logs = await read(log(2, 4_200, broken))
    const accepted = await run(logs, {
      baseline: await before,
      ignore: ignore.map((entry) => ({ ...entry, verdict: 'new normal' })),
    })
    expect(totalOf(accepted)).toBeCloseTo(0.7, 1)
    expect(loud(await run(await read(log(3, 4_200, broken)), { baseline: accepted.state! }))).toEqual([])
  })
})

test('hostile names of fields are shown, and do nothing', async () => {
  const names = [
    '=HYPERLINK("x")',
    '`</details>|@octocat #1 [x](http://evil.example)',
    '\n::error::boom\n##[error]boom',
  ]
  const hostile = (body: Body) => ({ ...body, ...Object.fromEntries(names.map((name) => [name, 1])) })
  const main = leave(log(1, 5_000, ({ body }) => ({ body: hostile(body) })))
  const report = await against(({ body }, random) => {
    const name = names[Math.floor(random() * 6)]
    return { body: name === undefined ? hostile(body) : without(name, hostile(body)) }
  }, main)
  expect(loud(report)).not.toEqual([])
  const shown = { ...report, incidents: loud(report) }
  const reasons = [...new Set(shown.anomalies.filter(({ source }) => source !== '').map((row) => row.explanation))]
  const rows = reasons.sort().map((explanation) => ({ ...shown.anomalies[0], source: 'x:1', explanation }))
  const summary = renderSummary(shown)
  const details = summary.split('\n').filter((line) => line.includes('missing'))
  expect(details.join('\n')).toMatchSnapshot('summary')
  const cells = renderAnomalies({ ...shown, anomalies: rows }).split('\n')
  expect(cells.map((line) => line.slice(line.lastIndexOf('x:1'))).join('\n')).toMatchSnapshot('csv')
  const lines = renderTable(shown)
  expect(lines).not.toMatch(/##\[|^\s*::/m)
})

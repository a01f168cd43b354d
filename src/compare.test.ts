import { describe, expect, test } from 'bun:test'
import { generateLog } from './logs/generate.ts'
import { renderLog } from './logs/generate-text.ts'
import type { FixtureRow } from './logs/log-fixture.ts'
import { readLogs } from './logs/read.ts'
import { sourceOf } from './logs/rows-fixture.ts'
import { testRun } from './logs/test-run-fixture.ts'
import { run } from './run.ts'
import { parseState } from './state/parse.ts'
import { renderState } from './state/render.ts'
import type { Ignore, Logs, Report, State } from './types.ts'

type Change = (row: FixtureRow, i: number) => FixtureRow | null

/** Every nth request that a condition holds for. */
const every = (n: number, holds: (row: FixtureRow) => boolean, change: FixtureRow): Change => {
  let count = 0
  return (row) => (holds(row) && count++ % n === 0 ? change : {})
}
const both =
  (...changes: Change[]): Change =>
  (row, i) =>
    Object.assign({}, ...changes.map((change) => change(row, i)))
const isCheckout = ({ endpoint }: FixtureRow) => endpoint === 'POST /checkout'
const isOrders = ({ endpoint, region }: FixtureRow) => endpoint === 'GET /orders' && region === 'eu-west-1'
const checkoutFails = (n: number) => every(n, isCheckout, { status: 503 })
const itemsFail = every(3, ({ endpoint, region }) => endpoint === 'GET /items' && region === 'eu-west-1', {
  status: 500,
})
const ordersFail = every(3, isOrders, { status: 500 })

/** main's run as its artifact has it. */
async function leave(logs: Logs, before: State | null = null, ignore: readonly Ignore[] = []): Promise<State> {
  const { state } = await run(logs, { baseline: before, ignore, now: 1 })
  return parseState(renderState(state!))
}
const healthy = () => leave(testRun(1))
/** A main that has had a fault since it was healthy. */
const faulty = async (change: Change) => leave(testRun(2, change), await healthy())
const against = (baseline: State | Logs, change?: Change, requests?: number) =>
  run(testRun(3, change, requests), { baseline })

/** What the headline counts, with the scopes. */
const diff = ({ incidents, comparison }: Report) => ({
  incidents: incidents
    .filter(({ severity }) => severity !== 'low')
    .map(({ status, category, scope }) => `${status} ${category} ${Object.values(scope).join(' ')}`),
  fixed: comparison!.fixed.map(({ incident }) => `${incident.category} ${Object.values(incident.scope).join(' ')}`),
})
const NOTHING = { incidents: [], fixed: [] }

describe('against main', () => {
  test('what did not change gives nothing', async () => {
    const report = await against(await healthy())
    expect(diff(report)).toEqual(NOTHING)
    expect(report.comparison).toMatchObject({ untold: [], appeared: [], vanished: [], changed: [] })
    for (const { lower, upper } of report.comparison!.latency) {
      expect(lower).toBeLessThan(1.05)
      expect(upper).toBeGreaterThan(0.95)
    }
  })

  test('a fault that main has not is new', async () => {
    expect(diff(await against(await healthy(), checkoutFails(3)))).toEqual({
      incidents: ['new error_spike POST /checkout'],
      fixed: [],
    })
  })

  test('a fault that main has too is known', async () => {
    expect(diff(await against(await faulty(checkoutFails(12)), checkoutFails(12)))).toEqual({
      incidents: ['known error_spike POST /checkout'],
      fixed: [],
    })
  })

  test('a fault that has grown is worse', async () => {
    expect(diff(await against(await faulty(checkoutFails(12)), checkoutFails(2)))).toEqual({
      incidents: ['worse error_spike POST /checkout'],
      fixed: [],
    })
  })

  test('a fault that has spread is worse', async () => {
    const spread = every(3, ({ service }) => service === 'checkout', { status: 500 })
    expect(diff(await against(await faulty(ordersFail), spread))).toEqual({
      incidents: ['worse error_spike checkout'],
      fixed: [],
    })
  })

  test('a fault that is gone is fixed', async () => {
    expect(diff(await against(await faulty(checkoutFails(12))))).toEqual({
      incidents: [],
      fixed: ['error_spike POST /checkout'],
    })
  })

  test('a fault whose endpoint was hardly called is neither known nor fixed', async () => {
    let calls = 0
    const hardly: Change = (row) => (isCheckout(row) && calls++ >= 4 ? null : {})
    const report = await against(await faulty(checkoutFails(12)), hardly)
    expect(diff(report)).toEqual(NOTHING)
    expect(report.comparison!.untold).toMatchObject([{ requests: 4, affected: 0 }])
  })

  test('one new, one known, one fixed', async () => {
    const main = await faulty(both(checkoutFails(12), itemsFail))
    const cartFails = every(4, ({ endpoint }) => endpoint === 'GET /cart', { status: 500 })
    expect(diff(await against(main, both(checkoutFails(12), cartFails)))).toEqual({
      incidents: ['new error_spike GET /cart', 'known error_spike POST /checkout'],
      fixed: ['error_spike GET /items eu-west-1'],
    })
  })

  test('a deploy that changes sizes everywhere is a fact', async () => {
    const larger: Change = ({ bytes }) => ({ bytes: Math.round(bytes! * 1.4), version: '2.15.0' })
    const report = await against(await healthy(), larger)
    expect(diff(report)).toEqual(NOTHING)
    expect(report.comparison!.changed.map(({ kind }) => kind)).toEqual(Array(6).fill('size'))
    expect(report.comparison!.changed[0].text).toMatch(/^median size: 1\.\d+ KB before, 1\.\d+ KB now \(×1\.4\)$/)
  })

  test('endpoints that were removed and added are facts', async () => {
    const moved: Change = ({ endpoint }) =>
      endpoint === 'GET /items' ? null : endpoint === 'GET /orders' ? { endpoint: 'GET /v2/orders' } : {}
    const report = await against(await healthy(), moved)
    expect(diff(report)).toEqual(NOTHING)
    expect(report.comparison!.appeared.map(({ endpoint }) => endpoint)).toEqual(['GET /v2/orders'])
    expect(report.comparison!.vanished.map(({ endpoint }) => endpoint).sort()).toEqual(['GET /items', 'GET /orders'])
  })

  test.each([30_000, 300])('with %p requests instead of 3,000 nothing is new', async (requests) => {
    expect(diff(await against(await healthy(), undefined, requests))).toEqual(NOTHING)
  })

  test('another mix of endpoints and regions gives nothing', async () => {
    const mix: Change = ({ endpoint, region }, i) =>
      (endpoint === 'GET /items' && i % 10 > 0) || (region === 'us-east-1' && i % 4 > 0) ? null : {}
    expect(diff(await against(await healthy(), mix))).toEqual(NOTHING)
  })

  test('latency is told before and after, with what chance could do', async () => {
    const slower: Change = (row) => (isCheckout(row) ? { durationMs: row.durationMs! * 2 } : {})
    const { comparison } = await against(await healthy(), slower)
    const [first] = comparison!.latency
    expect(first.endpoint).toBe('POST /checkout')
    expect(first.ratio).toBeCloseTo(2, 0)
    expect(first.lower).toBeGreaterThan(1.8)
    expect(first.upper).toBeLessThan(2.2)
  })

  test('another status is a fact when it is no error of anybody', async () => {
    const moved = every(2, ({ endpoint }) => endpoint === 'GET /items', { status: 304 })
    const report = await against(await healthy(), moved)
    expect(diff(report)).toEqual(NOTHING)
    expect(report.comparison!.changed).toMatchObject([{ endpoint: 'GET /items', kind: 'status' }])
  })
})

test('a log has nothing new, worse or fixed against its own state, whatever is in it', async () => {
  for (const seed of [1, 2]) {
    const { records } = generateLog({ rows: 12_000, days: 6, seed, clean: false })
    const logs = await readText(renderLog(records, 'csv'))
    const report = await run(logs, { baseline: await leave(logs) })
    const { incidents, fixed } = diff(report)
    expect({ seed, news: incidents.filter((line) => !line.startsWith('known')), fixed }).toEqual({
      seed,
      news: [],
      fixed: [],
    })
    expect(incidents.length).toBeGreaterThan(3)
  }
})

async function readText(text: string): Promise<Logs> {
  return readLogs([sourceOf('log.csv', text)])
}

describe('the logs of main', () => {
  test('serve like the state that they leave', async () => {
    const main = testRun(2, checkoutFails(12))
    const pull = testRun(3, ordersFail)
    const byLogs = await run(pull, { baseline: main })
    const byState = await run(pull, { baseline: await leave(main) })
    const { series: _, ...rest } = byState
    expect(byLogs).toMatchObject(rest)
  })
})

describe('a state', () => {
  test('is unfit when its run brought something grave', async () => {
    expect((await healthy()).unfit).toBe('')
    const poisoned = await faulty(checkoutFails(2))
    expect(poisoned.unfit).toBe('it brought 1 critical or high incident')
  })

  test('is fit when that was known before', async () => {
    const poisoned = await faulty(checkoutFails(2))
    expect((await leave(testRun(4, checkoutFails(2)), poisoned)).unfit).toBe('')
  })

  test.each([
    ['expected', ['known error_spike POST /checkout']],
    ['false alarm', []],
    ['new normal', []],
  ] as const)('is fit when somebody says that it is %s, and the next run hears %p', async (verdict, heard) => {
    const ignore: Ignore[] = [
      {
        fingerprint: null,
        category: 'error_spike',
        scope: { endpoint: 'POST /*' },
        reason: 'see the plan',
        until: Number.NaN,
        verdict,
      },
    ]
    const accepted = await leave(testRun(2, checkoutFails(2)), await healthy(), ignore)
    expect(accepted.unfit).toBe('')
    expect(diff(await against(accepted, checkoutFails(2))).incidents).toEqual([...heard])
  })

  test('does not teach the next run that a fault is usual', async () => {
    const { baseline } = await faulty(checkoutFails(12))
    const { serverErrors, judged } = baseline.cells.counts
    const share = serverErrors.reduce((a, b) => a + b, 0) / judged.reduce((a, b) => a + b, 0)
    expect(share).toBeLessThan(0.006)
  })
})

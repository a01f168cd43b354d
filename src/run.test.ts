import { describe, expect, test } from 'bun:test'
import { buildLogs, FIXTURE_START, type FixtureRow } from './logs/log-fixture.ts'
import { testRun } from './logs/test-run-fixture.ts'
import { createRandom } from './math/random.ts'
import { run } from './run.ts'
import type { Report } from './types.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Every number in full, NaN and Infinity too. */
const print = (report: Report) =>
  JSON.stringify(report, (_, value) =>
    value instanceof Float64Array ? Array.from(value, String) : typeof value === 'number' ? String(value) : value,
  )

const loud = ({ incidents }: Report) => incidents.filter(({ severity }) => severity !== 'low')

const isBroken = ({ endpoint, region, status }: FixtureRow) =>
  endpoint === 'POST /checkout' && region === 'sa-east-1' && status === 200
const SCOPE = { endpoint: 'POST /checkout', region: 'sa-east-1' }

describe('a pull request whose POST /checkout answers 200 with a bad body in one region from the first row on', () => {
  test.each([
    ['flagged', (row: FixtureRow): FixtureRow => ({ invalid: isBroken(row) ? 'payload_valid is false' : '' })],
    ['tiny', (row: FixtureRow): FixtureRow => (isBroken(row) ? { bytes: 2 } : {})],
  ])('is told so, and nothing else, when bodies are %s', async (how, change) => {
    const baseline = testRun(1, how === 'flagged' ? () => ({ invalid: '' }) : undefined)
    const found = loud(await run(testRun(2, change), { baseline }))
    expect(found.map(({ category, severity, scope }) => ({ category, severity, scope }))).toEqual([
      { category: 'silent_failure', severity: expect.stringMatching(/critical|high/), scope: SCOPE },
    ])
    expect(found[0].actual).toBeGreaterThan(0.95)
    expect(found[0].start).toBe(FIXTURE_START)
    expect(found[0].explanation).toContain('POST /checkout')
    expect(found[0].explanation).toContain('the baseline log')
  })

  test('is told of the flag without a baseline log too: its siblings are well', async () => {
    const flagged = testRun(2, (row) => ({ invalid: isBroken(row) ? 'payload_valid is false' : '' }))
    expect(loud(await run(flagged)).map(({ scope }) => scope)).toEqual([SCOPE])
  })

  test('hears nothing when it changed nothing', async () => {
    for (let seed = 3; seed < 8; seed++) expect(loud(await run(testRun(seed), { baseline: testRun(1) }))).toEqual([])
  })
})

describe('a run', () => {
  test('gives the same report for the same input, to the bit', async () => {
    const make = () => testRun(2, (row) => (isBroken(row) ? { status: 503, durationMs: 900 } : {}))
    const [first, second] = [await run(make(), { baseline: testRun(1) }), await run(make(), { baseline: testRun(1) })]
    expect(first.incidents.length).toBeGreaterThan(0)
    expect(print(second)).toBe(print(first))
  })

  test('does not write to its logs', async () => {
    const logs = testRun(2, (row) => (isBroken(row) ? { bytes: 1 } : {}))
    const copy = structuredClone(logs)
    await run(logs, { baseline: logs })
    expect(logs).toEqual(copy)
  })

  test('names its stages in order', async () => {
    const stages: string[] = []
    await run(buildLogs([{}]), { onStage: (stage) => stages.push(stage) })
    expect(stages).toEqual(['features', 'detect', 'decide', 'merge', 'compare'])
  })

  test('finds a broken objective whatever is usual', async () => {
    const logs = testRun(2, () => ({ status: 200 }))
    const objectives = { errorShare: Number.NaN, silentShare: Number.NaN, p95Ms: new Map([['GET /cart', 100]]) }
    const [incident, ...rest] = loud(await run(logs, { objectives }))
    expect(rest).toEqual([])
    expect(incident).toMatchObject({ category: 'latency_surge', unit: 'ms', expected: 100, detectors: ['objective'] })
    expect(incident.scope).toEqual({ endpoint: 'GET /cart' })
  })

  test('leaves what is too small to matter out, and says so', async () => {
    const logs = testRun(2, (row) => (isBroken(row) ? { status: 503 } : {}))
    const report = await run(logs, {
      minimum: { requests: 1e6, share: 1, traffic: 1, latency: 100 },
      baseline: testRun(1),
    })
    expect(loud(report)).toEqual([])
    expect(report.notes.join()).toContain('beyond chance but too small to matter')
  })

  test('bounds its false alarms', async () => {
    const { tests } = await run(testRun(2))
    expect(tests.judged).toBeGreaterThan(1000)
    expect(tests.expectedFalseAlarms).toBeLessThanOrEqual(0.005)
    expect((await run(testRun(2), { sensitivity: 'high' })).tests.expectedFalseAlarms).toBeGreaterThan(
      tests.expectedFalseAlarms,
    )
  })
})

describe('little to go by', () => {
  const steady = (count: number, stepMs: number, row: FixtureRow = {}) =>
    buildLogs(Array.from({ length: count }, (_, i) => ({ time: i * stepMs, endpoint: 'GET /a', ...row })))

  test('one row', async () => {
    const { incidents, input, series, notes } = await run(steady(1, 0))
    expect(incidents).toEqual([])
    expect(input).toMatchObject({ rows: 1, windowSeconds: 1, start: FIXTURE_START, end: FIXTURE_START })
    expect(series.requests).toEqual(Float64Array.of(1))
    expect(notes).toContain('1 row is little evidence: only gross failures can be seen.')
  })

  test('one window', async () => {
    const { incidents, notes } = await run(steady(500, 10), { windowMs: MINUTE })
    expect(incidents).toEqual([])
    expect(notes.join(' ')).toContain(
      'With 1 window and no baseline log, what is wrong from the first row on cannot be seen.',
    )
  })

  test('no status', async () => {
    const { incidents, notes } = await run(steady(2000, 1000, { status: null }))
    expect(incidents).toEqual([])
    expect(notes).toContain('Server errors were not judged: the log has no status.')
    expect(notes).toContain('Client errors were not judged: the log has no status.')
    expect(notes).toContain('Silent failures were not judged: no 2xx answer in the log.')
  })

  test('no duration', async () => {
    const { incidents, notes } = await run(steady(2000, 1000, { durationMs: Number.NaN }))
    expect(incidents).toEqual([])
    expect(notes).toContain('Latency was not judged: the log has no duration.')
  })

  test('nothing that tells a valid payload', async () => {
    expect((await run(steady(2000, 1000))).notes.join()).toContain(
      'Silent failures were not judged: the log has no flag',
    )
  })

  test('nothing but failures from the first row to the last', async () => {
    const { incidents } = await run(steady(2000, 1000, { status: 500 }))
    expect(incidents).toEqual([])
  })

  test('constant traffic for four days', async () => {
    const { incidents, notes } = await run(steady(4 * 24 * 30, 2 * MINUTE), { windowMs: HOUR })
    expect(incidents).toEqual([])
    expect(notes.join(' ')).toContain('the local level was used instead')
  })

  test('all rows at one instant', async () => {
    const { incidents, input } = await run(steady(5000, 0))
    expect(incidents).toEqual([])
    expect(input.start).toBe(input.end)
  })

  test('rows years apart', async () => {
    const { incidents } = await run(steady(12, 365 * 24 * HOUR))
    expect(incidents).toEqual([])
  })
})

describe('a change that lasts the whole log, against a baseline log', () => {
  const ENDPOINTS = ['GET /a', 'GET /b', 'POST /c']
  /** Ten minutes of 3,000 requests; `change` alters what the seed draws. */
  const tenMinutes = (seed: number, change: (row: FixtureRow) => FixtureRow) => {
    const random = createRandom(seed)
    return buildLogs(
      Array.from({ length: 3000 }, (_, i) =>
        change({
          time: FIXTURE_START + i * 200,
          endpoint: ENDPOINTS[Math.floor(random() * 3)],
          region: random() < 0.6 ? 'us' : 'eu',
          status: random() < 0.004 ? 500 : 200,
          durationMs: 50 * (1 + random() ** 3 * 4),
        }),
      ),
    )
  }
  const judge = async (seed: number, change: (row: FixtureRow) => FixtureRow) => {
    const { incidents } = await run(tenMinutes(seed, change), { baseline: tenMinutes(seed + 50, (row) => row) })
    return incidents.filter(({ severity }) => severity !== 'low').map(({ category, scope }) => ({ category, scope }))
  }

  test.each([1, 2, 3])('nothing changed: no incident (seed %d)', async (seed) => {
    expect(await judge(seed, (row) => row)).toEqual([])
  })

  test.each([1, 2, 3])('one endpoint fails in a third of its requests: one incident (seed %d)', async (seed) => {
    const random = createRandom(seed)
    const change = (row: FixtureRow) => (row.endpoint === 'POST /c' && random() < 0.3 ? { ...row, status: 503 } : row)
    expect(await judge(seed, change)).toEqual([{ category: 'error_spike', scope: { endpoint: 'POST /c' } }])
  })

  test.each([1, 2, 3])('everything takes twice as long: one incident (seed %d)', async (seed) => {
    const change = (row: FixtureRow) => ({ ...row, durationMs: 2 * (row.durationMs ?? 0) })
    expect(await judge(seed, change)).toEqual([{ category: 'latency_surge', scope: {} }])
  })
})

describe('what recurs every day', () => {
  test.each([3, 6, 14])('a nightly job and office hours with sharp edges are no incident (%d days)', async (days) => {
    const random = createRandom(5)
    const rows: FixtureRow[] = []
    for (let hour = 0; hour < days * 24; hour++) {
      const office = hour % 24 >= 9 && hour % 24 < 17
      const count = ((office ? 200 : 50) + (hour % 24 === 3 ? 300 : 0)) * (0.9 + 0.2 * random())
      for (let i = 0; i < count; i++) rows.push({ time: FIXTURE_START + (hour + random()) * HOUR, endpoint: 'GET /a' })
    }
    expect(loud(await run(buildLogs(rows)))).toEqual([])
  })
})

describe('the traffic of the whole, after a baseline log of two weeks', () => {
  /** Hourly requests with a daily season. */
  const hours = (seed: number, from: number, count: number, factor: (hour: number) => number) => {
    const random = createRandom(seed)
    const rows: FixtureRow[] = []
    for (let hour = from; hour < from + count; hour++) {
      const requests = 150 * (1 + 0.6 * Math.sin((hour / 24) * 2 * Math.PI)) * factor(hour) * (0.93 + 0.14 * random())
      for (let i = 0; i < requests; i++)
        rows.push({ time: FIXTURE_START + (hour + random()) * HOUR, endpoint: 'GET /a' })
    }
    return buildLogs(rows)
  }
  const baseline = hours(1, 0, 14 * 24, () => 1)
  const judge = async (factor: (hour: number) => number) =>
    loud(await run(hours(2, 15 * 24, 12, factor), { baseline, windowMs: HOUR }))

  test('a day like the others is no incident', async () => {
    expect(await judge(() => 1)).toEqual([])
  })

  test('a day at a third of its traffic from the first row on is one', async () => {
    const [incident, ...others] = await judge(() => 0.33)
    expect(others).toEqual([])
    expect([incident.category, incident.scope]).toEqual(['traffic_drop', {}])
    expect(incident.effect).toBeLessThan(-0.4)
  })
})

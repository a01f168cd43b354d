import { describe, expect, test } from 'bun:test'
import { buildLogs, FIXTURE_START, type FixtureRow } from './logs/log-fixture.ts'
import { run } from './run.ts'

const MINUTE = 60_000
/** Ten hours of two requests a minute. */
const log = (change: (i: number) => FixtureRow = () => ({})) =>
  buildLogs(Array.from({ length: 1200 }, (_, i) => ({ time: i * (MINUTE / 2), endpoint: 'GET /a', ...change(i) })))
const OPTIONS = { windowMs: 10 * MINUTE }

describe('a summary', () => {
  test('says what was read', async () => {
    const { input, rejected } = await run(
      log((i) => ({ service: i % 2 === 0 ? 'a' : 'b', region: 'eu', environment: ['prod', 'test', 'dev'][i % 3] })),
      OPTIONS,
    )
    expect(input).toEqual({
      rows: 1200,
      rejected: 0,
      files: ['test.csv'],
      formats: ['csv'],
      start: FIXTURE_START,
      end: FIXTURE_START + 10 * 60 * MINUTE - MINUTE / 2,
      windowSeconds: 600,
      services: 2,
      endpoints: 1,
      regions: 1,
      environments: 3,
      versions: 0,
      baseline: '',
    })
    expect(rejected).toEqual([])
  })

  test('names the baseline, and whose note is whose', async () => {
    const baseline = { ...log(() => ({ file: 'main.csv' })), notes: ['Times have no zone: read as UTC.'] }
    const { input, notes } = await run({ ...log(), notes: ['Ten lines were cut.'] }, { ...OPTIONS, baseline })
    expect(input.baseline).toStartWith('main.csv (')
    expect(notes.slice(0, 2)).toEqual(['Ten lines were cut.', 'Baseline: Times have no zone: read as UTC.'])
  })
})

describe('series for charts', () => {
  test('have one entry for each window', async () => {
    const { series } = await run(
      log((i) => ({ durationMs: i % 10 === 0 ? 900 : 100 })),
      OPTIONS,
    )
    expect(series.windowMs).toBe(10 * MINUTE)
    expect([...series.time.subarray(0, 2)]).toEqual([FIXTURE_START, FIXTURE_START + 10 * MINUTE])
    expect(series.requests).toEqual(new Float64Array(60).fill(20))
    expect(series.latencyP50Ms).toEqual(new Float64Array(60).fill(100))
    expect(series.latencyP95Ms[0]).toBe(900)
    expect(series.expectedRequests[30]).toBeCloseTo(20, 6)
    expect(series.lowerRequests[30]).toBeLessThan(20)
    expect(series.upperRequests[30]).toBeGreaterThan(20)
  })

  test('have error shares by environment, or of the only one', async () => {
    const failing = (i: number) => ({ status: i < 20 && i % 2 === 0 ? 500 : 200 })
    const two = await run(
      log((i) => ({ ...failing(i), environment: i % 2 === 0 ? 'prod' : 'test' })),
      OPTIONS,
    )
    expect(
      two.series.errorShareByEnvironment.map(({ environment, share }) => [environment, share[0], share[1]]),
    ).toEqual([
      ['prod', 1, 0],
      ['test', 0, 0],
    ])
    const one = await run(
      log((i) => ({ ...failing(i), environment: 'prod' })),
      OPTIONS,
    )
    expect(one.series.errorShareByEnvironment.map(({ environment, share }) => [environment, share[0]])).toEqual([
      ['prod', 0.5],
    ])
    const none = await run(log(failing), OPTIONS)
    expect(none.series.errorShareByEnvironment.map(({ environment }) => environment)).toEqual(['all'])
  })

  test('have no forecast where the whole was not judged', async () => {
    const { series } = await run({ ...log(), plannedTraffic: true }, OPTIONS)
    for (const values of [series.expectedRequests, series.lowerRequests, series.upperRequests]) {
      expect(values.every(Number.isNaN)).toBe(true)
    }
  })

  test('count silent failures by service, largest first', async () => {
    const { series } = await run(
      log((i) => ({
        service: i % 2 === 0 ? 'a' : 'b',
        ...(i % 400 === 1 || i === 600 ? { invalid: 'x' } : { invalid: '' }),
      })),
      OPTIONS,
    )
    expect(series.anomaliesByService.map(({ service, counts }) => [service, counts.silent_failure])).toEqual([
      ['b', 3],
      ['a', 1],
    ])
  })
})

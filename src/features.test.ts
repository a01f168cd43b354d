import { describe, expect, test } from 'bun:test'
import { buildFeatures } from './features.ts'
import { learn } from './learn.ts'
import { buildLogs, type FixtureRow } from './logs/log-fixture.ts'
import { DEFAULT_SETTINGS, type Logs, PAYLOAD } from './types.ts'

const MINUTE = 60_000
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE }

/** 300 requests, one a minute, half of them of each endpoint. */
const log = (change: (i: number) => FixtureRow = () => ({})) =>
  buildLogs(
    Array.from({ length: 300 }, (_, i) => ({
      time: i * MINUTE,
      endpoint: i % 2 === 0 ? 'GET /a' : 'GET /b',
      durationMs: 100 + (i % 50),
      bytes: 2000,
      ...change(i),
    })),
  )

describe('features', () => {
  test('fit together: rows lie in windows, windows add up to the log', () => {
    const { grid, windowOf, windows, sliceTable, table } = buildFeatures(log(), null, SETTINGS)
    expect(grid.windows).toBe(30)
    expect([windowOf[0], windowOf[9], windowOf[10], windowOf[299]]).toEqual([0, 0, 1, 29])
    expect(sliceTable.slices.map(({ requests }) => requests)).toEqual([300, 150, 150])
    expect(windows.requests.subarray(0, 30)).toEqual(new Uint32Array(30).fill(10))
    expect(windows.requests.subarray(30, 60)).toEqual(new Uint32Array(30).fill(5))
    expect(table.rows).toBe(300)
  })

  test('quantiles of a scope are those of its rows', () => {
    const durationMs = (i: number) => (i % 2 === 0 ? 10 : 1000)
    const { quantiles, table } = buildFeatures(
      log((i) => ({ durationMs: durationMs(i) })),
      null,
      SETTINGS,
    )
    const scopes = [{ endpoint: 'GET /b' }, {}, { endpoint: 'GET /c' }]
    const [[own], [whole], [nobody]] = quantiles(scopes, table.durationMs, [0.5])
    expect([own![3], whole![3], nobody![3]]).toEqual([1000, 505, Number.NaN])
  })

  test('durations and sizes are also held against what is usual for their endpoint', () => {
    const usual = (i: number) => (i % 2 === 0 ? { durationMs: 5000, bytes: 90_000 } : { durationMs: 20, bytes: 300 })
    const { relativeLatency, relativeSize } = buildFeatures(
      log((i) => (i < 2 ? { durationMs: 2 * usual(i).durationMs, bytes: 3 * usual(i).bytes } : usual(i))),
      null,
      SETTINGS,
    )
    expect([...relativeLatency.subarray(0, 4)]).toEqual([2, 2, 1, 1])
    expect([...relativeSize.subarray(0, 4)]).toEqual([3, 3, 1, 1])
  })

  test('what moves durations and sizes alike moves both by as much after a deploy as before it', () => {
    // Caches are colder in the second half, in which a new version that answers half as much is out.
    const { relativeLatency, relativeSize } = buildFeatures(
      log((i) => {
        const cold = (i < 150 ? 1 : 1.5) * (i === 40 || i === 240 ? 2 : 1)
        const version = i < 150 ? '1' : '2'
        return { version, durationMs: 100 * cold, bytes: (version === '1' ? 2000 : 1000) * cold }
      }),
      null,
      SETTINGS,
    )
    expect([...relativeLatency]).toEqual([...relativeSize])
    expect([39, 40, 239, 240].map((row) => relativeLatency[row])).toEqual([1, 2, 1, 2])
  })

  test('near-empty answers are marked in the table that all stages see', () => {
    const features = buildFeatures(
      log((i) => (i >= 100 && i < 110 ? { bytes: 1 } : {})),
      null,
      SETTINGS,
    )
    expect(features.table.payload[105]).toBe(PAYLOAD.invalid)
    expect(features.shareTest('silent_failure_share')(105)).toBe(1)
    expect(features.windows.silent.subarray(0, 30)).toEqual(
      Uint32Array.from({ length: 30 }, (_, w) => (w === 10 ? 10 : 0)),
    )
  })
})

const teach = (logs: Logs) => learn(buildFeatures(logs, null, SETTINGS), [], null)

describe('a baseline', () => {
  test('without one there is nothing to ask', () => {
    expect(buildFeatures(log(), null, SETTINGS).baselineOf).toBeNull()
  })

  test('counts a scope that is no slice of this log', () => {
    const baseline = log((i) => ({ region: i % 3 === 0 ? 'eu' : 'us', status: i % 30 === 0 ? 500 : 200 }))
    const { baselineOf } = buildFeatures(log(), teach(baseline), SETTINGS)
    expect(baselineOf!('server_error_share', {})).toEqual({ bad: 10, total: 300 })
    expect(baselineOf!('server_error_share', { region: 'eu', endpoint: 'GET /a' })).toEqual({ bad: 10, total: 50 })
    expect(baselineOf!('server_error_share', { region: 'mars' })).toEqual({ bad: 0, total: 0 })
  })

  test('says what is slow', () => {
    const { latency } = buildFeatures(
      log((i) => ({ durationMs: 300 + (i % 50) })),
      teach(log()),
      SETTINGS,
    )
    expect(latency.slow).toEqual(new Uint8Array(300).fill(1))
  })

  test('says what is near-empty, and its own near-empty answers are bad there', () => {
    const baseline = log((i) => (i === 7 ? { bytes: 1 } : {}))
    const { table, baselineOf } = buildFeatures(
      log(() => ({ bytes: 3 })),
      teach(baseline),
      SETTINGS,
    )
    expect(table.payload).toEqual(new Uint8Array(300).fill(PAYLOAD.invalid))
    expect(baselineOf!('silent_failure_share', {})).toEqual({ bad: 1, total: 300 })
  })
})

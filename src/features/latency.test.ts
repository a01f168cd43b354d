import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { buildUsualLatency, judgeLatency } from './latency.ts'

const times = (count: number, row: (i: number) => FixtureRow): FixtureRow[] =>
  Array.from({ length: count }, (_, i) => row(i))
/** 1, 2 … 100 ms, over and over. */
const spread = (count: number, base: FixtureRow, factor = 1) =>
  times(count, (i) => ({ ...base, durationMs: factor * (1 + (i % 100)) }))

function judge(rows: readonly FixtureRow[], baseline: readonly FixtureRow[] = rows) {
  const { slow, usualMs } = judgeLatency(buildLogs(rows).table, buildUsualLatency(buildLogs(baseline).table))
  const count = (value: number) => slow.filter((flag) => flag === value).length
  return { slow, usualMs, slowCount: count(1), unknownCount: count(2) }
}

describe('slow', () => {
  test('is what lies above the usual p90 of its endpoint', () => {
    const { slowCount, unknownCount, usualMs } = judge(spread(1000, { endpoint: 'GET /a' }))
    expect({ slowCount, unknownCount }).toEqual({ slowCount: 100, unknownCount: 0 })
    expect(usualMs[0]).toBe(50.5)
  })

  test('is nothing where all durations are equal', () => {
    expect(judge(times(500, () => ({ endpoint: 'GET /a', durationMs: 30 }))).slowCount).toBe(0)
  })

  test('is nothing at a ceiling that a tenth and more of the requests reach', () => {
    expect(judge(times(500, (i) => ({ endpoint: 'GET /a', durationMs: i % 5 === 0 ? 1000 : 30 }))).slowCount).toBe(0)
  })

  test('an endpoint that is slow by nature is not slow, whatever its part of the traffic', () => {
    const { slow } = judge([
      ...spread(900, { endpoint: 'GET /quick' }),
      ...spread(100, { endpoint: 'GET /report' }, 50),
    ])
    expect(slow.subarray(900).filter((flag) => flag === 1)).toHaveLength(10)
  })

  test('a far region has a cut of its own once it is known', () => {
    const far = spread(200, { endpoint: 'GET /a', region: 'far' }, 10)
    expect(judge([...spread(800, { endpoint: 'GET /a', region: 'near' }), ...far]).slow.subarray(800)).toEqual(
      judge(far).slow,
    )
  })

  test('a region with few requests is held against the endpoint', () => {
    const few = spread(50, { endpoint: 'GET /a', region: 'far' }, 10)
    const { slow } = judge([...spread(800, { endpoint: 'GET /a', region: 'near' }), ...few])
    expect(slow.subarray(800).filter((flag) => flag === 1).length).toBeGreaterThan(35)
  })

  test('a slower version shows: it has no cut of its own', () => {
    const { slow } = judge([
      ...spread(900, { endpoint: 'GET /a', version: '1' }),
      ...spread(100, { endpoint: 'GET /a', version: '2' }, 3),
    ])
    expect(slow.subarray(900).filter((flag) => flag === 1).length).toBeGreaterThan(60)
  })

  test('is unknown without a duration, and for an endpoint of fewer than twenty requests', () => {
    expect(judge(times(50, () => ({ endpoint: 'GET /a', durationMs: Number.NaN }))).unknownCount).toBe(50)
    const rare = judge(times(19, () => ({ endpoint: 'GET /rare' })))
    expect(rare.unknownCount).toBe(19)
    expect(rare.usualMs.every(Number.isNaN)).toBe(true)
  })

  test('against a baseline log is what lies above that log’s p90', () => {
    const usual = spread(500, { endpoint: 'GET /a' })
    expect(judge(spread(100, { endpoint: 'GET /a' }, 2), usual).slowCount).toBe(55)
    expect(judge(spread(100, { endpoint: 'GET /new' }), usual).unknownCount).toBe(100)
  })
})

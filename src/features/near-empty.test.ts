import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { PAYLOAD } from '../types.ts'
import { buildSizeLimits, flagNearEmpty } from './near-empty.ts'

const MINUTE = 60_000
/** 240 answers of about 1,000 bytes, one a minute. */
const answers = (change: (i: number) => FixtureRow = () => ({})): FixtureRow[] =>
  Array.from({ length: 240 }, (_, i) => ({
    time: i * MINUTE,
    endpoint: 'GET /cart',
    region: i % 3 === 0 ? 'eu' : 'us',
    bytes: 900 + ((i * 37) % 200),
    ...change(i),
  }))

function flagged(rows: readonly FixtureRow[], baseline: readonly FixtureRow[] | null = null): number[] {
  const { table } = buildLogs(rows)
  const result = flagNearEmpty(
    table,
    baseline === null ? null : buildSizeLimits(flagNearEmpty(buildLogs(baseline).table, null)),
  )
  return Array.from(result.payload).flatMap((payload, row) => (payload === PAYLOAD.invalid ? [row] : []))
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('near-empty', () => {
  test('are a few tiny answers of a route that answers more', () => {
    expect(flagged(answers((i) => (i >= 100 && i < 120 ? { bytes: 2 } : {})))).toEqual(range(100, 120))
  })

  test('has a reason, and leaves the log as it was', () => {
    const { table } = buildLogs(answers((i) => (i === 100 ? { bytes: 2 } : {})))
    const result = flagNearEmpty(table, null)
    expect(result.reasons[result.reason[100]]).toBe('near-empty body where the route normally answers more')
    expect(table.payload[100]).toBe(PAYLOAD.unknown)
    expect(table.reasons).toEqual([''])
  })

  test('is found in a whole region', () => {
    const rows = answers((i) => (i % 3 === 0 && i > 80 ? { bytes: 2 } : {}))
    expect(flagged(rows)).toEqual(range(81, 240).filter((i) => i % 3 === 0))
  })

  test('is found from the first row on when a baseline log says what is usual', () => {
    const broken = answers(() => ({ bytes: 20 }))
    expect(flagged(broken)).toEqual([])
    expect(flagged(broken, answers())).toEqual(range(0, 240))
  })

  test('keeps what the log itself says of a payload', () => {
    const known = flagNearEmpty(buildLogs(answers((i) => (i < 5 ? { bytes: 2, invalid: '' } : {}))).table, null)
    expect([...known.payload.subarray(0, 6)]).toEqual([...new Array(5).fill(PAYLOAD.valid), PAYLOAD.unknown])
  })
})

describe('not near-empty', () => {
  test('is a route whose answers are small by nature', () => {
    expect(flagged(answers((i) => ({ bytes: i % 10 === 0 ? 2 : 60 })))).toEqual([])
  })

  test('is a route that answers little now and then, everywhere and always', () => {
    expect(flagged(answers((i) => (i % 7 === 0 ? { bytes: 2 } : {})))).toEqual([])
  })

  test('is a deploy that makes answers 40 % smaller', () => {
    expect(flagged(answers((i) => (i >= 120 ? { bytes: 600, version: '2' } : { version: '1' })))).toEqual([])
    expect(flagged(answers((i) => (i >= 120 ? { bytes: 600 } : {})))).toEqual([])
  })

  test('is a deploy that makes all answers tiny: another version has its own size', () => {
    expect(flagged(answers((i) => (i >= 120 ? { bytes: 120, version: '2' } : { version: '1', bytes: 9000 })))).toEqual(
      [],
    )
  })

  test.each([204, 205, 304, 404, 500])('is a status %p that needs no body', (status) => {
    expect(flagged(answers((i) => (i >= 100 && i < 120 ? { status, bytes: 0 } : {})))).toEqual([])
  })

  test('is an answer to HEAD, whose route never has a body', () => {
    expect(flagged(answers((i) => (i % 2 === 0 ? { endpoint: 'HEAD /cart', bytes: 0 } : {})))).toEqual([])
  })

  test('is an answer of unknown size, or of a route seen too rarely', () => {
    expect(flagged(answers((i) => (i >= 100 && i < 120 ? { bytes: Number.NaN } : {})))).toEqual([])
    expect(flagged(answers((i) => (i < 20 ? { endpoint: 'GET /rare', bytes: i < 3 ? 0 : 900 } : {})))).toEqual([])
  })
})

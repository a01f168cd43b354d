import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { measureDuplicates } from './duplicates.ts'

const measure = (rows: readonly FixtureRow[]) => measureDuplicates(buildLogs(rows).table)
const rows = (count: number) =>
  Array.from({ length: count }, (_, i): FixtureRow => ({ time: i * 7, endpoint: 'GET /a', bytes: i % 50 }))

describe('measureDuplicates', () => {
  test('counts rows that repeat another', () => {
    expect(measure(rows(5_000))).toEqual({ share: 0, rows: 5_000, isSampled: false })
    expect(measure([...rows(1_000), ...rows(500)])?.share).toBeCloseTo(1 / 3, 10)
    expect(measure([...rows(1), ...rows(1), ...rows(1)])?.share).toBeCloseTo(2 / 3, 10)
  })

  test.each<[string, FixtureRow]>([
    ['time', { time: 1 }],
    ['endpoint', { endpoint: 'GET /b' }],
    ['status', { status: 201 }],
    ['duration', { durationMs: 5 }],
    ['size', { bytes: 5 }],
  ])('a row of another %s is no copy', (_, other) => {
    expect(measure([{ endpoint: 'GET /a' }, { endpoint: 'GET /a', ...other }])?.share).toBe(0)
  })

  test('cannot tell where rows are alike by nature', () => {
    const bare = Array.from({ length: 10 }, (): FixtureRow => ({ durationMs: Number.NaN, endpoint: 'GET /a' }))
    expect(measure(bare)).toBeNull()
  })
})

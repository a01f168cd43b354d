import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { measureDuplicates } from './duplicates.ts'

const measure = (rows: readonly FixtureRow[]) => measureDuplicates(buildLogs(rows).table)
const rows = (count: number) =>
  Array.from({ length: count }, (_, i): FixtureRow => ({ time: i * 7, endpoint: 'GET /a', bytes: i % 50 }))

describe('measureDuplicates', () => {
  test('counts rows that repeat another', () => {
    expect(measure(rows(5_000))).toBe(0)
    expect(measure([...rows(1_000), ...rows(500)])).toBeCloseTo(1 / 3, 10)
    expect(measure([...rows(1), ...rows(1), ...rows(1)])).toBeCloseTo(2 / 3, 10)
  })

  test('counts as a set of all rows does, however many have one time', () => {
    const random = createRandom(3)
    for (let trial = 0; trial < 30; trial++) {
      const times = Math.floor(1 + random() ** 4 * 400)
      const values = 1 + Math.floor(random() * 6)
      const draw = () => Math.floor(random() * values)
      const log = Array.from({ length: 400 }, () => ({
        time: 500 + Math.floor(random() * times),
        endpoint: `GET /${draw()}`,
        status: 200 + draw(),
        durationMs: draw() || Number.NaN,
        bytes: draw() || Number.NaN,
      }))
      const different = new Set(log.map((row) => Object.values(row).join())).size
      expect(measure(log)).toBeCloseTo((400 - different) / 400, 12)
    }
  })

  test.each<[string, FixtureRow]>([
    ['time', { time: 1 }],
    ['endpoint', { endpoint: 'GET /b' }],
    ['status', { status: 201 }],
    ['duration', { durationMs: 5 }],
    ['size', { bytes: 5 }],
  ])('a row of another %s is no copy', (_, other) => {
    expect(measure([{ endpoint: 'GET /a' }, { endpoint: 'GET /a', ...other }])).toBe(0)
  })

  test('cannot tell where rows are alike by nature', () => {
    const bare = Array.from({ length: 10 }, (): FixtureRow => ({ durationMs: Number.NaN, endpoint: 'GET /a' }))
    expect(measure(bare)).toBeNull()
  })
})

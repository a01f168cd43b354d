import { expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { addSizes, countSizes, createAttainable } from './attainable.ts'
import { buildCalendar } from './calendar.ts'
import { listIntervals } from './intervals.ts'
import { buildIntervalTable } from './screen.ts'
import { fitShareModel } from './share-model.ts'

const HOUR = 3_600_000
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: 24 * HOUR - 1 }]).table, HOUR).grid)

test('tests are counted by their length and their requests, and gathered by what is expected of them', () => {
  const { windows } = calendar
  const total = new Uint32Array(windows).fill(10)
  const bad = new Uint32Array(windows)
  bad[3] = 2
  const options = { masked: null, prior: { bad: 0.5, total: 1 }, baseline: null, phaseStrength: Infinity }
  const table = buildIntervalTable(listIntervals(windows, 4))
  const sizes = countSizes(fitShareModel({ bad, total }, calendar, options), table, 5)
  // Ten requests lie in the octave from 8, twenty and thirty in that from 16, forty in that from 32.
  expect(sizes.counts[3]).toBe(windows)
  expect(sizes.counts[32 + 4]).toBe(2 * windows - 3)
  expect(sizes.counts[64 + 5]).toBe(windows / 2 - 1)
  expect(sizes.share).toBeCloseTo(2.5 / (10 * windows + 1), 12)
  expect(sizes.doubt).toBeCloseTo(1 / 2.5, 12)

  const attainable = createAttainable()
  addSizes(attainable, sizes, 0, 0.1)
  const counted = attainable.list()
  expect(counted.reduce((sum, { tests }) => sum + tests, 0)).toBe(windows)
  for (const { expected, spread } of counted) {
    expect(expected).toBeGreaterThan(0.9 * 8 * sizes.share)
    expect(expected).toBeLessThan(1.1 * 16 * sizes.share)
    expect(Math.abs(Math.log2(spread / 0.5))).toBeLessThanOrEqual(0.5)
  }
})

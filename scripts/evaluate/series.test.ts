import { expect, test } from 'bun:test'
import { createRandom } from '../../src/math/random.ts'
import { findRuns } from './event-score.ts'
import { flagByForecast, flagByProphet } from './series.ts'

const HOUR = 3_600_000
const HOURS = 14 * 24

/** A daily wave with noise; hours `at` and the two after it are raised. */
function wave(at: number, unit: number, offset: number) {
  const random = createRandom(7)
  const time = Float64Array.from({ length: HOURS }, (_, i) => Date.UTC(2026, 2, 2) + i * HOUR)
  const value = time.map((_, i) => {
    const usual = 200 + 80 * Math.sin((i / 12) * Math.PI) + 30 * (random() + random() + random() - 1.5)
    return offset + unit * (i >= at && i < at + 3 ? 4 * usual : usual)
  })
  return { time, value }
}

test.each([
  ['amounts', 1, 0],
  ['small amounts', 1e-3, 0],
  ['values of both signs', 1, -250],
])('%s: one alarm where the series is odd, none elsewhere', async (_, unit, offset) => {
  const alarms = findRuns(await flagByForecast(wave(180, unit, offset)), 3)
  expect(alarms).toHaveLength(1)
  expect(alarms[0][0]).toBeLessThanOrEqual(180)
  expect(alarms[0][1]).toBeGreaterThanOrEqual(182)
  expect(alarms[0][1] - alarms[0][0]).toBeLessThan(8)
})

test('whole numbers are counts', async () => {
  const { time, value } = wave(100, 1, 0)
  expect(findRuns(await flagByForecast({ time, value: value.map(Math.round) }), 3)).toHaveLength(1)
})

test('a constant series has no alarm', async () => {
  const { time } = wave(0, 1, 0)
  const value = time.map(() => 45)
  expect((await flagByForecast({ time, value })).some((flag) => flag === 1)).toBe(false)
  expect((await flagByProphet({ time, value })).some((flag) => flag === 1)).toBe(false)
})

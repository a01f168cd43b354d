import { expect, test } from 'bun:test'
import { createRandom } from './random.ts'

const draw = (seed: number, count: number) => Array.from({ length: count }, createRandom(seed))

test('a seed gives the same numbers on every engine', () => {
  expect(draw(1, 3).map((value) => value * 2 ** 32)).toEqual([2420951833, 2513034076, 3847892949])
  expect(draw(7, 5)).toEqual(draw(7, 5))
})

test('seeds that lie side by side are unrelated', () => {
  const a = draw(1, 10_000)
  const b = draw(2, 10_000)
  const correlation = a.reduce((sum, value, i) => sum + (value - 0.5) * (b[i] - 0.5), 0) / 10_000 / (1 / 12)
  expect(Math.abs(correlation)).toBeLessThan(0.04)
})

test('numbers are uniform in [0, 1)', () => {
  const values = draw(3, 100_000)
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
  const counts = new Array(20).fill(0)
  for (const value of values) counts[Math.floor(value * 20)]++
  const chiSquared = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
  // The 0.999 quantile of χ² with 19 degrees of freedom.
  expect(chiSquared).toBeLessThan(43.8)
})

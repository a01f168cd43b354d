import { describe, expect, test } from 'bun:test'
import { drawNormal } from '../logs/generate-draw.ts'
import { createRandom } from '../math/random.ts'
import { findAxes, project } from './coordinates.ts'

const WINDOWS = 2000
const random = createRandom(3)
/** Busy and quiet hours in turn. */
const requests = Uint32Array.from({ length: WINDOWS }, (_, w) => (w % 24 < 12 ? 100 : 20))
const shared = Float64Array.from(requests, () => 0.13 * drawNormal(random))
const noisy = () => Float64Array.from(requests, (n, w) => shared[w] + (0.5 / Math.sqrt(n)) * drawNormal(random))
const columns = [noisy(), noisy()]

const correlation = (a: Float64Array, b: Float64Array, isInside: (w: number) => boolean) => {
  const windows = Array.from(a.keys()).filter(isInside)
  const sum = (value: (w: number) => number) => windows.reduce((total, w) => total + value(w), 0)
  return sum((w) => a[w] * b[w]) / Math.sqrt(sum((w) => a[w] ** 2) * sum((w) => b[w] ** 2))
}

describe('axes', () => {
  const axes = findAxes(columns, requests)!
  const along = axes.map((axis) => project(columns, axis))

  test('leave no correlation, in busy windows or in quiet ones', () => {
    for (const busy of [true, false]) {
      expect(Math.abs(correlation(along[0], along[1], (w) => (requests[w] === 100) === busy))).toBeLessThan(0.1)
    }
    expect(correlation(columns[0], columns[1], (w) => requests[w] === 100)).toBeGreaterThan(0.8)
  })

  test('set apart what the metrics share from what each samples for itself', () => {
    const spread = (column: Float64Array, busy: boolean) =>
      column.reduce((sum, value, w) => sum + ((requests[w] === 100) === busy ? value * value : 0), 0)
    const growth = along.map((column) => spread(column, false) / spread(column, true)).sort((a, b) => a - b)
    // Noise of five times fewer requests has five times the variance; what is shared has it at every hour.
    expect(growth[0]).toBeLessThan(1.8)
    expect(growth[1]).toBeGreaterThan(4)
  })

  test('are the same whatever the unit of a metric', () => {
    const scaled = findAxes([columns[0].map((value) => 1000 * value), columns[1]], requests)!
    for (const [i, axis] of scaled.entries()) {
      expect(Math.abs(axis[0] * 1000)).toBeCloseTo(Math.abs(axes[i][0]), 6)
      expect(Math.abs(axis[1])).toBeCloseTo(Math.abs(axes[i][1]), 6)
    }
  })

  test('are found where all windows have as many requests', () => {
    expect(findAxes(columns, new Uint32Array(WINDOWS).fill(50))).toHaveLength(2)
  })

  test('are none where windows are few, unknown, or a metric does not vary', () => {
    expect(findAxes([columns[0].slice(0, 15), columns[1].slice(0, 15)], requests)).toBeNull()
    expect(findAxes([columns[0], new Float64Array(WINDOWS).fill(Number.NaN)], requests)).toBeNull()
    expect(findAxes([columns[0], new Float64Array(WINDOWS)], requests)).toBeNull()
  })
})

test('a window is unknown along an axis when one of its metrics is', () => {
  const [known, unknown] = project([Float64Array.of(3, Number.NaN), Float64Array.of(2, 3)], Float64Array.of(2, -1))
  expect(known).toBe(4)
  expect(unknown).toBeNaN()
})

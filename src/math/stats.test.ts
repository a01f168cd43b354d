import { describe, expect, test } from 'bun:test'
import { createRandom } from './random.ts'
import {
  madScale,
  mean,
  meanKnown,
  median,
  prefixSum,
  quantileSorted,
  rollingMedian,
  sortKnown,
  sum,
  weightedMedian,
} from './stats.ts'

describe('quantileSorted', () => {
  test.each([
    [0, 10],
    [0.25, 17.5],
    [0.5, 25],
    [0.9, 37],
    [1, 40],
  ])('the %p-quantile of 10 20 30 40 is %p', (q, expected) => {
    expect(quantileSorted([10, 20, 30, 40], q)).toBeCloseTo(expected, 12)
  })

  test('one value is every quantile, no value has none', () => {
    expect([0, 0.3, 1].map((q) => quantileSorted([7], q))).toEqual([7, 7, 7])
    expect(quantileSorted([], 0.5)).toBeNaN()
  })

  test('rises with q and stays between the ends', () => {
    const random = createRandom(1)
    for (let trial = 0; trial < 50; trial++) {
      const sorted = Float64Array.from({ length: 1 + Math.floor(random() * 20) }, random).sort()
      const quantiles = Array.from({ length: 21 }, (_, i) => quantileSorted(sorted, i / 20))
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
      expect([quantiles[0], quantiles[20]]).toEqual([sorted[0], sorted.at(-1)!])
    }
  })
})

test('sortKnown leaves out NaN and does not touch its argument', () => {
  const values = Float64Array.of(3, Number.NaN, -1, 2)
  expect([...sortKnown(values)]).toEqual([-1, 2, 3])
  expect([...values]).toEqual([3, Number.NaN, -1, 2])
})

test('median', () => {
  expect(median([5, Number.NaN, 1, 3])).toBe(3)
  expect(median([1, 2])).toBe(1.5)
  expect(median([Number.NaN])).toBeNaN()
})

describe('madScale', () => {
  test('estimates the standard deviation of normal values, and an outlier hardly moves it', () => {
    const random = createRandom(2)
    const normal = Float64Array.from({ length: 5000 }, () => {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += random()
      return 3 * sum
    })
    expect(madScale(normal)).toBeGreaterThan(2.85)
    expect(madScale(normal)).toBeLessThan(3.15)
    expect(madScale(Float64Array.of(...normal, 1e9))).toBeCloseTo(madScale(normal), 2)
  })

  test('is 0 for a constant and NaN for nothing', () => {
    expect(madScale([4, 4, 4])).toBe(0)
    expect(madScale([])).toBeNaN()
  })
})

describe('rollingMedian', () => {
  const values = Float64Array.of(1, 2, 100, 4, 5)

  test('is cut at the ends', () => {
    expect([...rollingMedian(values, 1)]).toEqual([1.5, 2, 4, 5, 4.5])
  })

  test('can leave the value itself out, so that a spike does not vote for itself', () => {
    expect(rollingMedian(values, 2, true)[2]).toBe(3)
    expect([...rollingMedian(Float64Array.of(9), 2, true)]).toEqual([Number.NaN])
  })
})

test('prefixSum: differences are sums of intervals', () => {
  const prefix = prefixSum([3, 1, 4, 1, 5])
  expect([...prefix]).toEqual([0, 3, 4, 8, 9, 14])
  expect(prefix[4] - prefix[1]).toBe(1 + 4 + 1)
  expect([...prefixSum([])]).toEqual([0])
})

describe('weightedMedian', () => {
  test('is the median where weights are equal', () => {
    expect(weightedMedian([9, 1, 5], [2, 2, 2])).toBe(5)
  })

  test('follows the weight', () => {
    expect(weightedMedian([1, 2, 3], [1, 1, 10])).toBe(3)
  })

  test('knows nothing without weight', () => {
    expect(weightedMedian([1, 2], [0, 0])).toBeNaN()
    expect(weightedMedian([], [])).toBeNaN()
  })
})

test('sums and means are of a stretch, and say what is unknown', () => {
  const values = Float64Array.of(8, 1, Number.NaN, 4, 2)
  expect([sum(values, 3), mean(values, 3), sum(values, 1, 1)]).toEqual([6, 3, 0])
  expect([sum(values), mean(values, 0, 3), mean(values, 1, 1)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect([meanKnown(values), meanKnown(values, 1, 4), meanKnown(values, 2, 3)]).toEqual([3.75, 2.5, Number.NaN])
})

import { describe, expect, test } from 'bun:test'
import { countOf, HistogramBuilder, LAST_BIN, mergeHistograms, quantileOf, valueAtRank } from './histogram.ts'
import { createRandom } from './random.ts'
import { quantileSorted } from './stats.ts'

function histogramOf(values: readonly number[]) {
  const builder = new HistogramBuilder()
  for (const value of values) builder.add(value)
  return builder.build()
}
const draw = (seed: number, count: number, scale = 100) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => scale / (0.01 + random()))
}

describe('a histogram', () => {
  test('of nothing has no quantiles', () => {
    expect(histogramOf([])).toEqual({ first: 0, counts: [] })
    expect(quantileOf(histogramOf([]), 0.5)).toBeNaN()
  })

  test('counts what is known', () => {
    expect(countOf(histogramOf([0, 1, 2, Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY]))).toBe(5)
    expect(histogramOf([1e300]).first).toBe(LAST_BIN)
  })

  test('tells quantiles within half a bin of the exact ones', () => {
    for (const scale of [0.05, 100, 1e9]) {
      const values = draw(1, 5000, scale).sort((a, b) => a - b)
      for (const q of [0.01, 0.25, 0.5, 0.9, 0.99]) {
        expect(quantileOf(histogramOf(values), q) / quantileSorted(values, q)).toBeWithin(0.957, 1.045)
      }
    }
  })

  test('of one value tells it within a bin at every rank', () => {
    for (const rank of [0, 0.5, 1, 7]) expect(valueAtRank(histogramOf([250]), rank) / 250).toBeWithin(0.916, 1.091)
  })

  test('has a zero', () => {
    expect(quantileOf(histogramOf([0, 0, 0, 5]), 0.5)).toBe(0)
  })

  test('rises with the rank', () => {
    const histogram = histogramOf(draw(2, 300))
    const values = Array.from({ length: 301 }, (_, rank) => valueAtRank(histogram, rank))
    expect(values).toEqual(values.toSorted((a, b) => a - b))
  })
})

test('merging histograms is counting all values at once, in any order', () => {
  for (let seed = 1; seed < 20; seed++) {
    const [a, b] = [draw(seed, seed * 7, 10), draw(seed + 100, 50, 1000)]
    const whole = histogramOf([...a, ...b])
    expect(mergeHistograms([histogramOf(a), histogramOf(b)])).toEqual(whole)
    expect(mergeHistograms([histogramOf(b), histogramOf([]), histogramOf(a)])).toEqual(whole)
  }
})

import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { drawBetween, drawChoice, drawNormal, drawUnitGamma, drawWander } from './generate-draw.ts'

const COUNT = 40_000

function moments(values: ArrayLike<number>) {
  const list = Array.from(values)
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length
  const variance = list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length
  return { mean, variance }
}

describe('draws', () => {
  test('a normal number has mean 0, variance 1 and normal tails', () => {
    const random = createRandom(1)
    const values = Array.from({ length: COUNT }, () => drawNormal(random))
    const { mean, variance } = moments(values)
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
    const beyondTwo = values.filter((value) => Math.abs(value) > 1.959964).length / COUNT
    expect(beyondTwo).toBeCloseTo(0.05, 2)
  })

  test.each([1, 3, 12])('a gamma number of shape %d has mean 1 and variance 1 / shape', (shape) => {
    const random = createRandom(2)
    const { mean, variance } = moments(Array.from({ length: COUNT }, () => drawUnitGamma(random, shape)))
    expect(Math.abs(mean - 1)).toBeLessThan(0.02)
    expect(Math.abs(variance * shape - 1)).toBeLessThan(0.06)
  })

  test('a gamma shape below 1 is refused', () => {
    expect(() => drawUnitGamma(createRandom(1), 0.5)).toThrow("'shape' must be at least 1, got 0.5")
  })

  test('a wandering series has unit variance and the persistence asked for', () => {
    const series = drawWander(createRandom(3), COUNT, 0.8)
    const { mean, variance } = moments(series)
    expect(Math.abs(mean)).toBeLessThan(0.05)
    expect(Math.abs(variance - 1)).toBeLessThan(0.05)
    const products = series.subarray(1).map((value, i) => value * series[i])
    expect(moments(products).mean / variance).toBeCloseTo(0.8, 1)
  })

  test('a choice follows its weights, and what rounding leaves goes to the last', () => {
    const random = createRandom(4)
    const drawn = Array.from({ length: COUNT }, () =>
      drawChoice(random, [
        ['a', 0.7],
        ['b', 0.3],
      ]),
    )
    expect(drawn.filter((value) => value === 'a').length / COUNT).toBeCloseTo(0.7, 2)
    expect(drawChoice(() => 0.999, [['only', 0.5]])).toBe('only')
  })

  test('a number between bounds stays inside and has two decimals', () => {
    const random = createRandom(5)
    for (let i = 0; i < 1_000; i++) {
      const value = drawBetween(random, 0.15, 0.4)
      expect(value).toBeWithin(0.15, 0.400001)
      expect(value).toBe(Number(value.toFixed(2)))
    }
  })
})

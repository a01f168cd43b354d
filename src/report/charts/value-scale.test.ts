import { expect, test } from 'bun:test'
import { scaleValues } from './value-scale.ts'

test('round steps from zero to what holds every value', () => {
  expect(scaleValues(660, 0.1).ticks).toEqual([0, 100, 200, 300, 400, 500, 600, 700])
  expect(scaleValues(385, 1).ticks).toEqual([0, 100, 200, 300, 400])
  expect(scaleValues(1_420, 1).ticks).toEqual([0, 500, 1_000, 1_500])
  expect(scaleValues(1.3, 0.1).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4])
})

test('no steps smaller than labels can tell', () => {
  expect(scaleValues(0, 1).ticks).toEqual([0, 1])
  expect(scaleValues(3, 1).ticks).toEqual([0, 1, 2, 3])
  expect(scaleValues(0.02, 0.1).ticks).toEqual([0, 0.1])
})

test('whatever the size: two to eight ticks, none too low', () => {
  for (let highest = 0.001; highest < 1e15; highest *= 1.37) {
    const { ticks, top } = scaleValues(highest, 0.001)
    expect(ticks.length, String(highest)).toBeWithin(2, 9)
    expect(top).toBeGreaterThanOrEqual(highest * (1 - 1e-9))
    expect(top).toBe(ticks[ticks.length - 1])
  }
})

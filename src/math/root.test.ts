import { expect, test } from 'bun:test'
import { fUpperTail } from './distributions.ts'
import { findCrossing } from './root.ts'

test.each([
  ['a line', (x: number) => 3 - 2 * x, 1.5],
  ['a curve', (x: number) => 2 - x * x, Math.SQRT2],
  ['one that is far away', (x: number) => 1e9 - x, 1e9],
  ['one at the beginning', (x: number) => -x, 0],
])('the root of %s', (_, excess, root) => {
  expect(findCrossing(excess, 0, 1)).toBeCloseTo(root, 9)
})

test('takes few calls for the tail of a distribution', () => {
  for (const d of [1, 2, 4, 8]) {
    for (const p of [0.5, 0.05, 0.01]) {
      let calls = 0
      const root = findCrossing(
        (x) => {
          calls++
          return fUpperTail(x / d, d, 300) / p - 1
        },
        0,
        d,
      )
      expect(fUpperTail(root / d, d, 300) / p).toBeCloseTo(1, 12)
      expect(calls).toBeLessThan(25)
    }
  }
})

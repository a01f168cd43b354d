import { describe, expect, test } from 'bun:test'
import { selectQuantiles } from './quantiles.ts'
import { createRandom } from './random.ts'
import { quantileSorted } from './stats.ts'

describe('selectQuantiles', () => {
  const random = createRandom(7)
  test.each([
    ['different values', () => random()],
    ['few values', () => Math.floor(random() * 4)],
    ['one value', () => 3],
    ['a few far out', () => random() ** -3],
    ['one far out', () => (random() < 0.01 ? 3e38 : 1 + random() / 1e6)],
    ['values on both sides of zero', () => random() - 0.5],
    ['zero and the smallest', () => (random() < 0.1 ? 1e-40 : random() < 0.5 ? 0 : 1)],
  ])('gives what sorting gives: %s', (_, draw) => {
    for (let trial = 0; trial < 150; trial++) {
      const values = Float32Array.from({ length: Math.floor(random() ** 2 * 2_000) }, draw)
      if (trial % 3 === 0) values.sort()
      if (trial % 3 === 1) values.sort().reverse()
      const sorted = values.toSorted()
      const quantiles = [0, random() / 2, 0.5, 0.9, 1]
      expect(selectQuantiles(values, quantiles)).toEqual(quantiles.map((q) => quantileSorted(sorted, q)))
      expect(values.sort()).toEqual(sorted)
    }
  })
})

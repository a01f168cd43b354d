import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { quantileSorted, sortKnown } from '../math/stats.ts'
import { buildWindowQuantiles } from './window-quantiles.ts'

test.each([1, 5, 40])('quantiles of each window are those of its known values: %p groups', (count) => {
  const random = createRandom(6)
  const values = Float32Array.from({ length: 300 }, () => (random() < 0.1 ? Number.NaN : random() * 100))
  const windowOf = Uint32Array.from(values, (_, row) => Math.floor(row / 50))
  const combinationOf = Uint32Array.from(values, () => Math.floor(random() * 9))
  const groups = Array.from({ length: count }, () => Uint8Array.from({ length: 9 }, () => (random() < 0.6 ? 1 : 0)))
  const found = buildWindowQuantiles(values, windowOf, combinationOf, groups, 7, [0.5, 0.95])
  for (const [group, inside] of groups.entries()) {
    const [median, p95] = found[group]
    for (let window = 0; window < 6; window++) {
      const own = sortKnown(values.filter((_, row) => windowOf[row] === window && inside[combinationOf[row]] === 1))
      expect([median[window], p95[window]]).toEqual([quantileSorted(own, 0.5), quantileSorted(own, 0.95)])
    }
    expect([median[6], p95[6]]).toEqual([Number.NaN, Number.NaN])
  }
})

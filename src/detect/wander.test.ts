import { describe, expect, test } from 'bun:test'
import { drawNormal } from '../logs/generate-draw.ts'
import { createRandom } from '../math/random.ts'
import { measureWander, poolWander } from './wander.ts'

const zero = () => 0
const always = () => true
function draw(windows: number, seed: number, change: (w: number, z: number) => number = (_, z) => z): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: windows }, (_, w) => change(w, drawNormal(random)))
}

describe('wander', () => {
  test('of white noise is the same at every length', () => {
    const wander = measureWander(
      draw(4000, 1, (_, z) => 2 * z),
      zero,
      16,
      always,
    )
    for (const { scale } of wander.values()) {
      expect(scale).toBeGreaterThan(1.85)
      expect(scale).toBeLessThan(2.3)
    }
  })

  test('grows with the length where days differ', () => {
    const days = draw(200, 2)
    const wander = measureWander(
      draw(4800, 3, (w, z) => z + days[Math.floor(w / 24)]),
      zero,
      24,
      always,
    )
    expect(wander.get(24)!.scale).toBeGreaterThan(2.5 * wander.get(1)!.scale)
  })

  test('is moved little by windows that are far off', () => {
    const wander = measureWander(
      draw(1000, 4, (w, z) => (w % 10 === 0 ? 50 : z)),
      zero,
      1,
      always,
    )
    expect(wander.get(1)!.scale).toBeLessThan(1.3)
  })

  test('knows its own doubt: estimates from many series scatter as their degrees of freedom say', () => {
    for (const length of [1, 2]) {
      const scales: number[] = []
      let df = 0
      for (let seed = 100; seed < 400; seed++) {
        const { scale, df: own } = measureWander(
          draw(160, seed, (_, z) => 3 * z),
          zero,
          length,
          always,
        ).get(length)!
        scales.push(scale / 3)
        df = own
      }
      const mean = scales.reduce((sum, scale) => sum + scale, 0) / scales.length
      const variance = scales.reduce((sum, scale) => sum + (scale - mean) ** 2, 0) / scales.length
      // The relative variance of a standard deviation with so many degrees of freedom is 1/(2·df).
      expect(2 * df * variance).toBeGreaterThan(0.65)
      expect(2 * df * variance).toBeLessThan(1.35)
    }
  })

  test('of one kind of day lies between its own and that of all', () => {
    const values = draw(2000, 5, (w, z) => (w < 200 ? 3 * z : z))
    const pooled = measureWander(values, zero, 1, always)
    const own = measureWander(values, zero, 1, (w) => w < 200)
    const { scale } = poolWander(own, pooled).get(1)!
    expect(scale).toBeLessThan(own.get(1)!.scale)
    expect(scale).toBeGreaterThan(2 * pooled.get(1)!.scale)
  })
})

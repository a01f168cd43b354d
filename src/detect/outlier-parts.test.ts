import { describe, expect, test } from 'bun:test'
import { drawNormal, drawWander } from '../logs/generate-draw.ts'
import { createRandom } from '../math/random.ts'
import { isSlowness, measureGains, measureParts } from './outlier-parts.ts'

const WINDOWS = 14 * 24
const [FROM, TO] = [200, 204]
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed + 1)

/**
 * Latency and size share a wander and have noise of their own; requests have only that.
 *
 * @param moved what latency, size and requests are off by in [FROM, TO), in standard deviations of the wander
 */
function draw(seed: number, moved: readonly [number, number, number]) {
  const random = createRandom(seed)
  const common = drawWander(random, WINDOWS, 0.85)
  return [true, false, false].map((isLatency, j) => ({
    isLatency,
    values: common.map(
      (wander, w) => (j < 2 ? wander : 0) + 0.4 * drawNormal(random) + (w >= FROM && w < TO ? moved[j] : 0),
    ),
  }))
}
const isSlow = (moved: readonly [number, number, number]) =>
  SEEDS.filter((seed) => isSlowness(draw(seed, moved), FROM, TO)).length

describe('what is odd', () => {
  // How often each is told right rests on what the wander happens to be there, which neither view knows.
  test('is slowness where latency alone rose', () => {
    expect(isSlow([6, 0, 0])).toBeGreaterThanOrEqual(36)
  })

  test.each([
    ['sizes fell as latency rose', [2, -2, 0]],
    ['sizes fell', [0, -2.5, 0]],
    ['latency fell', [-2.5, 0, 0]],
    ['requests rose with latency', [2, 0, 2]],
  ] as const)('is no slowness where %s', (_, moved) => {
    expect(isSlow(moved)).toBeLessThanOrEqual(3)
  })

  test('is as much of two metrics that moved alike, and none of one that did not', () => {
    const parts = SEEDS.map(
      (seed) =>
        measureParts(
          draw(seed, [20, -20, 0]).map(({ values }) => values),
          FROM,
          TO,
        )!,
    )
    for (const [latency, size, requests] of parts) {
      expect(latency).toBeWithin(0.4, 0.65)
      expect(size).toBeWithin(0.4, 0.65)
      expect(requests).toBeLessThan(0.05)
    }
  })

  test('at an end of the log is held against the side that there is', () => {
    const metrics = draw(1, [0, 0, 0])
    for (const { values, isLatency } of metrics)
      for (let w = WINDOWS - 4; w < WINDOWS; w++) values[w] += isLatency ? 5 : 0
    expect(isSlowness(metrics, WINDOWS - 4, WINDOWS)).toBe(true)
  })

  test('cannot be told from too few intervals of its length', () => {
    const metrics = draw(1, [5, 0, 0])
    expect(
      measureParts(
        metrics.map(({ values }) => values),
        100,
        200,
      ),
    ).toBeNull()
    expect(isSlowness(metrics, 100, 200)).toBe(false)
  })
})

describe('windows speak', () => {
  test('for what they are part of, and against it elsewhere', () => {
    const sums = SEEDS.map((seed) => {
      // A block that misses the first window and has one too many.
      const gains = measureGains(
        draw(seed, [2, -2, 0]).map(({ values }) => values),
        FROM + 1,
        TO + 1,
      )!
      const mean = (from: number, to: number) =>
        gains.subarray(from, to).reduce((sum, gain) => sum + gain, 0) / (to - from)
      return { inside: mean(FROM, TO), outside: (mean(0, FROM) + mean(TO, WINDOWS)) / 2 }
    })
    expect(sums.filter(({ inside }) => inside > 3).length).toBeGreaterThanOrEqual(38)
    expect(sums.filter(({ outside }) => outside < -3)).toHaveLength(SEEDS.length)
  })

  test('neither way where something is unknown', () => {
    const metrics = draw(1, [2, -2, 0]).map(({ values }) => values)
    metrics[2][100] = Number.NaN
    const gains = measureGains(metrics, FROM, TO)!
    expect([gains[100], gains.some((gain) => Number.isNaN(gain))]).toEqual([0, false])
  })

  test('not where too few intervals are as long', () => {
    expect(
      measureGains(
        draw(1, [5, 0, 0]).map(({ values }) => values),
        100,
        200,
      ),
    ).toBeNull()
  })
})

import { describe, expect, test } from 'bun:test'
import { attainedLevel } from './attained-level.ts'
import { betaBinomialUpperTail } from './distributions.ts'

describe('the level that a whole number attains', () => {
  test('is the tail of the first count that is rare enough', () => {
    // A beta-binomial of ten million requests is nearly a negative binomial.
    const n = 1e7
    for (const [expected, spread] of [
      [0.01, 0.05],
      [0.2, 0.5],
      [3, 0.1],
      [12, 1.5],
    ]) {
      const precision = n / (expected * spread)
      const share = expected / n
      const tail = (k: number) => Math.exp(betaBinomialUpperTail(k, n, share * precision, (1 - share) * precision))
      for (const level of [1e-4, 1e-8, 1e-11]) {
        let k = 0
        while (tail(k) > level) k++
        expect(attainedLevel(expected, spread, level) / tail(k)).toBeCloseTo(1, 3)
      }
    }
  })

  test('never exceeds the level, and grows with it', () => {
    for (const expected of [1e-6, 0.03, 0.7, 9]) {
      let before = 0
      for (let logLevel = -28; logLevel < -4; logLevel += 0.25) {
        const attained = attainedLevel(expected, 0.2, Math.exp(logLevel))
        expect(attained).toBeLessThanOrEqual(Math.exp(logLevel))
        expect(attained).toBeGreaterThanOrEqual(before * (1 - 1e-3))
        before = attained
      }
    }
  })

  test('is a part of the level that follows from how much rarer each count is than the one before', () => {
    // Where the next count is r times as rare, a level anywhere between is attained to (1 - 1/r) / ln r on average.
    const level = 1e-9
    let sum = 0
    for (let i = 0; i < 400; i++) sum += attainedLevel(0.05 * 2 ** (i / 100), 0.01, level) / level / 400
    expect(sum).toBeGreaterThan(0.1)
    expect(sum).toBeLessThan(0.35)
  })
})

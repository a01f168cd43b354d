import { describe, expect, test } from 'bun:test'
import {
  betaBinomialLogTerm,
  betaBinomialLowerTail,
  betaBinomialTermAtLeast,
  betaBinomialUpperTail,
  binomialLowerTail,
  binomialUpperTail,
  fUpperTail,
  logBeta,
  logGamma,
  studentUpperQuantile,
  studentUpperTail,
} from './distributions.ts'
import { createRandom } from './random.ts'

/** Exact rational numbers, then one rounding: an independent way to each tail. */
function lnOfRatio(numerator: bigint, denominator: bigint): number {
  const ln = (value: bigint) => {
    const digits = value.toString()
    return Math.log(Number(`0.${digits.slice(0, 25)}`)) + digits.length * Math.LN10
  }
  return ln(numerator) - ln(denominator)
}

/** ln P(from ≤ K ≤ to) for binomial(n, a / b). */
function exactBinomial(from: number, to: number, n: number, a: bigint, b: bigint): number {
  let choose = 1n
  let sum = 0n
  for (let k = 0; k <= n; k++) {
    if (k >= from && k <= to) sum += choose * a ** BigInt(k) * (b - a) ** BigInt(n - k)
    choose = (choose * BigInt(n - k)) / BigInt(k + 1)
  }
  return lnOfRatio(sum, b ** BigInt(n))
}

/** ln P(from ≤ K ≤ to) for beta-binomial(n, a / 2, b / 2): all terms have the denominator Π (a + b + 2i). */
function exactBetaBinomial(from: number, to: number, n: number, a: number, b: number): number {
  const rising = (start: number, count: number) => {
    const products = [1n]
    for (let i = 0; i < count; i++) products.push(products[i] * BigInt(start + 2 * i))
    return products
  }
  const successes = rising(a, n)
  const failures = rising(b, n)
  let choose = 1n
  let sum = 0n
  for (let k = 0; k <= n; k++) {
    if (k >= from && k <= to) sum += choose * successes[k] * failures[n - k]
    choose = (choose * BigInt(n - k)) / BigInt(k + 1)
  }
  return lnOfRatio(sum, rising(a + b, n)[n])
}

const relativeTo = (value: number, expected: number) => Math.abs(value / expected - 1)

describe('binomial', () => {
  test('equals exact rational sums, also near 1e-12 and 1e-200', () => {
    const cases: [k: number, n: number, a: bigint, b: bigint][] = [
      [3, 10, 1n, 4n],
      [15, 100, 1n, 100n],
      [90, 400, 1n, 100n],
      [160, 300, 1n, 50n],
      [1, 1000, 1n, 1000n],
    ]
    for (const [k, n, a, b] of cases) {
      const p = Number(a) / Number(b)
      expect(relativeTo(binomialUpperTail(k, n, p), Math.exp(exactBinomial(k, n, n, a, b)))).toBeLessThan(1e-11)
      expect(relativeTo(binomialLowerTail(n - k, n, 1 - p), Math.exp(exactBinomial(k, n, n, a, b)))).toBeLessThan(1e-11)
    }
    expect(exactBinomial(160, 300, 300, 1n, 50n) / Math.LN10).toBeLessThan(-180)
  })

  test('both tails meet, and impossible or certain counts are 0 or 1', () => {
    expect(binomialUpperTail(4, 9, 0.3) + binomialLowerTail(3, 9, 0.3)).toBeCloseTo(1, 14)
    expect([binomialUpperTail(0, 9, 0.3), binomialUpperTail(10, 9, 0.3)]).toEqual([1, 0])
    expect([binomialLowerTail(9, 9, 0.3), binomialLowerTail(-1, 9, 0.3)]).toEqual([1, 0])
    expect([binomialUpperTail(1, 9, 0), binomialUpperTail(1, 9, 1), binomialLowerTail(8, 9, 1)]).toEqual([0, 1, 0])
  })
})

describe('Student', () => {
  test('equals the closed forms for 1 and 2 degrees of freedom, far out and near 0', () => {
    for (const t of [0, 1e-4, 0.5, 3, 1e3, 1e9]) {
      const root = Math.sqrt(2 + t * t)
      expect(relativeTo(studentUpperTail(t, 1), Math.atan2(1, t) / Math.PI)).toBeLessThan(1e-12)
      expect(relativeTo(studentUpperTail(t, 2), 1 / (root * (root + t)))).toBeLessThan(1e-12)
    }
    expect(studentUpperTail(-3, 1)).toBeCloseTo(1 - Math.atan2(1, 3) / Math.PI, 14)
  })

  test('gives the printed quantiles (NIST/SEMATECH handbook, 1.3.6.7.2)', () => {
    expect(studentUpperQuantile(0.025, 10)).toBeCloseTo(2.228, 3)
    expect(studentUpperQuantile(0.001, 5)).toBeCloseTo(5.893, 3)
    expect(studentUpperQuantile(0.5, 7)).toBe(0)
    expect(relativeTo(studentUpperTail(studentUpperQuantile(1e-12, 30), 30), 1e-12)).toBeLessThan(1e-12)
    expect(() => studentUpperQuantile(0.6, 3)).toThrow("'tail' must be above 0 and at most 0.5, got 0.6")
  })
})

test('F equals its closed form for two numerator degrees of freedom down to 1e-300', () => {
  for (const [x, d2] of [
    [0.1, 7],
    [2, 30],
    [100, 50],
    [1e5, 60],
    [1e10, 62],
  ]) {
    expect(relativeTo(fUpperTail(x, 2, d2), (1 + (2 * x) / d2) ** (-d2 / 2))).toBeLessThan(1e-11)
  }
  expect(fUpperTail(1e10, 2, 62)).toBeLessThan(1e-250)
  expect(fUpperTail(3.326, 5, 10)).toBeCloseTo(0.05, 4)
  expect([fUpperTail(0, 3, 4), fUpperTail(Number.POSITIVE_INFINITY, 3, 4)]).toEqual([1, 0])
})

test('logGamma and logBeta', () => {
  expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12)
  expect(logBeta(3, 4)).toBeCloseTo(-Math.log(60), 12)
})

describe('beta-binomial', () => {
  test('equals exact rational sums from 1 to below 1e-200, in both tails', () => {
    const cases: [k: number, n: number, a: number, b: number][] = [
      [10, 100, 6, 195],
      [1, 100, 1, 2001],
      [12, 12, 1, 601],
      [5, 400, 1, 100001],
      [60, 200, 3, 2001],
      [300, 400, 41, 40001],
      [40, 100, 1, 1],
      [40, 100, 401, 1],
      [97, 100, 401, 1],
      [3, 50, 1, 3],
      [199, 200, 5000, 5000],
    ]
    for (const [k, n, a, b] of cases) {
      const upper = exactBetaBinomial(k, n, n, a, b)
      expect(Math.abs(betaBinomialUpperTail(k, n, a / 2, b / 2) - upper)).toBeLessThan(1e-11 * Math.max(1, -upper))
      const lower = exactBetaBinomial(0, k - 1, n, a, b)
      expect(Math.abs(betaBinomialLowerTail(k - 1, n, a / 2, b / 2) - lower)).toBeLessThan(1e-11 * Math.max(1, -lower))
    }
    expect(exactBetaBinomial(300, 400, 400, 41, 40001) / Math.LN10).toBeLessThan(-200)
  })

  test('is uniform for Beta(1, 1), and near the binomial when the share is all but known', () => {
    expect(betaBinomialUpperTail(40, 99, 1, 1)).toBeCloseTo(Math.log(0.6), 12)
    expect(betaBinomialUpperTail(20, 100, 1e9, 9e9)).toBeCloseTo(Math.log(binomialUpperTail(20, 100, 0.1)), 4)
  })

  test('equals the full sum where too many terms are needed to add them one by one', () => {
    // Every term by its ratio, from the last one down: nothing is left out.
    const full = (k: number, n: number, alpha: number, beta: number) => {
      let term = 1
      let sum = 1
      for (let j = n; j > k; j--) {
        term *= (j * (n - j + beta)) / ((n - j + 1) * (j - 1 + alpha))
        sum += term
      }
      const last = logBeta(n + alpha, beta) - logBeta(alpha, beta)
      return last + Math.log(sum)
    }
    for (const [k, n, alpha, beta] of [
      [100_000, 1_000_000, 0.5, 1.5],
      [3, 1_000_000, 0.5, 0.5],
      [400_000, 500_000, 1e-3, 1e-3],
      [700_000, 1_000_000, 30, 30],
      [900_000, 1_000_000, 2, 0.3],
      [500_000, 1_000_000, 1, 3],
    ]) {
      expect(betaBinomialUpperTail(k, n, alpha, beta)).toBeCloseTo(full(k, n, alpha, beta), 7)
    }
  })

  test('stays bounded in time and sane at the ends of its range', () => {
    for (const [k, n, alpha, beta] of [
      [5_000_000, 10_000_000, 1e9, 1e9],
      [5_000_000, 10_000_000, 30, 30],
      [1, 10_000_000, 1e-3, 1e9],
      [9_999_999, 10_000_000, 1e-3, 1e-3],
      [10_000_000, 10_000_000, 1e9, 1e-3],
    ]) {
      const upper = betaBinomialUpperTail(k, n, alpha, beta)
      expect(upper).toBeLessThanOrEqual(0)
      expect(Math.exp(upper) + Math.exp(betaBinomialLowerTail(k - 1, n, alpha, beta))).toBeCloseTo(1, 6)
    }
    expect(betaBinomialUpperTail(0, 5, 1, 1)).toBe(0)
    expect(betaBinomialUpperTail(6, 5, 1, 1)).toBe(Number.NEGATIVE_INFINITY)
    expect(betaBinomialUpperTail(1, 0, 1, 1)).toBe(Number.NEGATIVE_INFINITY)
    expect(betaBinomialLowerTail(5, 5, 1, 1)).toBe(0)
    expect(betaBinomialLowerTail(-1, 5, 1, 1)).toBe(Number.NEGATIVE_INFINITY)
  })

  test('falls in k, and its tails add up, whatever the parameters', () => {
    const random = createRandom(5)
    for (let round = 0; round < 300; round++) {
      const n = 1 + Math.floor(random() * 300)
      const k = Math.floor(random() * (n + 1))
      const alpha = 10 ** (random() * 9 - 3)
      const beta = 10 ** (random() * 9 - 3)
      const upper = betaBinomialUpperTail(k, n, alpha, beta)
      expect(betaBinomialUpperTail(k + 1, n, alpha, beta)).toBeLessThanOrEqual(upper)
      expect(Math.exp(upper) + Math.exp(betaBinomialLowerTail(k - 1, n, alpha, beta))).toBeCloseTo(1, 8)
    }
  })
})

test('a term of the beta-binomial is no less than its lower bound, which is near it for rare successes', () => {
  const random = createRandom(6)
  for (let round = 0; round < 2000; round++) {
    const n = Math.floor(10 ** (6 * random()))
    const k = Math.min(n, Math.floor(20 * random()))
    const alpha = 10 ** (random() * 9 - 3)
    const beta = 10 ** (random() * 9 - 3)
    const bound = betaBinomialTermAtLeast(k, n, alpha, beta)
    expect(bound).toBeGreaterThanOrEqual(0)
    expect(bound).toBeLessThanOrEqual(Math.exp(betaBinomialLogTerm(k, n, alpha, beta)) * (1 + 1e-6))
  }
  expect(betaBinomialTermAtLeast(1, 20, 5, 2000)).toBeGreaterThan(0.99 * Math.exp(betaBinomialLogTerm(1, 20, 5, 2000)))
  expect(betaBinomialTermAtLeast(17, 1000, 1, 100)).toBe(0)
})

/**
 * Tails of the distributions that the detectors judge by. Small tails keep their relative precision (never 1 − cdf), and
 * all of it runs on @stdlib's own exp and ln, so that every engine gives the same bits.
 */
import betainc from '@stdlib/math-base-special-betainc'
import betaln from '@stdlib/math-base-special-betaln'
import exp from '@stdlib/math-base-special-exp'
import gammaln from '@stdlib/math-base-special-gammaln'
import ln from '@stdlib/math-base-special-ln'
import log1p from '@stdlib/math-base-special-log1p'

/** Natural logarithm of Γ(x), x > 0. */
export function logGamma(x: number): number {
  return gammaln(x)
}

/** Natural logarithm of the beta function B(a, b), a and b > 0. */
export function logBeta(a: number, b: number): number {
  return betaln(a, b)
}

/**
 * P(K ≥ k) for K ~ binomial(n, p), by the regularised incomplete beta function (DLMF 8.17.5).
 *
 * @param k whole number; at or below 0 the answer is 1, above n it is 0
 * @param n trials, whole number ≥ 0
 * @param p chance of one success, 0..1
 * @returns 0..1; relative error about 1e-13 down to the smallest double, 0 below
 */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n) return 0
  return betainc(p, k, n - k + 1, true, false)
}

/** P(K ≤ k) for K ~ binomial(n, p). As `binomialUpperTail`; below 0 the answer is 0, at or above n it is 1. */
export function binomialLowerTail(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return betainc(p, k + 1, n - k, true, true)
}

/**
 * P(T > t) for Student's t (DLMF 8.17.23 ff.).
 *
 * @param t any number
 * @param df degrees of freedom > 0, may be fractional
 * @returns 0..1; relative error about 1e-13 down to the smallest double (1e-9 where |t| is below 1e-4)
 */
export function studentUpperTail(t: number, df: number): number {
  if (t < 0) return 1 - studentUpperTail(-t, df)
  // Each form keeps the argument away from 1, where it would lose its digits.
  const half =
    t * t < df
      ? betainc((t * t) / (df + t * t), 0.5, df / 2, true, true)
      : betainc(1 / (1 + (t / df) * t), df / 2, 0.5, true, false)
  return half / 2
}

/**
 * The t with P(T > t) = `tail`, by bisection on `studentUpperTail` to the last bit.
 *
 * @param tail above 0, at most 0.5
 * @param df degrees of freedom ≥ 1
 * @returns t ≥ 0
 * @throws RangeError when `tail` is outside its range
 */
export function studentUpperQuantile(tail: number, df: number): number {
  if (!(tail > 0 && tail <= 0.5)) throw new RangeError(`'tail' must be above 0 and at most 0.5, got ${tail}`)
  let low = 0
  let high = 1
  while (studentUpperTail(high, df) > tail) high *= 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentUpperTail(middle, df) > tail) low = middle
    else high = middle
  }
}

/**
 * P(X > x) for the F distribution (DLMF 8.17.1 with x·d1 / (x·d1 + d2)).
 *
 * @param x ratio; at or below 0 the answer is 1
 * @param d1 degrees of freedom of the numerator > 0
 * @param d2 degrees of freedom of the denominator > 0
 * @returns 0..1; relative error about 1e-13 down to the smallest double
 */
export function fUpperTail(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return d1 * x < d2
    ? betainc((d1 * x) / (d1 * x + d2), d1 / 2, d2 / 2, true, true)
    : betainc(d2 / (d1 * x + d2), d2 / 2, d1 / 2, true, false)
}

/**
 * ln P(K ≥ k) for K ~ beta-binomial(n, alpha, beta): n trials whose common chance of success is Beta(alpha, beta).
 *
 * The terms are summed by their ratio, away from the mode, until the rest is provably below 1e-16 of the sum. When
 * 20,000 terms are not enough (the distribution is then smooth at that scale), the rest is integrated.
 *
 * @param k whole number; at or below 0 the answer is 0 (certain), above n it is −Infinity
 * @param n trials, whole number 0..1e7
 * @param alpha pseudo-successes, 1e-3..1e9
 * @param beta pseudo-failures, 1e-3..1e9
 * @returns natural logarithm, ≤ 0. Error of the logarithm about 1e-12 for n up to 1e4, 1e-10 for 1e6, 1e-7 at the ends of the range
 */
export function betaBinomialUpperTail(k: number, n: number, alpha: number, beta: number): number {
  if (k <= 0) return 0
  if (k > n) return Number.NEGATIVE_INFINITY
  // The smaller side is summed; the other one follows without cancellation that matters.
  if (termsFallFrom(k, n, alpha, beta)) return Math.min(0, logSumUpwards(k, n, alpha, beta))
  const lower = logSumUpwards(n - k + 1, n, beta, alpha)
  return log1p(-Math.min(exp(lower), 1 - Number.EPSILON))
}

/** ln P(K ≤ k) for K ~ beta-binomial(n, alpha, beta). As `betaBinomialUpperTail`, mirrored. */
export function betaBinomialLowerTail(k: number, n: number, alpha: number, beta: number): number {
  return betaBinomialUpperTail(n - k, n, beta, alpha)
}

/** ln P(K = k) for K ~ beta-binomial(n, alpha, beta), k in 0..n: a lower bound of both tails. `k` may lie between whole numbers. */
export function betaBinomialLogTerm(k: number, n: number, alpha: number, beta: number): number {
  return betaln(k + alpha, n - k + beta) - betaln(alpha, beta) - ln(n + 1) - betaln(k + 1, n - k + 1)
}

/** Up to here the lower bound of a term costs less than the term. */
const BOUNDED_TERMS = 16

/**
 * A lower bound of P(K = k) for K ~ beta-binomial(n, alpha, beta), without a logarithm: near the term where few
 * successes are expected and few are seen, else 0.
 *
 * With μ the mean chance, P(K = 0) = E(1 − p)ⁿ ≥ (1 − μ)ⁿ (Jensen) ≥ e^−x with x = nμ / (1 − μ), and that is at least
 * (1 − x/16)¹⁶; the other terms follow by their ratio.
 *
 * @param k whole number 0..n
 * @returns 0..1
 */
export function betaBinomialTermAtLeast(k: number, n: number, alpha: number, beta: number): number {
  const part = 1 - (n * alpha) / (beta * BOUNDED_TERMS)
  if (k > BOUNDED_TERMS || part <= 0) return 0
  const square = part * part
  const fourth = square * square
  let term = fourth * fourth * fourth * fourth
  for (let j = 0; j < k; j++) term *= termRatio(j, n, alpha, beta)
  return term
}

/** P(K = k + 1) / P(K = k). */
function termRatio(k: number, n: number, alpha: number, beta: number): number {
  return ((n - k) * (k + alpha)) / ((k + 1) * (n - k - 1 + beta))
}

/**
 * True when the upper side of k is the one to sum: the terms fall from k on, or they are U-shaped (both parameters
 * small), where neither side is small. `termRatio` < 1 is linear in k: n(α − 1) + 1 − β < k(α + β − 2).
 */
function termsFallFrom(k: number, n: number, alpha: number, beta: number): boolean {
  const slope = alpha + beta - 2
  return slope <= 0 || n * (alpha - 1) + 1 - beta < k * slope
}

/** Terms that are summed one by one before the rest is integrated: 0.1 ms. */
const EXACT_TERMS = 20_000
/** The rest of a sum is left out when it is below this part of it. */
const NEGLIGIBLE = 1e-16

/** ln of the sum of all terms from k to n. */
function logSumUpwards(k: number, n: number, alpha: number, beta: number): number {
  // Largest ratio that any later term can have, from the two factors of `termRatio`, each monotone in k.
  const largestLater = (j: number) =>
    (alpha >= 1 ? (j + alpha) / (j + 1) : (n - 1 + alpha) / n) * (beta >= 1 ? (n - j) / (n - j - 1 + beta) : 1 / beta)
  let term = 1
  let sum = 1
  let j = k
  const last = Math.min(n, k + EXACT_TERMS)
  for (; j < last; ) {
    term *= termRatio(j, n, alpha, beta)
    sum += term
    j++
    if (term < sum * 1e-3 && (j & 7) === 0 && j < n) {
      const bound = largestLater(j)
      if (bound < 1 && (term * bound) / (1 - bound) < sum * NEGLIGIBLE) break
    }
    if (term === 0) break
  }
  const start = betaBinomialLogTerm(k, n, alpha, beta)
  if (j === k + EXACT_TERMS && j < n) sum += restOfSum(j + 1, n, alpha, beta, start, sum)
  return start + ln(sum)
}

/** Nodes (in 0..1) and weights of Gauss–Legendre quadrature with 8 points (Abramowitz & Stegun, table 25.4). */
const GAUSS_NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363]
const GAUSS_WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]

/**
 * Sum of the terms from `from` to n in units of exp(`unit`), where they are so many that they change little from one to
 * the next: the midpoint rule read backwards, ∫ over [j − ½, j + ½] ≈ term j, panel by panel as wide as the terms allow.
 * The last terms before n are added one by one, for with beta < 1 they rise steeply.
 *
 * @param soFar sum of the terms before, in the same unit: decides what is negligible
 */
function restOfSum(from: number, n: number, alpha: number, beta: number, unit: number, soFar: number): number {
  const edge = Math.max(from, n - EXACT_TERMS)
  let sum = 0
  let position = from
  while (position < edge) {
    const slope = Math.abs(ln(termRatio(position, n, alpha, beta)))
    const width = Math.min(edge - position, Math.max(1, Math.floor(panelWidth(position, n, alpha, beta, slope))))
    const middle = position - 0.5 + width / 2
    let panel = 0
    for (let i = 0; i < GAUSS_NODES.length; i++) {
      const offset = (GAUSS_NODES[i] * width) / 2
      panel +=
        GAUSS_WEIGHTS[i] *
        (exp(betaBinomialLogTerm(middle - offset, n, alpha, beta) - unit) +
          exp(betaBinomialLogTerm(middle + offset, n, alpha, beta) - unit))
    }
    panel *= width / 2
    sum += panel
    position += width
    if (beta >= 1 && termsFallFrom(position, n, alpha, beta) && panel * n < width * (soFar + sum) * NEGLIGIBLE)
      return sum
  }
  let term = exp(betaBinomialLogTerm(position, n, alpha, beta) - unit)
  for (let j = position; j <= n; j++) {
    sum += term
    if (j < n) term *= termRatio(j, n, alpha, beta)
  }
  return sum
}

/** Over this width the terms change by a small factor: a quarter of the nearest edge, slope and bend all considered. */
function panelWidth(position: number, n: number, alpha: number, beta: number, slope: number): number {
  const bend = Math.abs(
    1 / (position + alpha) - 1 / (position + 1) - 1 / (n - position) + 1 / (n - position - 1 + beta),
  )
  return Math.min(position / 4, (n - position) / 4, 2 / slope, 2 / Math.sqrt(bend))
}

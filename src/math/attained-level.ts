/**
 * Counts are whole: where few are expected a test of level p is exceeded far more rarely than by p, for the next count that
 * it can reject is much less likely still.
 */
import exp from '@stdlib/math-base-special-exp'
import log1p from '@stdlib/math-base-special-log1p'

/** The tail beyond a term is summed until what is left is below this part of the level. */
const NEGLIGIBLE = 1e-4
/** A tail of more terms than these is smooth: the test attains its level. */
const MOST_TERMS = 4096

/**
 * The largest P(K ≥ k) that is no more than `level`, for K ~ negative binomial: counts of rare events whose rate is
 * gamma-distributed, the limit of the beta-binomial for many requests. (Of few requests fewer can be bad: the tail is then
 * thinner and attains less.)
 *
 * @param expected mean, > 0
 * @param spread relative variance of the rate, > 0
 * @param level 0..1, exclusive
 */
export function attainedLevel(expected: number, spread: number, level: number): number {
  const shape = 1 / spread
  const odds = expected / (shape + expected)
  let term = exp(-shape * log1p(expected / shape))
  let k = 0
  for (; k < MOST_TERMS; k++) {
    const ratio = (odds * (shape + k)) / (k + 1)
    if (ratio < 1 && term < NEGLIGIBLE * level * (1 - ratio)) break
    term *= ratio
  }
  if (k === MOST_TERMS) return level
  let tail = 0
  for (; k >= 0 && tail + term <= level; k--) {
    tail += term
    term *= k / (odds * (shape + k - 1))
  }
  return tail
}

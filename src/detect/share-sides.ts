import type { Expectation, ShareModel } from './share-model.ts'

/** Requests that both the slice and the rest must have on each side. */
const FEWEST_BESIDE = 5
const HALF = 0.5

/**
 * What the hours beside an interval make one expect of its share: the model's odds times how far the nearer side is off
 * them, so that a step or a slope is no anomaly. An interval between its sides is expected to be as it is.
 *
 * @returns the share, and the variance of its logit that comes from counting the sides; null where a side (as long as
 *   the interval itself) is not in the log or has too few requests
 */
export function expectFromSides(
  model: ShareModel,
  own: Expectation,
  from: number,
  to: number,
): { readonly share: number; readonly variance: number } | null {
  const length = to - from
  if (from - length < 0 || to + length >= model.sumTotal.length) return null
  const before = compareOdds(model.expect(from - length, from))
  const after = compareOdds(model.expect(to, to + length))
  if (before === null || after === null) return null
  const inside = compareOdds(own, 0)!
  const [low, high] = before.ratio < after.ratio ? [before, after] : [after, before]
  const ratio = Math.min(Math.max(inside.ratio, low.ratio), high.ratio)
  const odds = (own.share / (1 - own.share)) * ratio
  return { share: odds / (1 + odds), variance: inside.ratio < low.ratio ? low.variance : high.variance }
}

/** Odds seen in multiples of those expected, and the sampling variance of their logarithm. */
function compareOdds({ bad, total, share }: Expectation, fewest = FEWEST_BESIDE) {
  const good = total - bad
  if (bad < fewest || good < fewest) return null
  return {
    ratio: ((bad + HALF) / (good + HALF)) * ((1 - share) / share),
    variance: 1 / (bad + HALF) + 1 / (good + HALF),
  }
}

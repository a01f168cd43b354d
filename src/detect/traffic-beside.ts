import { studentUpperTail } from '../math/distributions.ts'
import { mean } from '../math/stats.ts'
import { anscombe, fromAnscombe } from './anscombe.ts'
import { measureWander, nearerSide, sidesOf, wanderAt } from './wander.ts'

/** The level on each side is the median of so many windows: few, for what lies further away is another time of the day. */
const REACH = 6
/** Traffic counts as fallen (risen) when it is this many times less (more) than on either side. */
const LEAST_FACTOR = 2

/** Natural logarithm of the one-sided p-value of counts in [from, to); 0 where the sides do not tell. */
export type BesideLogP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => number

/**
 * Judges intervals of windows whose usual level the log cannot tell by what lies right before and after them: what falls
 * and comes back within hours is an incident whatever the level. The course of such a day may be the known days' or none
 * at all (machines ask evenly while people sleep), or lie between the two: an interval must have fallen to a half of
 * either side both as counted and in proportion to the known course. How far intervals usually lie off their sides is
 * measured at every length over the whole log.
 *
 * @param value counts on Anscombe's scale, NaN where not known
 * @param course what the known days make one expect, on that scale, above 0; even where nothing is known
 * @param longest windows of the longest interval
 */
export function judgeBeside(value: Float64Array, course: Float64Array, longest: number): BesideLogP {
  const ratio = value.map((y, w) => y / course[w])
  const gap = value.map((y, w) => y - course[w])
  const center = (from: number, to: number) => {
    const { before, after } = sidesOf(ratio, from, to, REACH)
    return ((before + after) / 2 - 1) * mean(course, from, to)
  }
  const wander = measureWander(gap, center, longest, () => true)
  return (counts, from, to, above) => {
    const inProportion = nearerSide(sidesOf(ratio, from, to, REACH), above)
    const asCounted = nearerSide(sidesOf(value, from, to, REACH), above)
    if (Number.isNaN(inProportion) || Number.isNaN(asCounted)) return 0
    let actual = 0
    let expected = 0
    let sum = 0
    for (let w = from; w < to; w++) {
      const usual = Math.max(inProportion * course[w], anscombe(0))
      actual += counts[w]
      expected += fromAnscombe(usual)
      sum += anscombe(counts[w]) - usual
    }
    const even = fromAnscombe(asCounted) * (to - from)
    const isFar = above
      ? actual > LEAST_FACTOR * Math.max(expected, even)
      : LEAST_FACTOR * actual < Math.min(expected, even)
    if (!isFar) return 0
    const { scale, df } = wanderAt(wander, to - from)
    const z = (above ? sum : -sum) / Math.sqrt(to - from) / scale
    return Math.log(Math.max(studentUpperTail(z, df), 1e-300))
  }
}

import {
  betaBinomialLogTerm,
  betaBinomialLowerTail,
  betaBinomialTermAtLeast,
  betaBinomialUpperTail,
} from '../math/distributions.ts'
import type { Finding, ShareJudge } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { createOutsideSums, type OutsideSums, type Spread, spreadOutside, sumOutside, sumWhole } from './dispersion.ts'
import { MOST_CORRELATION, NEARLY_NONE, SCREEN_SD } from './screen.ts'
import type { ShareKind } from './share-input.ts'
import { createExpectation, type MutableExpectation, type ShareModel } from './share-model.ts'
import type { createStrangeness, Strangeness } from './strangeness.ts'

/** Findings above this p-value are not kept: no test is rejected there. */
const KEEP_P = 1e-3
const KEEP_LOG_P = Math.log(KEEP_P)
/** More than a logarithm of a tail is off by rounding, see distributions.ts. */
const ROUNDING = 1e-5

/** What a slice's model and spread say of one interval: all that a verdict needs beside what the slices have in common. */
export interface Evidence extends MutableExpectation {
  /** The expected share from other weeks at this hour, where the log is long enough; else the expected share. */
  weeklyShare: number
  /** The least power of two that is no shorter than the length that shares average out over, and what the blocks outside say at it. */
  exponent: number
  readonly outside: OutsideSums
  /** Length of the interval over that of the slice's life outside of it. */
  lengthRatio: number
  /** null where nothing is unknown. */
  strange: Strangeness | null
}

export function createEvidence(): Evidence {
  return {
    ...createExpectation(),
    weeklyShare: 0.5,
    exponent: 0,
    outside: createOutsideSums(),
    lengthRatio: 0,
    strange: null,
  }
}

/**
 * @param strangeness of the slice, see createStrangeness
 * @param into where to put it, for those who ask often
 */
export function gatherEvidence(
  model: ShareModel,
  spread: Spread,
  strangeness: ReturnType<typeof createStrangeness>,
  from: number,
  to: number,
  into: Evidence = createEvidence(),
): Evidence {
  model.expect(from, to, into)
  into.weeklyShare = model.blendWeeks(into.share, from, to)
  const length = lengthOf(model, from, to)
  into.exponent = length > 1 ? 32 - Math.clz32(length - 1) : 0
  into.lengthRatio = length / Math.max(1, model.died - model.born - length)
  sumOutside(spread, into.exponent, from, to, into.outside)
  into.strange = strangeness(into, from, to)
  return into
}

/**
 * Windows of an interval in which the slice lived. What lies before a slice's first request or after its last one
 * lengthens nothing: shares average out over requests, not over silence.
 */
function lengthOf({ born, died }: ShareModel, from: number, to: number): number {
  return Math.max(0, Math.min(to, died) - Math.max(from, born))
}

/** Weighs the evidence of an interval [from, to): the share to hold it against, and how precisely that is known. */
export type Weigh = (evidence: Evidence, from: number, to: number) => ReturnType<ShareJudge['judge']>

/**
 * @param pooled typical φ by exponent of the length
 * @param otherRun whether the expectation comes from a baseline log
 */
export function createWeigh(kind: ShareKind, pooled: Float64Array, calendar: Calendar, otherRun: boolean): Weigh {
  const widen = createWidening(kind, calendar, otherRun)
  const floor = createFloor(kind, calendar)
  return (
    { bad, total, share: usual, weeklyShare, doubt, overall, exponent, outside, lengthRatio, strange },
    from,
    to,
  ) => {
    let phi = widen(Math.max(floor(to - from), spreadOutside(outside, pooled, exponent)), to - from)
    if (calendar.unknownKind[from] === 1 || calendar.unknownKind[to - 1] === 1) phi += kind.typicalSpread
    if (strange !== null) {
      const { beside, drift, part, spread } = strange
      if (beside !== null) {
        const variance = (phi + drift + beside.variance) * beside.share * (1 - beside.share)
        return { bad, total, share: beside.share, precision: precisionOf(variance + doubt) }
      }
      phi += spread * part ** 2
    }
    // The expectation itself was seen on a few days only, each with the same spread. As far as it is the overall level of
    // what drifts, it was seen in one stretch, and a version's life may be short: with a long memory (as in the floor)
    // the variance of a stretch's mean is as the root of its length. (Of logs without seasons the widening says so.)
    const ofStretch = kind.drifts && !otherRun && calendar.phases > 0 ? Math.sqrt(lengthRatio) : 0
    phi *= 1 + (1 - overall) / Math.max(calendar.days - 1, 1) + overall * ofStretch
    const towards = kind.above !== null && bad > total * usual
    const share = towards ? Math.max(usual, weeklyShare) : Math.min(usual, weeklyShare)
    return { bad, total, share, precision: precisionOf(phi * share * (1 - share) + doubt) }
  }
}

/** α + β of the beta distribution of shares with this intra-class correlation. */
export const precisionOf = (correlation: number) => 1 / Math.min(correlation, MOST_CORRELATION) - 1

/** The least φ that a judge uses for an interval of so many windows, whatever was measured. */
export function createLeastSpread(kind: ShareKind, calendar: Calendar, otherRun: boolean): (length: number) => number {
  const widen = createWidening(kind, calendar, otherRun)
  const floor = createFloor(kind, calendar)
  return (length) => widen(floor(length), length)
}

/** The φ that intervals of 2^octave windows of a slice are usually judged with, by what its blocks say (see `sumSpread`). */
export function createUsualSpread(
  kind: ShareKind,
  pooled: Float64Array,
  calendar: Calendar,
  otherRun: boolean,
): (scales: Parameters<typeof sumWhole>[0], octave: number) => number {
  const least = createLeastSpread(kind, calendar, otherRun)
  const widen = createWidening(kind, calendar, otherRun)
  return (scales, octave) => {
    const exponent = Math.min(octave, pooled.length - 1)
    const length = 2 ** octave
    return Math.max(least(length), widen(spreadOutside(sumWhole(scales, exponent), pooled, exponent), length))
  }
}

/**
 * The least φ of an interval of so many windows. What has a long memory (Hurst's exponent ¾, as in share-looks.ts) averages
 * out like the root of the length; what drifts does not average out. Few days teach little about how days differ: the
 * least spread grows as they get fewer.
 */
function createFloor({ leastSpread, drifts }: ShareKind, { phases, days }: Calendar): (length: number) => number {
  const ofDays = phases > 0 ? 0.1 / Math.max(days - 1, 1) : 0
  return (length) => (Math.sqrt(drifts ? leastSpread : leastSpread / Math.sqrt(length)) + ofDays) ** 2
}

/** What is added to φ: what two runs differ by, and without seasons how far the time of day moves a share. */
function createWidening(kind: ShareKind, calendar: Calendar, otherRun: boolean) {
  const hours = calendar.windowMs / 3_600_000
  return (spread: number, length: number): number => {
    let phi = spread
    if (otherRun) phi += kind.spreadBetweenRuns
    if (calendar.phases === 0) phi += Math.min((kind.driftPerHour * hours * length) ** 2, 1)
    return phi
  }
}

/** Natural logarithm of the one-sided p-value of `bad` of `total`, in the direction that the kind looks. */
export function shareLogP(bad: number, total: number, share: number, precision: number, above: boolean): number {
  const alpha = share * precision
  const beta = (1 - share) * precision
  return above ? betaBinomialUpperTail(bad, total, alpha, beta) : betaBinomialLowerTail(bad, total, alpha, beta)
}

/** The finding of an interval that passed the screen; null when it lies near what is expected after all. */
export function judgeInterval(
  kind: ShareKind,
  { slice, level, from, to }: Pick<Finding, 'slice' | 'level' | 'from' | 'to'>,
  evidence: Evidence,
  weigh: Weigh,
): Finding | null {
  const { bad, total, share, precision } = weigh(evidence, from, to)
  const above = kind.above !== null && (kind.below === null || bad > total * evidence.share)
  const category = above ? kind.above : kind.below
  if (category === null) return null
  const sd = Math.sqrt(total * share * (1 - share) * (1 + (total - 1) / (precision + 1)))
  const isNearlyNone = !above && bad < NEARLY_NONE * total * share
  if (!isNearlyNone && (above ? bad - total * share : total * share - bad) < SCREEN_SD * sd) return null
  // A tail is no less than its first term, which is most of it for rare events.
  const alpha = share * precision
  const beta = (1 - share) * precision
  if (betaBinomialTermAtLeast(bad, total, alpha, beta) > KEEP_P * (1 + ROUNDING)) return null
  if (betaBinomialLogTerm(bad, total, alpha, beta) > KEEP_LOG_P + ROUNDING) return null
  const logP = shareLogP(bad, total, share, precision, above)
  if (logP > KEEP_LOG_P) return null
  return {
    category,
    metric: kind.metric,
    detector: kind.detector,
    slice,
    level,
    from,
    to,
    logP,
    actual: bad / total,
    expected: share,
    support: total,
  }
}

import { betaBinomialLowerTail, betaBinomialUpperTail } from '../math/distributions.ts'
import { prefixSum } from '../math/stats.ts'
import type { Finding, ShareEvidence, ShareFindings, ShareJudge, ShareSeries, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { measureSpread, poolSpreads, type Spread, spreadOutside, sumSpread } from './dispersion.ts'
import { listIntervals } from './intervals.ts'
import { buildMasks, maskUnknown } from './masks.ts'
import { poolPhaseStrengths } from './phases.ts'
import type { ShareInput, ShareKind, UnknownHours } from './share-input.ts'
import { type Expectation, fitShareModel, type ShareModel, type ShareModelOptions } from './share-model.ts'
import { expectFromSides } from './share-sides.ts'

/** Fewer requests than these are not judged: 3 bad of 4 is no incident. */
const FEWEST_REQUESTS = 5
/** A share given the parent cannot be seen to fall when fewer requests were expected. */
const FEWEST_EXPECTED = 8
/** Exact tails are computed beyond this many standard deviations; nearer ones cannot be rejected at any level in use. */
const SCREEN_SD = 2.5
/** Findings above this p-value are not kept: no test is rejected there. */
const KEEP_LOG_P = Math.log(1e-3)
/** Judges kept ready for those who ask again. */
const MOST_KEPT = 64
/** Jeffreys' prior of a share. */
const JEFFREYS: ShareEvidence = { bad: 0.5, total: 1 }
/** A version's endpoint behaved like this in other versions: worth more than a mere sibling. */
const VERSION_STRENGTH = 100
/** Intervals up to this long are held against the hours beside them where their share is not known. */
const LONGEST_BESIDE_HOURS = 6
/** A judged interval is at most this part of the log; with a baseline log all of it. */
const LONGEST_PART = 0.5

/**
 * Judges every listed interval of every slice: is the share of bad requests what the rest of the log (or the baseline
 * log) makes one expect? One-sided p-values come from the beta-binomial predictive distribution with Jeffreys' prior,
 * whose precision holds the sampling error of the expectation and the measured spread.
 *
 * Two rounds: what the first finds beyond doubt does not count as usual in the second.
 */
export function detectShares(
  kind: ShareKind,
  slices: readonly Slice[],
  inputs: readonly (ShareInput | null)[],
  calendar: Calendar,
): ShareFindings {
  const unknown = maskUnknown(inputs)
  const first = runRound(kind, slices, inputs, calendar, unknown)
  const masks = buildMasks(first.findings, inputs, calendar.windows, unknown)
  return masks === unknown ? first : runRound(kind, slices, inputs, calendar, masks)
}

function runRound(
  kind: ShareKind,
  slices: readonly Slice[],
  inputs: readonly (ShareInput | null)[],
  calendar: Calendar,
  masks: ReadonlyMap<number, Uint8Array> | null,
): ShareFindings {
  const phaseStrengths = poolPhaseStrengths(kind, slices, inputs, calendar, masks)
  const withBaseline = inputs.some((input) => input?.baseline)
  const longest = Math.max(1, withBaseline ? calendar.windows : Math.floor(calendar.windows * LONGEST_PART))

  const sums = inputs.map((input) => (input === null ? null : sumSeries(input.series)))
  /** What a slice's siblings say: its parent without itself, in the baseline log where there is one. */
  const priorOf = (kind: ShareKind, slice: number): ShareEvidence => {
    const parent = slices[slice].parents[0]
    if (parent === undefined) return JEFFREYS
    const strength = slices[slice].scope.version === undefined ? kind.siblingStrength : VERSION_STRENGTH
    return siblingPrior(
      inputs[parent]?.baseline ?? sums[parent] ?? null,
      inputs[slice]?.baseline ?? sums[slice]!,
      strength,
    )
  }

  const fitSlice = (slice: number) => {
    const masked = masks?.get(slice) ?? null
    const { series, baseline } = inputs[slice]!
    const phaseStrength = phaseStrengths[slices[slice].level] / overallVariance(series)
    return fitWithSpread(series, { masked, prior: priorOf(kind, slice), baseline, phaseStrength })
  }
  const fitWithSpread = (series: ShareSeries, options: ShareModelOptions) => {
    const model = fitShareModel(series, calendar, options)
    // How a share wanders is seen around its own mean: what lies off the baseline log all along is no wandering.
    const own = options.baseline === null ? model : fitShareModel(series, calendar, { ...options, baseline: null })
    return { model, spread: measureSpread(own, calendar, options.masked, longest, kind.typicalSpread) }
  }
  const judged = slices.map((_, slice) => slice).filter((slice) => inputs[slice] !== null)

  // A model is a dozen columns over all windows: thousands of slices are fitted twice rather than kept.
  const sizes = new Map(judged.map((slice) => [slice, sumSpread(fitSlice(slice).spread)]))
  const exponents = Math.floor(Math.log2(longest)) + 1
  const known = (level: number | null) =>
    judged.filter((slice) => level === null || slices[slice].level === level).map((slice) => sizes.get(slice)!)
  const overall = poolSpreads(known(null), exponents, (exponent) => kind.typicalSpread / 2 ** exponent)
  const pooled = [0, 1, 2].map((level) => poolSpreads(known(level), exponents, (exponent) => overall[exponent]))
  const createSliceJudge = (slice: number) => {
    const { model, spread } = fitSlice(slice)
    const input = inputs[slice]!
    return createJudge(
      kind,
      model,
      spread,
      pooled[slices[slice].level],
      calendar,
      input.baseline !== null,
      input.unknown,
    )
  }

  const findings: Finding[] = []
  const counts = [0, 0, 0]
  const intervals = listIntervals(calendar.windows, longest)
  // The whole log is one more interval: against a baseline log, or against siblings.
  if (kind.standing || withBaseline) intervals.push({ from: 0, to: calendar.windows })
  for (const slice of judged) {
    const { level } = slices[slice]
    const judge = createSliceJudge(slice)
    for (const { from, to } of intervals) counts[level] += judgeInterval(kind, slice, level, judge, from, to, findings)
  }
  const kept = new Map<number, ShareJudge>()
  const judgeOf = (slice: number): ShareJudge => {
    const ready = kept.get(slice)
    if (ready !== undefined) return ready
    if (kept.size >= MOST_KEPT) kept.clear()
    const judge = createSliceJudge(slice)
    kept.set(slice, judge)
    return judge
  }
  const judges = slices.map((_, slice) =>
    inputs[slice] === null ? null : { judge: (from: number, to: number) => judgeOf(slice).judge(from, to) },
  )
  const tests = ([0, 1, 2] as const).map((level) => ({ metric: kind.metric, level, judged: counts[level] }))
  const fit = (series: ShareSeries, baseline: ShareEvidence | null, dimensions: number) => {
    const level = Math.min(2, dimensions)
    const { model, spread } = fitWithSpread(series, {
      masked: null,
      prior: siblingPrior(inputs[0]?.baseline ?? sums[0] ?? null, baseline ?? sumSeries(series), kind.siblingStrength),
      baseline,
      phaseStrength: phaseStrengths[level] / overallVariance(series),
    })
    return createJudge(kind, model, spread, pooled[level], calendar, baseline !== null)
  }
  return { findings, tests, judges, fit, logP: shareLogP }
}

/** A judge that shows its model, for a cheap first look. */
interface ModelJudge extends ShareJudge {
  readonly model: ShareModel
}

function createJudge(
  kind: ShareKind,
  model: ShareModel,
  spread: Spread,
  pooled: Float64Array,
  calendar: Calendar,
  otherRun: boolean,
  unknown?: UnknownHours,
): ModelJudge {
  const hours = calendar.windowMs / 3_600_000
  // Few days teach little about how days differ: the least spread grows as they get fewer.
  const dayFloor =
    calendar.phases > 0 ? (Math.sqrt(kind.leastSpread) + 0.1 / Math.max(calendar.days - 1, 1)) ** 2 : kind.leastSpread
  const { total } = model.series
  const sumUnknown = unknown?.windows.includes(1)
    ? prefixSum(Float64Array.from(unknown.windows, (mark, w) => mark * total[w]))
    : null
  return {
    model,
    judge(from, to) {
      const expectation = model.expect(from, to)
      const exponent = Math.ceil(Math.log2(to - from))
      let phi = Math.max(dayFloor, spreadOutside(spread, pooled, exponent, from, to))
      if (otherRun) phi += kind.spreadBetweenRuns
      if (calendar.phases === 0) phi += Math.min((kind.driftPerHour * hours * (to - from)) ** 2, 1)
      if (calendar.unknownKind[from] === 1 || calendar.unknownKind[to - 1] === 1) phi += kind.typicalSpread
      const strange = sumUnknown === null ? 0 : (sumUnknown[to] - sumUnknown[from]) / Math.max(1, expectation.total)
      if (unknown !== undefined && strange > 0) {
        const beside =
          hours * (to - from) <= LONGEST_BESIDE_HOURS ? expectFromSides(model, expectation, from, to) : null
        if (beside !== null) {
          const spread = phi + (unknown.driftPerHour * hours * (to - from)) ** 2 + beside.variance
          const variance = spread * beside.share * (1 - beside.share)
          return toBetaBinomial(expectation, beside.share, variance + expectation.doubt)
        }
        phi += unknown.spread * strange ** 2
      }
      // The expectation itself was seen on a few days only, each with the same spread.
      phi *= 1 + (1 - expectation.overall) / Math.max(calendar.days - 1, 1)
      const towards = kind.above !== null && expectation.bad > expectation.total * expectation.share
      const share = towards
        ? Math.max(expectation.share, expectation.weeklyShare)
        : Math.min(expectation.share, expectation.weeklyShare)
      return toBetaBinomial(expectation, share, phi * share * (1 - share) + expectation.doubt)
    },
  }
}

function toBetaBinomial({ bad, total }: Expectation, share: number, correlation: number) {
  return { bad, total, share, precision: 1 / Math.min(correlation, 0.9) - 1 }
}

/** Natural logarithm of the one-sided p-value of `bad` of `total`, in the direction that the kind looks. */
function shareLogP(bad: number, total: number, share: number, precision: number, above: boolean): number {
  const alpha = share * precision
  const beta = (1 - share) * precision
  return above ? betaBinomialUpperTail(bad, total, alpha, beta) : betaBinomialLowerTail(bad, total, alpha, beta)
}

function judgeInterval(
  kind: ShareKind,
  slice: number,
  level: 0 | 1 | 2,
  judge: ModelJudge,
  from: number,
  to: number,
  findings: Finding[],
): number {
  const { bad, total, share: rough } = judge.model.expect(from, to)
  if (total < FEWEST_REQUESTS) return 0
  const above = kind.above !== null && (kind.below === null || bad > total * rough)
  if (total * rough < (above ? kind.leastExpectedAbove : FEWEST_EXPECTED)) return 0
  if (above ? bad <= total * rough : bad >= total * rough) return 1
  // The least spread first: what is near enough under it is nearer under the measured one.
  const gap = Math.abs(bad - total * rough)
  if (gap < SCREEN_SD * Math.sqrt(total * rough * (1 - rough))) return 1
  const { share, precision } = judge.judge(from, to)
  const sd = Math.sqrt(total * share * (1 - share) * (1 + (total - 1) / (precision + 1)))
  if ((above ? bad - total * share : total * share - bad) < SCREEN_SD * sd) return 1
  const logP = shareLogP(bad, total, share, precision, above)
  if (logP > KEEP_LOG_P) return 1
  const category = above ? kind.above : kind.below
  if (category === null) return 1
  findings.push({
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
  })
  return 1
}

function siblingPrior(parent: ShareEvidence | null, own: ShareEvidence, strength: number): ShareEvidence {
  if (parent === null || parent.total <= own.total) return JEFFREYS
  const share = (parent.bad - own.bad + JEFFREYS.bad) / (parent.total - own.total + JEFFREYS.total)
  return { bad: JEFFREYS.bad + strength * Math.max(0, share), total: JEFFREYS.total + strength }
}

function sumSeries({ bad, total }: ShareSeries): ShareEvidence {
  let sumBad = 0
  let sumTotal = 0
  for (let w = 0; w < total.length; w++) {
    sumBad += bad[w]
    sumTotal += total[w]
  }
  return { bad: sumBad, total: sumTotal }
}

function overallVariance({ bad, total }: ShareSeries): number {
  let k = 0.5
  let n = 1
  for (let w = 0; w < total.length; w++) {
    k += bad[w]
    n += total[w]
  }
  return (k / n) * (1 - k / n)
}

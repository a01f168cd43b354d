import type { Finding, ShareEvidence, ShareFindings, ShareJudge, ShareSeries, Slice } from '../types.ts'
import { type Attainable, addSizes, createAttainable } from './attainable.ts'
import type { Calendar } from './calendar.ts'
import { measureSpread } from './dispersion.ts'
import { listIntervals } from './intervals.ts'
import { confirms, createUsualWeigh, findLasting, isLong } from './lasting.ts'
import { buildMasks, maskEverywhere, maskUnknown } from './masks.ts'
import { measurePhaseSpread, type PhaseSpread, poolPhaseStrengths } from './phases.ts'
import { buildIntervalTable } from './screen.ts'
import { recallEvidence } from './share-candidates.ts'
import type { ShareInput, ShareKind } from './share-input.ts'
import {
  createEvidence,
  createUsualSpread,
  createWeigh,
  gatherEvidence,
  judgeInterval,
  shareLogP,
  type Weigh,
} from './share-judge.ts'
import { type Look, lookAtSlices, poolLooks, type Workspace } from './share-looks.ts'
import { fitShareModel, type ShareModelOptions } from './share-model.ts'
import { siblingPrior } from './sibling-prior.ts'
import { createStrangeness } from './strangeness.ts'

/** Judges kept ready for those who ask again: so many windows of models (about 60 bytes each), and never fewer judges than these. */
const MOST_KEPT_WINDOWS = 1_000_000
const FEWEST_KEPT = 64
/** A version's endpoint behaved like this in other versions: worth more than a mere sibling. */
const VERSION_STRENGTH = 100
/** A judged interval is at most this part of the log; with a baseline log all of it. */
const LONGEST_PART = 0.5

/**
 * Judges every listed interval of every slice: is the share of bad requests what the rest of the log (or the baseline
 * log) makes one expect? One-sided p-values come from the beta-binomial predictive distribution with Jeffreys' prior,
 * whose precision holds the sampling error of the expectation and the measured spread.
 *
 * Two rounds: what the first finds beyond doubt does not count as usual in the second. What lasts may have hidden in the
 * spread that it made itself: it is judged once more by a round that knows nothing of its time. The cost is linear in
 * slices × windows: a slice is fitted once a round, and again only when an interval of it is worth a closer look.
 */
export function detectShares(
  kind: ShareKind,
  slices: readonly Slice[],
  inputs: readonly (ShareInput | null)[],
  calendar: Calendar,
): ShareFindings {
  const sums = inputs.map((input) => (input === null ? null : sumSeries(input.series)))
  const round = (masks: ReadonlyMap<number, Uint8Array> | null, before: Round | null) =>
    runRound(kind, slices, inputs, sums, calendar, masks, before)
  const unknown = maskUnknown(inputs)
  const first = round(unknown, null)
  const lasting = findLasting(first.suspects, inputs)
  if (lasting !== null) {
    const everywhere = maskEverywhere(lasting, inputs, calendar.windows)
    const { findings } = round(everywhere, first).found
    const isConfirmed = findings.some((finding) => confirms(finding, lasting, calendar.windows))
    if (isConfirmed) return round(buildMasks(first.found.findings, inputs, calendar.windows, everywhere), first).found
  }
  const masks = buildMasks(first.found.findings, inputs, calendar.windows, unknown)
  return masks === unknown ? first.found : round(masks, first).found
}

/** What a round leaves to the next one, which looks again only where something changed. */
interface Round {
  readonly found: ShareFindings
  /** What may last, see lasting.ts; only of the first round, and none of shares that drift by nature. */
  readonly suspects: readonly Finding[]
  readonly phaseSpreads: readonly (PhaseSpread | null)[]
  readonly looks: readonly (Look | null)[]
}

function runRound(
  kind: ShareKind,
  slices: readonly Slice[],
  inputs: readonly (ShareInput | null)[],
  sums: readonly (ShareEvidence | null)[],
  calendar: Calendar,
  masks: ReadonlyMap<number, Uint8Array> | null,
  before: Round | null,
): Round {
  const maskOf = (slice: number) => masks?.get(slice) ?? null
  const phaseSpreads = measurePhases(inputs, calendar, maskOf, before)
  const phaseStrengths = poolPhaseStrengths(kind, slices, phaseSpreads)
  const withBaseline = inputs.some((input) => input?.baseline)
  const longest = Math.max(1, withBaseline ? calendar.windows : Math.floor(calendar.windows * LONGEST_PART))

  /** What a slice's siblings say: its parent without itself, in the baseline log where there is one. */
  const priorOf = (kind: ShareKind, slice: number): ShareEvidence => {
    const parent = slices[slice].parents[0]
    const strength = slices[slice].scope.version === undefined ? kind.siblingStrength : VERSION_STRENGTH
    return siblingPrior(
      parent === undefined ? null : (inputs[parent]?.baseline ?? sums[parent] ?? null),
      inputs[slice]?.baseline ?? sums[slice]!,
      strength,
      kind.standing,
    )
  }
  const strengthOf = (slice: number) => phaseStrengths[slices[slice].level] / overallVariance(sums[slice]!)

  const fitSlice = (slice: number, columns: Workspace | null) => {
    const { series, baseline } = inputs[slice]!
    const options = { masked: maskOf(slice), prior: priorOf(kind, slice), baseline, phaseStrength: strengthOf(slice) }
    return fitWithSpread(series, options, columns)
  }
  const fitWithSpread = (series: ShareSeries, options: ShareModelOptions, columns: Workspace | null) => {
    const model = fitShareModel(series, calendar, options, columns?.model)
    // How a share wanders is seen around its own mean: what lies off the baseline log all along is no wandering.
    const own =
      options.baseline === null ? model : fitShareModel(series, calendar, { ...options, baseline: null }, columns?.own)
    return { model, spread: measureSpread(own, calendar, options.masked, longest, kind.typicalSpread, columns?.blocks) }
  }

  const intervals = listIntervals(calendar.windows, longest)
  // The whole log is one more interval: against a baseline log, or against siblings.
  if (kind.standing || withBaseline) intervals.push({ from: 0, to: calendar.windows })
  const table = buildIntervalTable(intervals)
  const looks = lookAtSlices({ kind, inputs, calendar, table, maskOf, strengthOf, fitSlice }, before?.looks ?? null)
  const pooled = poolLooks(kind, slices, looks, Math.floor(Math.log2(longest)) + 1)
  const weighs = [false, true].map((otherRun) => pooled.map((own) => createWeigh(kind, own, calendar, otherRun)))
  const weighOf = (level: number, baseline: ShareEvidence | null) => weighs[baseline === null ? 0 : 1][level]

  const evidence = createEvidence()
  const findings: Finding[] = []
  const suspects: Finding[] = []
  const weighUsual = createUsualWeigh(kind)
  const mayLast = before === null && !kind.drifts
  const counts: number[][] = [[], [], []]
  const attainable: Attainable[][] = [[], [], []]
  const usualSpreads = [false, true].map((otherRun) =>
    pooled.map((own) => createUsualSpread(kind, own, calendar, otherRun)),
  )
  for (const [slice, own] of looks.entries()) {
    if (own === null) continue
    const { level } = slices[slice]
    const spreadAt = usualSpreads[inputs[slice]!.baseline === null ? 0 : 1][level]
    for (const [octave, judged] of own.judged.entries()) {
      counts[level][octave] = (counts[level][octave] ?? 0) + judged
      if (own.sizes === null) continue
      attainable[level][octave] ??= createAttainable()
      addSizes(attainable[level][octave], own.sizes, octave, spreadAt(own.spread.scales, octave))
    }
    const weigh = weighOf(level, inputs[slice]!.baseline)
    for (const [i, at] of own.candidates.at.entries()) {
      const from = table.from[at]
      const to = table.to[at]
      const place = { slice, level, from, to }
      recallEvidence(own.candidates, i, evidence)
      const finding = judgeInterval(kind, place, evidence, weigh)
      if (finding !== null) findings.push(finding)
      const suspect =
        mayLast && isLong(place, calendar.windows) ? judgeInterval(kind, place, evidence, weighUsual) : null
      if (suspect !== null) suspects.push(suspect)
    }
  }
  const createJudge = (
    { model, spread }: ReturnType<typeof fitWithSpread>,
    input: ShareInput | null,
    weigh: Weigh,
  ): ShareJudge => {
    const strangeness = createStrangeness(model, input, calendar.windowMs)
    return { judge: (from, to) => weigh(gatherEvidence(model, spread, strangeness, from, to), from, to) }
  }
  const kept = new Map<number, ShareJudge>()
  const mostKept = Math.max(FEWEST_KEPT, Math.floor(MOST_KEPT_WINDOWS / calendar.windows))
  const judgeOf = (slice: number): ShareJudge => {
    const ready = kept.get(slice)
    if (ready !== undefined) return ready
    if (kept.size >= mostKept) kept.clear()
    const judge = createJudge(
      fitSlice(slice, null),
      inputs[slice],
      weighOf(slices[slice].level, inputs[slice]!.baseline),
    )
    kept.set(slice, judge)
    return judge
  }
  const judges = slices.map((_, slice) =>
    inputs[slice] === null ? null : { judge: (from: number, to: number) => judgeOf(slice).judge(from, to) },
  )
  // What drifts by nature does not average out: of its long intervals no more is known than of the short ones.
  const tests = ([0, 1, 2] as const).flatMap((level) =>
    counts[level].map((judged, octave) => ({
      metric: kind.metric,
      level,
      ...(kind.drifts ? {} : { octave }),
      judged,
      ...(attainable[level][octave] === undefined ? {} : { counted: attainable[level][octave].list() }),
    })),
  )
  const fit = (series: ShareSeries, baseline: ShareEvidence | null, dimensions: number) => {
    const level = Math.min(2, dimensions)
    const own = sumSeries(series)
    const options = {
      masked: null,
      prior: siblingPrior(inputs[0]?.baseline ?? sums[0] ?? null, baseline ?? own, kind.siblingStrength, kind.standing),
      baseline,
      phaseStrength: phaseStrengths[level] / overallVariance(own),
    }
    return createJudge(fitWithSpread(series, options, null), null, weighOf(level, baseline))
  }
  return { found: { findings, tests, judges, fit, logP: shareLogP }, suspects, phaseSpreads, looks }
}

/** How shares move with the time of day, by slice; what the round before measured without a mask stands. */
function measurePhases(
  inputs: readonly (ShareInput | null)[],
  calendar: Calendar,
  maskOf: (slice: number) => Uint8Array | null,
  before: Round | null,
): (PhaseSpread | null)[] {
  return inputs.map((input, slice) => {
    if (input === null) return null
    const masked = maskOf(slice)
    return (masked === null && before?.phaseSpreads[slice]) || measurePhaseSpread(input.series, calendar, masked)
  })
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

function overallVariance({ bad, total }: ShareEvidence): number {
  const share = (bad + 0.5) / (total + 1)
  return share * (1 - share)
}

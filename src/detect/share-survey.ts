import type { Finding, TestCount } from '../types.ts'
import { type Attainable, addSizes, createAttainable } from './attainable.ts'
import type { Calendar } from './calendar.ts'
import { listIntervals } from './intervals.ts'
import { confirms, createUsualWeigh, findLasting, isLong } from './lasting.ts'
import { buildMasks, maskEverywhere, maskUnknown } from './masks.ts'
import { measurePhaseSpread, type PhaseSpread, poolPhaseStrengths } from './phases.ts'
import { buildIntervalTable, type IntervalTable } from './screen.ts'
import { recallEvidence } from './share-candidates.ts'
import { createShareFitting, type SharePool } from './share-fitting.ts'
import type { ShareInput, ShareSubject } from './share-input.ts'
import { createEvidence, createUsualSpread, createWeigh, judgeInterval, type Weigh } from './share-judge.ts'
import { type Look, lookAtSlices, poolLooks } from './share-looks.ts'

/** What a look at all slices found, and what they have in common: numbers alone, so that any thread may have found it. */
export interface ShareSurvey extends SharePool {
  readonly findings: readonly Finding[]
  readonly tests: readonly TestCount[]
  /** Typical φ (see dispersion.ts) by level of the slices and exponent of the length. */
  readonly pooled: readonly Float64Array[]
}

/**
 * Judges every listed interval of every slice: is the share of bad requests what the rest of the log (or the baseline
 * log) makes one expect? One-sided p-values come from the beta-binomial predictive distribution with Jeffreys' prior,
 * whose precision holds the sampling error of the expectation and the measured spread.
 *
 * Two rounds: what the first finds beyond doubt does not count as usual in the second. What lasts may have hidden in the
 * spread that it made itself: it is judged once more by a round that knows nothing of its time. The cost is linear in
 * slices × windows: a slice is fitted once a round, and again only when an interval of it is worth a closer look.
 */
export function surveyShares(subject: ShareSubject): ShareSurvey {
  const { inputs, calendar } = subject
  const { windows } = calendar
  const unknown = maskUnknown(inputs)
  const first = runRound(subject, unknown, null)
  const lasting = findLasting(first.suspects, inputs)
  if (lasting !== null) {
    const everywhere = maskEverywhere(lasting, inputs, windows)
    const { findings } = runRound(subject, everywhere, first).survey
    const isConfirmed = findings.some((finding) => confirms(finding, lasting, windows))
    if (isConfirmed)
      return runRound(subject, buildMasks(first.survey.findings, inputs, windows, everywhere), first).survey
  }
  const masks = buildMasks(first.survey.findings, inputs, windows, unknown)
  return masks === unknown ? first.survey : runRound(subject, masks, first).survey
}

/** What a round leaves to the next one, which looks again only where something changed. */
interface Round {
  readonly survey: ShareSurvey
  /** What may last, see lasting.ts; only of the first round, and none of shares that drift by nature. */
  readonly suspects: readonly Finding[]
  readonly phaseSpreads: readonly (PhaseSpread | null)[]
  readonly looks: readonly (Look | null)[]
}

function runRound(subject: ShareSubject, masks: ReadonlyMap<number, Uint8Array> | null, before: Round | null): Round {
  const { kind, slices, inputs, calendar } = subject
  const phaseSpreads = measurePhases(inputs, calendar, (slice) => masks?.get(slice) ?? null, before)
  const phaseStrengths = poolPhaseStrengths(kind, slices, phaseSpreads)
  const fitting = createShareFitting(subject, { masks, phaseStrengths })
  const { longest, withBaseline } = fitting
  const intervals = listIntervals(calendar.windows, longest)
  // The whole log is one more interval: against a baseline log, or against siblings.
  if (kind.standing || withBaseline) intervals.push({ from: 0, to: calendar.windows })
  const table = buildIntervalTable(intervals)
  const looks = lookAtSlices(subject, fitting, table, before?.looks ?? null)
  const pooled = poolLooks(kind, slices, looks, Math.floor(Math.log2(longest)) + 1)
  const findings = judgeCandidates(subject, table, looks, createWeighs(subject, pooled))
  const mayLast = before === null && !kind.drifts
  const isSuspect = (from: number, to: number) => isLong({ from, to }, calendar.windows)
  const suspects = mayLast ? judgeCandidates(subject, table, looks, () => createUsualWeigh(kind), isSuspect) : []
  const tests = countTests(subject, looks, pooled)
  return { survey: { findings, tests, masks, phaseStrengths, pooled }, suspects, phaseSpreads, looks }
}

/** How the evidence of a slice is weighed, by its level and whether a baseline log says what is usual. */
export function createWeighs(
  { kind, calendar }: ShareSubject,
  pooled: readonly Float64Array[],
): (level: number, withBaseline: boolean) => Weigh {
  const weighs = [false, true].map((otherRun) => pooled.map((own) => createWeigh(kind, own, calendar, otherRun)))
  return (level, withBaseline) => weighs[withBaseline ? 1 : 0][level]
}

function judgeCandidates(
  { kind, slices, inputs }: ShareSubject,
  table: IntervalTable,
  looks: readonly (Look | null)[],
  weighOf: ReturnType<typeof createWeighs>,
  isAsked: (from: number, to: number) => boolean = () => true,
): Finding[] {
  const evidence = createEvidence()
  const findings: Finding[] = []
  for (const [slice, own] of looks.entries()) {
    if (own === null) continue
    const { level } = slices[slice]
    const weigh = weighOf(level, inputs[slice]!.baseline !== null)
    for (const [i, at] of own.candidates.at.entries()) {
      const interval = { slice, level, from: table.from[at], to: table.to[at] }
      if (!isAsked(interval.from, interval.to)) continue
      const finding = judgeInterval(kind, interval, recallEvidence(own.candidates, i, evidence), weigh)
      if (finding !== null) findings.push(finding)
    }
  }
  return findings
}

/** Tests by level and octave of the length, with what is expected of them where too many alone are an anomaly. */
function countTests(
  { kind, slices, inputs, calendar }: ShareSubject,
  looks: readonly (Look | null)[],
  pooled: readonly Float64Array[],
): TestCount[] {
  const counts: number[][] = [[], [], []]
  const attainable: Attainable[][] = [[], [], []]
  const spreads = [false, true].map((otherRun) => pooled.map((own) => createUsualSpread(kind, own, calendar, otherRun)))
  for (const [slice, own] of looks.entries()) {
    if (own === null) continue
    const { level } = slices[slice]
    const spreadAt = spreads[inputs[slice]!.baseline === null ? 0 : 1][level]
    for (const [octave, judged] of own.judged.entries()) {
      counts[level][octave] = (counts[level][octave] ?? 0) + judged
      if (own.sizes === null) continue
      attainable[level][octave] ??= createAttainable()
      addSizes(attainable[level][octave], own.sizes, octave, spreadAt(own.spread.scales, octave))
    }
  }
  // What drifts by nature does not average out: of its long intervals no more is known than of the short ones.
  return ([0, 1, 2] as const).flatMap((level) =>
    counts[level].map((judged, octave) => ({
      metric: kind.metric,
      level,
      ...(kind.drifts ? {} : { octave }),
      judged,
      ...(attainable[level][octave] === undefined ? {} : { counted: attainable[level][octave].list() }),
    })),
  )
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

/**
 * The first pass of a round: what each slice's windows tell. It stands apart from what the round keeps, whose judges would
 * otherwise hold all candidates, a million in a large log, for as long as anybody may ask them.
 */
import type { Slice } from '../types.ts'
import { countSizes, type TestSizes } from './attainable.ts'
import { POOLED_BLOCKS, sumSpread } from './dispersion.ts'
import { FEWEST_REQUESTS, type IntervalTable, screenIntervals } from './screen.ts'
import { type Candidates, createCandidates, keepEvidence } from './share-candidates.ts'
import { createWorkspace, type ShareFitting } from './share-fitting.ts'
import type { ShareKind, ShareSubject } from './share-input.ts'
import { createEvidence, createLeastSpread, gatherEvidence } from './share-judge.ts'
import { poolSpreads } from './spread-pool.ts'
import { createStrangeness } from './strangeness.ts'

/** What one pass over a slice's windows told, and what it was told. */
export interface Look {
  readonly masked: Uint8Array | null
  readonly phaseStrength: number
  readonly spread: ReturnType<typeof sumSpread>
  /** Intervals with enough requests to be judged, by octave of their length, and what there is to say about those that deserve it. */
  readonly judged: readonly number[]
  readonly candidates: Candidates
  /** The tests by their requests; null for shares that drift, whose spread is known too roughly to spend what tests leave. */
  readonly sizes: TestSizes | null
}

/**
 * Takes a look at every slice.
 *
 * @param table intervals to judge
 * @param before looks of the round before: those that were told the same are not taken again
 */
export function lookAtSlices(
  { kind, inputs, calendar }: ShareSubject,
  { maskOf, phaseStrengthOf, fitSlice }: ShareFitting,
  table: IntervalTable,
  before: readonly (Look | null)[] | null,
): (Look | null)[] {
  const workspace = createWorkspace(calendar)
  const evidence = createEvidence()
  const leastSpreads = [false, true].map((otherRun) => createLeastSpread(kind, calendar, otherRun))
  const look = (slice: number): Look => {
    const masked = maskOf(slice)
    const phaseStrength = phaseStrengthOf(slice)
    const known = before?.[slice]
    if (known && known.masked === masked && known.phaseStrength === phaseStrength) return known
    const { model, spread } = fitSlice(slice, workspace)
    const leastSpread = leastSpreads[inputs[slice]!.baseline === null ? 0 : 1]
    const strangeness = createStrangeness(model, inputs[slice]!, kind, calendar)
    const { judged, candidates } = screenIntervals(model, kind, table, leastSpread, known)
    const kept = createCandidates(candidates)
    for (const [i, at] of candidates.entries()) {
      keepEvidence(kept, i, gatherEvidence(model, spread, strangeness, table.from[at], table.to[at], evidence))
    }
    return {
      masked,
      phaseStrength,
      spread: sumSpread(spread),
      judged,
      candidates: kept,
      sizes: kind.below === null && !kind.drifts ? countSizes(model, table, FEWEST_REQUESTS) : null,
    }
  }
  return inputs.map((input, slice) => (input === null ? null : look(slice)))
}

/**
 * Typical φ by level of the slices and exponent of the length. What is typical of the metric counts beside what few blocks
 * measured, but not of shares that drift by nature: those need not average out over the long lengths.
 */
export function poolLooks(
  kind: ShareKind,
  slices: readonly Slice[],
  looks: readonly (Look | null)[],
  exponents: number,
): Float64Array[] {
  const known = (level: number | null) =>
    looks.flatMap((own, slice) => (own === null || (level !== null && slices[slice].level !== level) ? [] : own.spread))
  const pooling = (level: number | null) => ({
    cuts: countCuts(level === null ? slices : slices.filter((slice) => slice.level === level)),
    fallbackBlocks: kind.drifts ? 0 : POOLED_BLOCKS,
    mayGrow: kind.drifts,
  })
  // A long memory (Hurst's exponent ¾), as in lasting.ts: hours may share what moves them, however narrow the windows are.
  const typical = (exponent: number) => kind.typicalSpread / Math.sqrt(2 ** exponent)
  const overall = poolSpreads(known(null), exponents, typical, pooling(null))
  return [0, 1, 2].map((level) => poolSpreads(known(level), exponents, (exponent) => overall[exponent], pooling(level)))
}

/** Cuts of the log by a dimension or two: the slices of each hold every request at most once. */
function countCuts(slices: readonly Slice[]): number {
  return Math.max(1, new Set(slices.map(({ scope }) => Object.keys(scope).join())).size)
}

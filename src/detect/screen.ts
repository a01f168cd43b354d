import { octaveOf } from '../math/octave.ts'
import type { listIntervals } from './intervals.ts'
import type { ShareKind } from './share-input.ts'
import { mostRise } from './share-limits.ts'
import type { ShareModel } from './share-model.ts'

/** Fewer requests than these are not judged: 3 bad of 4 is no incident. */
export const FEWEST_REQUESTS = 5
/** A share given the parent cannot be seen to fall when fewer requests were expected. */
const FEWEST_EXPECTED = 8
/** Exact tails are computed beyond this many standard deviations; nearer ones cannot be rejected at any level in use. */
export const SCREEN_SD = 2.5
/**
 * A fall to less than this part of what is expected is always judged to its end: a share's spread bounds how many standard
 * deviations below it a total outage can lie (1/√φ, under SCREEN_SD from φ = 0.16 on), but not how rare one is.
 */
export const NEARLY_NONE = 0.1
/** What is decided by limits must be clear by this part, or the exact share decides: sums are rounded. */
const CLEAR = 1e-9

/** Intervals as columns, in the order of the list, and where in it each length begins. */
export interface IntervalTable {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly groups: readonly IntervalGroup[]
}

/** Intervals [first, end) of the table, all of one length, `step` windows apart (the last one may lie closer). */
interface IntervalGroup {
  readonly first: number
  readonly end: number
  readonly length: number
  readonly step: number
}

export function buildIntervalTable(intervals: ReturnType<typeof listIntervals>): IntervalTable {
  const groups: IntervalGroup[] = []
  for (let first = 0; first < intervals.length; ) {
    const length = intervals[first].to - intervals[first].from
    const step = first + 1 < intervals.length ? intervals[first + 1].from - intervals[first].from : 1
    let end = first + 1
    const belongs = (at: number) => at < intervals.length && intervals[at].to - intervals[at].from === length
    // Only even steps forward may be skipped over.
    while (belongs(end) && step > 0 && intervals[end].from - intervals[end - 1].from === step) end++
    groups.push({ first, end, length, step: Math.max(1, step) })
    first = end
  }
  return {
    from: Int32Array.from(intervals, ({ from }) => from),
    to: Int32Array.from(intervals, ({ to }) => to),
    groups,
  }
}

/** What of a slice's intervals is judged, and which of them need more than a first look. */
export interface Screened {
  /** Intervals with enough requests to be judged, by octave of their length. */
  readonly judged: readonly number[]
  /** Indexes of those that may lie far from what is expected, ascending. */
  readonly candidates: readonly number[]
}

/**
 * A first look at every interval of one slice by its expected share and the least spread that its judge can have: what
 * is near enough under that is nearer under the measured spread. Whole lengths and stretches are passed over when
 * limits of the expected share settle them; the result is the same as that of looking at each.
 *
 * @param leastSpread φ (see dispersion.ts) that the judge of an interval of so many windows will at least use
 * @param before what a look at the same series, with another mask, has found
 */
export function screenIntervals(
  model: ShareModel,
  kind: ShareKind,
  intervals: IntervalTable,
  leastSpread: (length: number) => number,
  before: Pick<Screened, 'judged'> | null = null,
): Screened {
  const { sumBad, sumTotal } = model
  const windows = sumBad.length - 1
  if (sumTotal[windows] < FEWEST_REQUESTS) return { judged: createCounts(intervals.groups), candidates: [] }
  if (kind.above !== null && kind.below === null && kind.leastExpectedAbove === 0)
    return screenAbove(model, intervals, leastSpread, before?.judged ?? countJudged(model, intervals))
  return screenBothWays(model, kind, intervals, leastSpread)
}

/** Where only too many are an anomaly: every interval with enough requests is judged, and only one with a bad request can be too bad. */
function screenAbove(
  model: ShareModel,
  intervals: IntervalTable,
  leastSpread: (length: number) => number,
  judged: readonly number[],
): Screened {
  const { sumBad, sumTotal, limits, busiest } = model
  const windows = sumBad.length - 1
  const candidates: number[] = []
  if (sumBad[windows] === 0) return { judged, candidates }

  const next = findNextBad(sumBad)
  const perRequest = 1 / limits.requests
  for (const { first, end, length, step } of intervals.groups) {
    if (busiest * length < FEWEST_REQUESTS) continue
    const spread = leastSpread(length)
    const low = length < limits.day ? limits.low : limits.lowOfDays
    let from = intervals.from[first]
    for (let i = first; i < end; i++, from += step) {
      const nextBad = next[from]
      if (nextBad >= from + length) {
        const skipped = Math.ceil((nextBad + 1 - length - from) / step) - 1
        i += skipped
        from += skipped * step
        continue
      }
      const n = sumTotal[from + length] - sumTotal[from]
      if (n < FEWEST_REQUESTS) continue
      const bad = sumBad[from + length] - sumBad[from]
      // What is left out lowers the overall share by no more than all of its requests being bad would.
      const least = low - bad * perRequest
      if (least > 0 && isNear(bad - n * least, n, least, spread)) continue
      const share = model.expectShare(from, from + length)
      if (bad > n * share && !isNear(bad - n * share, n, share, spread)) candidates.push(i)
    }
  }
  return { judged, candidates }
}

/** By window the first window from there on that has a bad request. */
function findNextBad(sumBad: Float64Array): Int32Array {
  const windows = sumBad.length - 1
  const next = new Int32Array(windows + 1)
  let nextBad = windows
  next[windows] = windows
  for (let w = windows - 1; w >= 0; w--) {
    if (sumBad[w + 1] > sumBad[w]) nextBad = w
    next[w] = nextBad
  }
  return next
}

/** Intervals with enough requests, by octave of their length. */
function countJudged({ sumTotal, busiest }: ShareModel, { from, groups }: IntervalTable): number[] {
  const judged = createCounts(groups)
  for (const { first, end, length, step } of groups) {
    if (busiest * length < FEWEST_REQUESTS) continue
    let count = 0
    let at = from[first]
    for (let i = first; i < end; i++, at += step) {
      if (sumTotal[at + length] - sumTotal[at] >= FEWEST_REQUESTS) count++
    }
    judged[octaveOf(length)] += count
  }
  return judged
}

/** A zero for each octave of lengths. */
function createCounts(groups: readonly IntervalGroup[]): number[] {
  const octaves = groups.reduce((most, { length }) => Math.max(most, octaveOf(length) + 1), 0)
  return new Array<number>(octaves).fill(0)
}

/** Where too few are an anomaly as well, or where enough must have been expected. */
function screenBothWays(
  model: ShareModel,
  kind: ShareKind,
  intervals: IntervalTable,
  leastSpread: (length: number) => number,
): Screened {
  const { sumBad, sumTotal, limits } = model
  const asked = whatIsAsked(kind)
  const { leastExpected } = asked
  const perRequest = 1 / limits.requests
  const candidates: number[] = []
  const judged = createCounts(intervals.groups)
  for (const { first, end, length, step } of intervals.groups) {
    const isDays = length >= limits.day
    const low = isDays ? limits.lowOfDays : limits.low
    const high = isDays ? limits.highOfDays : limits.high
    const most = model.busiest * length
    const highest = (high + mostRise(limits, most)) * (1 + CLEAR)
    if (most * highest < leastExpected) continue
    const spread = leastSpread(length)
    let count = 0
    let from = intervals.from[first]
    for (let i = first; i < end; i++, from += step) {
      const n = sumTotal[from + length] - sumTotal[from]
      if (n < FEWEST_REQUESTS || n * highest < leastExpected) continue
      const bad = sumBad[from + length] - sumBad[from]
      let settled: Settled = UNCLEAR
      if (isDays) {
        // The expected share of days is dear: limits of it are asked before.
        const least = Math.max(0, low - bad * perRequest) * n
        settled = settle(asked, n, bad, least * (1 - CLEAR), (high + mostRise(limits, n)) * n * (1 + CLEAR), spread)
      }
      if (settled === UNCLEAR) {
        const expected = n * model.expectShare(from, from + length)
        settled = settle(asked, n, bad, expected, expected, spread)
      }
      if (settled === NOT_JUDGED) continue
      count++
      if (settled === UNCLEAR) candidates.push(i)
    }
    judged[octaveOf(length)] += count
  }
  return { judged, candidates }
}

/** Which way an interval can be an anomaly, and how many bad requests must have been expected of it. */
interface Asked {
  readonly looksUp: boolean
  readonly looksDown: boolean
  readonly leastAbove: number
  readonly leastBelow: number
  /** The lesser of both. */
  readonly leastExpected: number
}

function whatIsAsked({ above, below, leastExpectedAbove }: ShareKind): Asked {
  const looksUp = above !== null
  const looksDown = below !== null
  // Whether above or below is asked by the expected share itself only where both are an anomaly.
  const leastAbove = looksUp ? leastExpectedAbove : FEWEST_EXPECTED
  const leastBelow = looksUp && !looksDown ? leastAbove : FEWEST_EXPECTED
  return { looksUp, looksDown, leastAbove, leastBelow, leastExpected: Math.min(leastAbove, leastBelow) }
}

/** What is certain of an interval of which `least` to `greatest` bad requests are expected. */
function settle(
  { looksUp, looksDown, leastAbove, leastBelow, leastExpected }: Asked,
  n: number,
  bad: number,
  least: number,
  greatest: number,
  spread: number,
): Settled {
  if (greatest < leastExpected) return NOT_JUDGED
  const mayLieAbove = bad > least
  const mayLieBelow = bad <= greatest
  const enough = mayLieAbove && mayLieBelow ? Math.max(leastAbove, leastBelow) : mayLieAbove ? leastAbove : leastBelow
  if (!(mayLieAbove && mayLieBelow) && greatest < enough) return NOT_JUDGED
  if (least < enough) return UNCLEAR
  if (mayLieAbove && looksUp && !isNear(bad - least, n, least / n, spread)) return UNCLEAR
  if (mayLieBelow && looksDown && (bad < NEARLY_NONE * greatest || !isNear(greatest - bad, n, greatest / n, spread)))
    return UNCLEAR
  return JUDGED
}

/** Not judged for want of expected requests; judged and near what is expected; or perhaps neither. */
const NOT_JUDGED = 0
const JUDGED = 1
const UNCLEAR = 2
type Settled = typeof NOT_JUDGED | typeof JUDGED | typeof UNCLEAR

/**
 * Whether a gap to the expected number of bad requests is below the screen for certain, given that the spread is at
 * least φ. The gap in standard deviations falls as the expected share moves towards the actual one, and so it does
 * when the spread grows: what is near here is near in every closer judgement.
 */
function isNear(gap: number, n: number, share: number, spread: number): boolean {
  if (gap <= 0) return true
  const variance = share * (1 - share)
  const correlation = Math.min(spread * variance, MOST_CORRELATION)
  return gap * gap < SCREEN_SD * SCREEN_SD * n * variance * (1 + (n - 1) * correlation) * (1 - CLEAR)
}

/** A share's requests are never taken to be more alike than this (intra-class correlation). */
export const MOST_CORRELATION = 0.9

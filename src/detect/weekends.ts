import { madScale, median } from '../math/stats.ts'
import { anscombe } from './anscombe.ts'
import type { Calendar } from './calendar.ts'

/** Days that must show each phase of the day before they can say what its course is. */
const FEWEST_WEEKDAYS = 2
/** A level that nobody knows is the median of what is seen this far around: shorter than the days' own course. */
const FOLLOW_MS = 6 * 3_600_000
/** Where nothing is known so far around, it is looked for up to this many times further away. */
const MOST_REACHES = 4
/** Weekends that lie this many times as far from their forecast as other days do were not foretold. */
const UNFORETOLD = 1.5

/**
 * Windows whose usual traffic the log cannot tell, 1 each. Services' weekends lie anywhere between a tenth and twice
 * their weekdays, begin at other hours in other places, and less than two weeks show no two of them alike. Where there
 * are too few weekdays to teach their own course without weekends, it is every window.
 *
 * @param value of every window, NaN where it is not known
 */
export function markUnknown(value: Float64Array, calendar: Calendar): Uint8Array {
  return calendar.weekly > 0
    ? new Uint8Array(calendar.windows)
    : unlessTooFew(calendar.weekendSomewhere, calendar, (w) => !Number.isNaN(value[w]))
}

/**
 * Hours in which no share of the traffic is known, 1 each: the weekend of a log that shows no two of them alike; of the
 * share of one place also those in which its weekend has begun (or ended) and others' have not. All hours where the rest
 * could not teach their course of the day.
 */
export function markUnknownShares(calendar: Calendar, isPlace: boolean): Uint8Array {
  const { weekly, windows, kindsKnown, kindOf, unknownKind, weekendEdge } = calendar
  if (weekly > 0) return new Uint8Array(windows)
  const weekend = kindsKnown ? kindOf : unknownKind
  const marks = isPlace ? weekend.map((mark, w) => Math.max(mark, weekendEdge[w])) : weekend
  return unlessTooFew(marks, calendar, () => true)
}

/** The marks, or all windows where those without a mark do not show each phase of the day often enough. */
function unlessTooFew(
  marks: Uint8Array,
  { windows, phases, phaseOf }: Calendar,
  isKnown: (w: number) => boolean,
): Uint8Array {
  if (!marks.includes(1)) return marks
  const seen = new Uint32Array(phases)
  for (let w = 0; w < windows; w++) if (marks[w] === 0 && isKnown(w)) seen[phaseOf[w]]++
  return seen.every((count) => count >= FEWEST_WEEKDAYS) ? marks : new Uint8Array(windows).fill(1)
}

/** Whether a log has hours in which it is a weekend everywhere. */
export function holdsWeekend({ weekendSomewhere, weekendEdge }: Calendar): boolean {
  return weekendSomewhere.some((mark, w) => mark === 1 && weekendEdge[w] === 0)
}

/** Whether weekends (1 in `weekend`) lie about as near to their forecast as other days. */
export function isForetold(deviation: Float64Array, weekend: Uint8Array): boolean {
  const scaleOf = (kind: 0 | 1) =>
    madScale(
      deviation.filter((_, w) => weekend[w] === kind),
      0,
    )
  return !(scaleOf(1) > UNFORETOLD * Math.max(1, scaleOf(0)))
}

/**
 * Moves the level (on Anscombe's scale) of unknown windows to what is seen around them, in multiples of the level: a
 * weekend has its weekdays' course, higher or lower. What lasts longer than a few hours cannot be told from it.
 */
export function followUnknown(level: Float64Array, value: Float64Array, unknown: Uint8Array, windowMs: number): void {
  const reach = Math.max(2, Math.round(FOLLOW_MS / windowMs))
  const ratio = value.map((y, w) => y / level[w])
  for (let w = 0; w < level.length; w++) {
    if (unknown[w] === 0) continue
    let around = Number.NaN
    // Where all around is left out, what is seen further away stands in.
    for (let far = reach; Number.isNaN(around) && far <= MOST_REACHES * reach; far += reach)
      around = median(ratio.subarray(Math.max(0, w - far), w + far + 1))
    if (!Number.isNaN(around)) level[w] = Math.max(anscombe(0), level[w] * around)
  }
}

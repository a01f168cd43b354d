import { madScale, median } from '../math/stats.ts'
import { anscombe } from './anscombe.ts'
import type { Calendar } from './calendar.ts'

/** Weekdays that must show each phase of the day before they can say what a weekday is like. */
const FEWEST_WEEKDAYS = 2
/** A level that nobody knows is the median of what is seen this far around: shorter than the days' own course. */
const FOLLOW_MS = 6 * 3_600_000
/** Weekends that lie this many times as far from their forecast as other days do were not foretold. */
const UNFORETOLD = 1.5
/** Part of a slice's requests that must be left to say what is usual. */
const LEAST_KNOWN = 0.5

/**
 * Windows whose usual traffic the log cannot tell, 1 each. Services' weekends lie anywhere between a tenth and twice
 * their weekdays, begin at other hours in other places, and less than two weeks show no two of them alike. Where there
 * are too few weekdays to teach their own course without weekends, it is every window.
 *
 * @param value of every window, NaN where it is not known
 */
export function markUnknown(value: Float64Array, calendar: Calendar): Uint8Array {
  const { windows, phases, phaseOf, weekly, weekendSomewhere } = calendar
  if (weekly > 0 || !weekendSomewhere.includes(1)) return new Uint8Array(windows)
  const weekdays = new Uint32Array(phases)
  for (let w = 0; w < windows; w++) {
    if (weekendSomewhere[w] === 0 && !Number.isNaN(value[w])) weekdays[phaseOf[w]]++
  }
  return weekdays.every((count) => count >= FEWEST_WEEKDAYS) ? weekendSomewhere : new Uint8Array(windows).fill(1)
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
    const around = median(ratio.subarray(Math.max(0, w - reach), w + reach + 1))
    if (!Number.isNaN(around)) level[w] = Math.max(anscombe(0), level[w] * around)
  }
}

/**
 * Hours in which the share of one place is not known, 1 each: its weekend has begun (or ended) and others' have not.
 * All hours where those are most of the log.
 *
 * @param total requests per window
 */
export function markUnknownShares(total: ArrayLike<number>, { windows, weekly, weekendEdge }: Calendar): Uint8Array {
  if (weekly > 0) return new Uint8Array(windows)
  let all = 0
  let known = 0
  for (let w = 0; w < windows; w++) {
    all += total[w]
    if (weekendEdge[w] === 0) known += total[w]
  }
  return known >= LEAST_KNOWN * all ? weekendEdge : new Uint8Array(windows).fill(1)
}

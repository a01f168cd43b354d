import { madScale, meanKnown, median } from '../math/stats.ts'
import { anscombe } from './anscombe.ts'
import type { Calendar } from './calendar.ts'

/** What lies further than this many standard deviations off the forecast is no habit. */
const MASK_SD = 4
/** What differs from day to day within a week is looked for so far around an hour: night shifts last longer. */
const WEEK_REACH_MS = 2 * 3_600_000
/** A week's misfit counts up to this many standard deviations, so that an incident neither is a habit nor hides one. */
const CLIP_SD = 3
/** Other days that tell the usual from one incident: the median of two is moved by either. */
const FEWEST_DAYS = 4

/**
 * Moves the level (on Anscombe's scale) to what smooth seasons miss and the log shows again and again: first by hour of
 * the day (jobs on the hour), then by hour of the week (nights of a weekend, for Prophet adds its seasons and does not
 * multiply them). A window's misfit is foretold from other days (weeks) alone, and counts as far as such misfits came
 * true in this log: by the slope of the own misfit on the others' (Efron & Morris 1975, with the slope measured).
 *
 * @param unknown windows that neither teach nor are moved, 1 each
 */
export function bendSeasons(level: Float64Array, value: Float64Array, calendar: Calendar, unknown: Uint8Array): void {
  const { phases, weekly, windows, windowMs, weekendSomewhere } = calendar
  if (calendar.days > FEWEST_DAYS) {
    const own = listUsual(level, value, unknown)
    const others = own.map((_, w) => median(listOthers(own, w, phases)))
    const slope = slopeOf(own, others, () => true)
    for (let w = 0; w < windows; w++) move(level, w, slope * others[w])
  }
  if (weekly === 0) return
  const reach = Math.round(WEEK_REACH_MS / windowMs)
  const usual = listUsual(level, value, unknown)
  const smooth = usual.map((_, w) => meanKnown(usual.subarray(Math.max(0, w - reach), w + reach + 1)))
  // Weekends are missed by more than weekdays, and what is missed there is truer.
  for (const kind of [0, 1]) {
    const belongs = (w: number) => weekendSomewhere[w] === kind
    const limit =
      CLIP_SD *
      madScale(
        smooth.filter((_, w) => belongs(w)),
        0,
      )
    const own = smooth.map((misfit) => Math.min(limit, Math.max(-limit, misfit)))
    const others = own.map((_, w) => (belongs(w) ? meanKnown(listOthers(own, w, weekly)) : Number.NaN))
    const slope = slopeOf(own, others, belongs)
    for (let w = 0; w < windows; w++) move(level, w, slope * others[w])
  }
}

function move(level: Float64Array, w: number, by: number): void {
  if (!Number.isNaN(by)) level[w] = Math.max(anscombe(0), level[w] + by)
}

/** Residuals that an everyday level could leave; NaN where there is none. */
function listUsual(level: Float64Array, value: Float64Array, unknown: Uint8Array): Float64Array {
  const residual = value.map((y, w) => (unknown[w] === 1 ? Number.NaN : y - level[w]))
  const limit = MASK_SD * Math.max(1, madScale(residual, 0))
  return residual.map((r) => (Math.abs(r) > limit ? Number.NaN : r))
}

/** The known values a whole number of periods away. */
function listOthers(values: Float64Array, w: number, period: number): number[] {
  const others: number[] = []
  for (let other = w % period; other < values.length; other += period) {
    if (other !== w && !Number.isNaN(values[other])) others.push(values[other])
  }
  return others
}

/** Least squares through the origin, 0..1. */
function slopeOf(own: Float64Array, others: Float64Array, belongs: (w: number) => boolean): number {
  let product = 0
  let square = 0
  for (let w = 0; w < own.length; w++) {
    if (!belongs(w) || Number.isNaN(own[w] * others[w])) continue
    product += own[w] * others[w]
    square += others[w] * others[w]
  }
  return square > 0 ? Math.min(1, Math.max(0, product / square)) : 0
}

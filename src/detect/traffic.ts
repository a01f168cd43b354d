import { madScale } from '../math/stats.ts'
import type { TrafficForecast, WindowGrid } from '../types.ts'
import { anscombe } from './anscombe.ts'
import type { Calendar } from './calendar.ts'
import { judgeLocal, LOCAL_REACH } from './traffic-local.ts'
import { judgeSeason } from './traffic-season.ts'
import { holdsWeekend, markUnknown } from './weekends.ts'

/** What a forecast may follow. */
export interface Seasons {
  readonly daily: boolean
  readonly weekly: boolean
  /** Fourier terms of the week. */
  readonly weeklyOrder: number
  /** Bends of the trend. */
  readonly changepoints: number
}

/** Predicts the mean of a series at `at` from the known values (NaN is a gap); null when the model cannot be fitted. */
export type Forecaster = (
  series: { readonly time: Float64Array; readonly value: Float64Array },
  at: Float64Array,
  seasons: Seasons,
) => Promise<Float64Array | null>

/** A fit needs this many whole days. */
const FEWEST_DAYS = 2
/** Windows further than this many standard deviations from a first fit do not teach the next one. */
const MASK_SD = 4
const MOST_FITS = 4
/** Fourier terms of the week: Prophet's own, and as many as resolve what changes within 17 hours. */
const COARSE_WEEK_ORDER = 3
const FINE_WEEK_ORDER = 10
/** At most this many held-out fits; 8 and 7 share no divisor, so that a fold never takes one weekday of every week. */
const MOST_FOLDS = 8
/**
 * Judges the traffic of the whole: counts on the variance-stabilising scale 2·√(y + 3/8) (Anscombe 1948) against a
 * forecast that has not seen the day it predicts; with less than two days against the robust level around.
 */
export async function detectTraffic(
  requests: Uint32Array,
  grid: WindowGrid,
  calendar: Calendar,
  forecaster: Forecaster,
): Promise<TrafficForecast> {
  const value = Float64Array.from(requests, (count, w) => (grid.whole[w] === 1 ? anscombe(count) : Number.NaN))
  const known = value.filter((y) => !Number.isNaN(y)).length
  const notes: string[] = []
  if (known < 2 * LOCAL_REACH) {
    notes.push(`The traffic of the whole was not judged: ${known} complete windows are too few to say what is usual.`)
    return unjudged(requests, notes)
  }
  const unknown = markUnknown(value, calendar)
  // Weekdays seen once and a weekend of unknown depth do not tell the course of the day from the fall between them.
  const isTaught = unknown.includes(0) || !holdsWeekend(calendar)
  if (calendar.phases >= 4 && known >= FEWEST_DAYS * calendar.phases && isTaught) {
    // Weekends teach nothing about weekdays, unless they are most of what there is.
    const teaching = unknown.includes(0) ? value.map((y, w) => (unknown[w] === 1 ? Number.NaN : y)) : value
    const predicted = await predictHeldOut(teaching, grid, calendar, forecaster)
    if (predicted !== null) {
      if (calendar.weekly === 0) {
        notes.push(
          'The log is shorter than two weeks: weekends are not known, so a whole day that is busier or quieter than others was not judged.',
        )
      }
      return judgeSeason(requests, value, predicted, grid, calendar, unknown, notes)
    }
    notes.push('Prophet could not be fitted to the traffic: the local level was used instead.')
  } else {
    notes.push('The log is too short for a daily forecast: traffic was judged against the level around each window.')
  }
  return judgeLocal(requests, value, grid, notes)
}

/** The expected value of every window from a fit that did not see that window's day. */
async function predictHeldOut(
  value: Float64Array,
  grid: WindowGrid,
  calendar: Calendar,
  forecaster: Forecaster,
): Promise<Float64Array | null> {
  const time = Float64Array.from({ length: grid.windows }, (_, w) => grid.startMs + w * grid.windowMs)
  const { weekly, windows, days } = calendar
  const seasons: Seasons = {
    daily: true,
    weekly: weekly > 0,
    // Three weeks can teach the edges of a weekend; with two, a held-out day would follow the noise of the only other.
    weeklyOrder: windows >= 3 * weekly ? FINE_WEEK_ORDER : COARSE_WEEK_ORDER,
    // A trend that bends more often than once a week follows the incidents that it should show.
    changepoints: Math.floor(days / 7),
  }
  let masked = value
  for (let fit = 0; fit < MOST_FITS; fit++) {
    const predicted = await forecaster({ time, value: masked }, time, seasons)
    if (predicted === null) return null
    const residual = value.map((y, w) => y - predicted[w])
    const limit = MASK_SD * Math.max(1, madScale(residual))
    const next = value.map((y, w) => (Math.abs(residual[w]) > limit ? Number.NaN : y))
    const changed = next.some((y, w) => Number.isNaN(y) !== Number.isNaN(masked[w]))
    masked = next
    if (!changed) break
  }
  const folds = Math.min(calendar.days, MOST_FOLDS)
  const result = new Float64Array(grid.windows)
  for (let fold = 0; fold < folds; fold++) {
    const out = (w: number) => calendar.dayOf[w] % folds === fold
    const at = time.filter((_, w) => out(w))
    if (at.length === 0) continue
    const predicted = await forecaster({ time, value: masked.map((y, w) => (out(w) ? Number.NaN : y)) }, at, seasons)
    if (predicted === null) return null
    let next = 0
    for (let w = 0; w < grid.windows; w++) if (out(w)) result[w] = predicted[next++]
  }
  return result
}

/** Used when nothing can be said of the whole (a test plan sets its traffic, or there are too few windows). */
export function unjudged(requests: Uint32Array, notes: readonly string[]): TrafficForecast {
  const unknown = new Float64Array(requests.length).fill(Number.NaN)
  return {
    judged: false,
    expected: Float64Array.from(requests),
    band: () => ({ lower: unknown, upper: unknown }),
    logP: () => 0,
    findings: [],
    tests: [],
    notes,
  }
}

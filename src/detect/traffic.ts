import { studentUpperQuantile, studentUpperTail } from '../math/distributions.ts'
import { madScale, median, prefixSum } from '../math/stats.ts'
import type { Finding, TrafficForecast, WindowGrid } from '../types.ts'
import type { Calendar } from './calendar.ts'

/** Predicts the mean of a series at `at` from the known values (NaN is a gap); null when the model cannot be fitted. */
export type Forecaster = (
  series: { readonly time: Float64Array; readonly value: Float64Array },
  at: Float64Array,
  seasons: { readonly daily: boolean; readonly weekly: boolean },
) => Promise<Float64Array | null>

/** Longest interval judged against a fitted season: a short log cannot teach its day-to-day spread. */
const LONGEST_PART = 1 / 20
/** A fit needs this many whole days. */
const FEWEST_DAYS = 2
/** Windows further than this many standard deviations from a first fit do not teach the next one. */
const MASK_SD = 4
const MOST_FITS = 4
/** At most this many held-out fits; 8 and 7 share no divisor, so that a fold never takes one weekday of every week. */
const MOST_FOLDS = 8
const KEEP_LOG_P = Math.log(1e-3)
/** The local level looks this many windows to each side. */
const LOCAL_REACH = 12

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
  if (calendar.phases >= 4 && known >= FEWEST_DAYS * calendar.phases) {
    const predicted = await predictHeldOut(value, grid, calendar, forecaster)
    if (predicted !== null) {
      if (calendar.weekly === 0) {
        notes.push(
          'The log is shorter than two weeks: weekends are not known, so a whole day that is busier or quieter than others was not judged.',
        )
      }
      return judgeSeason(requests, value, predicted, grid, calendar, notes)
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
  const seasons = { daily: true, weekly: calendar.weekly > 0 }
  let masked = value
  for (let fit = 0; fit < MOST_FITS; fit++) {
    const predicted = await forecaster({ time, value: masked }, time, seasons)
    if (predicted === null) return null
    const residual = value.map((y, w) => y - predicted[w]!)
    const limit = MASK_SD * Math.max(1, madScale(residual))
    const next = value.map((y, w) => (Math.abs(residual[w]!) > limit ? Number.NaN : y))
    const changed = next.some((y, w) => Number.isNaN(y) !== Number.isNaN(masked[w]!))
    masked = next
    if (!changed) break
  }
  const folds = Math.min(calendar.days, MOST_FOLDS)
  const result = new Float64Array(grid.windows)
  for (let fold = 0; fold < folds; fold++) {
    const out = (w: number) => calendar.dayOf[w]! % folds === fold
    const at = time.filter((_, w) => out(w))
    if (at.length === 0) continue
    const predicted = await forecaster({ time, value: masked.map((y, w) => (out(w) ? Number.NaN : y)) }, at, seasons)
    if (predicted === null) return null
    let next = 0
    for (let w = 0; w < grid.windows; w++) if (out(w)) result[w] = predicted[next++]!
  }
  return result
}

function judgeSeason(
  requests: Uint32Array,
  value: Float64Array,
  predicted: Float64Array,
  grid: WindowGrid,
  calendar: Calendar,
  notes: string[],
): TrafficForecast {
  const level = predicted.map((y) => Math.max(y, anscombe(0)))
  if (calendar.weekly === 0) {
    // A day's level is a random effect: without weeks nobody knows how much days differ.
    for (let day = 0; day < calendar.days; day++) {
      const inDay = (_: number, w: number) => calendar.dayOf[w] === day
      const offset = median(value.map((y, w) => y - level[w]!).filter(inDay))
      if (!Number.isNaN(offset))
        for (let w = 0; w < grid.windows; w++)
          if (calendar.dayOf[w] === day) level[w]! = Math.max(level[w]! + offset, anscombe(0))
    }
  }
  const mean = level.map(fromAnscombe)
  const residual = value.map((y, w) => y - level[w]!)
  const phi = fitOverdispersion(residual, mean)
  const sd = mean.map((mu) => Math.sqrt(1 + phi * mu))

  const longest = Math.max(1, Math.floor(grid.windows * LONGEST_PART))
  const scales = new Map<number, { scale: number; df: number }>()
  let least = 1
  for (let length = 1; length <= longest; length *= 2) {
    const sums: number[] = []
    for (let from = 0; from + length <= grid.windows; from += length) {
      const sum = standardSum(value, level, sd, from, from + length)
      if (!Number.isNaN(sum)) sums.push(sum)
    }
    const scale = Math.max(least, madScale(sums, 0))
    least = scale
    // A median absolute deviation of n values is worth about half as many for a standard deviation.
    scales.set(length, { scale, df: Math.max(3, sums.length / 2) })
  }
  const scaleOf = (length: number) =>
    scales.get(Math.min(2 ** Math.ceil(Math.log2(length)), 2 ** Math.floor(Math.log2(longest))))!
  const logP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => {
    let sum = 0
    let n = 0
    for (let w = from; w < to; w++) {
      if (grid.whole[w] === 0) continue
      sum += (anscombe(counts[w]!) - level[w]!) / sd[w]!
      n++
    }
    if (n === 0) return 0
    const { scale, df } = scaleOf(to - from)
    const z = sum / Math.sqrt(n) / scale
    return Math.log(Math.max(studentUpperTail(above ? z : -z, df), 1e-300))
  }
  const { findings, judged } = scanTraffic(requests, mean, grid, longest, logP)
  const single = scales.get(1)!
  return {
    judged: true,
    expected: mean,
    band: (limit) => {
      const reach = studentUpperQuantile(Math.max(Math.exp(limit), 1e-300), single.df) * single.scale
      return {
        lower: level.map((y, w) =>
          grid.whole[w] === 1 ? fromAnscombe(Math.max(y - reach * sd[w]!, anscombe(0))) : Number.NaN,
        ),
        upper: level.map((y, w) => (grid.whole[w] === 1 ? fromAnscombe(y + reach * sd[w]!) : Number.NaN)),
      }
    },
    logP,
    findings,
    tests: [{ metric: 'requests', level: 0, judged }],
    notes,
  }
}

/** Against the median of the windows before and after, at a distance of the interval's own length. */
function judgeLocal(requests: Uint32Array, value: Float64Array, grid: WindowGrid, notes: string[]): TrafficForecast {
  const around = (from: number, to: number): number => {
    const before = value.subarray(Math.max(0, from - LOCAL_REACH), from)
    const after = value.subarray(to, Math.min(grid.windows, to + LOCAL_REACH))
    const least = LOCAL_REACH / 2
    if (countKnown(before) < least || countKnown(after) < least) return Number.NaN
    return (median(before) + median(after)) / 2
  }
  const longest = LOCAL_REACH / 2
  const level = Float64Array.from({ length: grid.windows }, (_, w) => around(w, w + 1))
  const scales = new Map<number, { scale: number; df: number }>()
  for (let length = 1; length <= longest; length *= 2) {
    const gaps: number[] = []
    for (let from = 0; from + length <= grid.windows; from++)
      gaps.push(meanOf(value, from, from + length) - around(from, from + length))
    const floor = Math.sqrt(1 / length + Math.PI / 2 / (2 * LOCAL_REACH))
    scales.set(length, { scale: Math.max(floor, madScale(gaps, 0)), df: Math.max(3, grid.windows / length / 2) })
  }
  const logP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => {
    const expected = around(from, to)
    if (Number.isNaN(expected)) return 0
    let sum = 0
    for (let w = from; w < to; w++) sum += anscombe(counts[w]!)
    const { scale, df } = scales.get(Math.min(2 ** Math.ceil(Math.log2(to - from)), 4))!
    const z = (sum / (to - from) - expected) / scale
    return Math.log(Math.max(studentUpperTail(above ? z : -z, df), 1e-300))
  }
  const expected = level.map((y, w) => (Number.isNaN(y) ? requests[w]! : fromAnscombe(y)))
  const { findings, judged } = scanTraffic(requests, expected, grid, longest, logP)
  const single = scales.get(1)!
  return {
    judged: true,
    expected,
    band: (limit) => {
      const reach = studentUpperQuantile(Math.max(Math.exp(limit), 1e-300), single.df) * single.scale
      return {
        lower: level.map((y) => fromAnscombe(Math.max(y - reach, anscombe(0)))),
        upper: level.map((y) => fromAnscombe(y + reach)),
      }
    },
    logP,
    findings,
    tests: [{ metric: 'requests', level: 0, judged }],
    notes,
  }
}

function scanTraffic(
  requests: Uint32Array,
  expected: Float64Array,
  grid: WindowGrid,
  longest: number,
  logP: TrafficForecast['logP'],
): { findings: Finding[]; judged: number } {
  const sumActual = prefixSum(requests)
  const sumExpected = prefixSum(expected)
  const sumWhole = prefixSum(grid.whole)
  const findings: Finding[] = []
  let judged = 0
  for (let length = 1; length <= longest; length *= 2) {
    for (let from = 0; from + length <= grid.windows; from += Math.max(1, length >> 1)) {
      const to = from + length
      if (sumWhole[to]! - sumWhole[from]! < length) continue
      judged += 2
      const actual = sumActual[to]! - sumActual[from]!
      const mean = sumExpected[to]! - sumExpected[from]!
      const above = actual > mean
      const log = logP(requests, from, to, above)
      if (log > KEEP_LOG_P) continue
      findings.push({
        category: above ? 'traffic_surge' : 'traffic_drop',
        metric: 'requests',
        detector: 'traffic',
        slice: 0,
        level: 0,
        from,
        to,
        logP: log,
        actual,
        expected: mean,
        support: actual,
      })
    }
  }
  return { findings, judged }
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

/**
 * φ of Var = 1 + φ·mean on the Anscombe scale (1 is Poisson's), from the median of squared residuals, which half of
 * the windows could be wrong without moving (0.4549 is the median of a χ² with one degree of freedom).
 */
function fitOverdispersion(residual: Float64Array, mean: Float64Array): number {
  const ratio = (phi: number) => median(residual.map((r, w) => (r * r) / (1 + phi * mean[w]!))) / 0.4549
  if (!(ratio(0) > 1)) return 0
  let low = 0
  let high = 1
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (ratio(middle) > 1) low = middle
    else high = middle
  }
  return high
}

function standardSum(value: Float64Array, level: Float64Array, sd: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let w = from; w < to; w++) sum += (value[w]! - level[w]!) / sd[w]!
  return sum / Math.sqrt(to - from)
}

function meanOf(value: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let w = from; w < to; w++) sum += value[w]!
  return sum / (to - from)
}

const countKnown = (values: Float64Array) => values.filter((y) => !Number.isNaN(y)).length

/** Anscombe's scale, on which a Poisson count has variance 1. Only exact operations: every engine agrees to the bit. */
const anscombe = (count: number) => 2 * Math.sqrt(count + 0.375)
const fromAnscombe = (y: number) => Math.max(0, (y * y) / 4 - 0.375)

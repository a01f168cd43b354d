import { studentUpperQuantile, studentUpperTail } from '../math/distributions.ts'
import { madScale, median, prefixSum } from '../math/stats.ts'
import type { Finding, TrafficForecast, WindowGrid } from '../types.ts'
import type { Calendar } from './calendar.ts'

/** Predicts the mean of a series at `at` from the known values (NaN is a gap); null when the model cannot be fitted. */
export type Forecaster = (
  series: { readonly time: Float64Array; readonly value: Float64Array },
  at: Float64Array,
  seasons: { readonly daily: boolean; readonly weekly: boolean; readonly changepoints: number },
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
/** How far around an hour its usual bend is looked for, and the residuals that no bend is worth. */
const BEND_REACH_MS = 2 * 3_600_000
const BEND_PRIOR = 5
/** A day's level follows its median by at most this many standard deviations of days, or this part on the root scale (25 % of traffic). */
const MOST_DAY_SHIFT_SD = 3
const MOST_DAY_SHIFT = 0.12
/** Blocks that the scale of all days is worth beside that of weekends alone. */
const POOLED_BLOCKS = 10
/** Intervals up to this many windows are also judged against the deviations around them. */
const LOCAL_LONGEST = 4
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
  // A trend that bends more often than once a week follows the incidents that it should show.
  const seasons = { daily: true, weekly: calendar.weekly > 0, changepoints: Math.floor(calendar.days / 7) }
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

function judgeSeason(
  requests: Uint32Array,
  value: Float64Array,
  predicted: Float64Array,
  grid: WindowGrid,
  calendar: Calendar,
  notes: string[],
): TrafficForecast {
  const level = predicted.map((y) => Math.max(y, anscombe(0)))
  bendWeekends(level, value, calendar)
  shiftDays(level, value, calendar)
  const mean = level.map(fromAnscombe)
  const residual = value.map((y, w) => y - level[w])
  const phi = fitOverdispersion(residual, mean)
  const sd = mean.map((mu) => Math.sqrt(1 + phi * mu))

  const longest = Math.max(1, Math.floor(grid.windows * LONGEST_PART))
  // Weekends have their own course, which two or three of them teach worse: their residuals get a scale of their own.
  const kinds = calendar.kindsKnown ? [0, 1] : [0]
  const deviation = value.map((y, w) => (y - level[w]) / sd[w])
  const judges = [
    // Held against the forecast, and, for short intervals, also against how far the hours around lie off the forecast.
    { longest, around: () => 0 },
    {
      longest: Math.min(longest, LOCAL_LONGEST),
      around: (from: number, to: number) => levelAround(deviation, from, to),
    },
  ].map(({ longest, around }) => {
    const scales = kinds.map((kind) => measureScales(deviation, around, longest, (w) => calendar.kindOf[w] === kind))
    const pooled = measureScales(deviation, around, longest, () => true)
    return { longest, around, scales: scales.map((own) => poolScales(own, pooled)) }
  })
  const logP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => {
    let sum = 0
    let n = 0
    for (let w = from; w < to; w++) {
      if (grid.whole[w] === 0) continue
      sum += (anscombe(counts[w]) - level[w]) / sd[w]
      n++
    }
    if (n === 0) return 0
    let least = 0
    for (const { longest, around, scales } of judges) {
      if (to - from > longest && longest < judges[0].longest) continue
      const center = around(from, to)
      if (Number.isNaN(center)) continue
      const { scale, df } = scaleFor(scales[calendar.kindOf[from]], to - from)
      const z = (sum - n * center) / Math.sqrt(n) / scale
      least = Math.min(least, Math.log(Math.max(studentUpperTail(above ? z : -z, df), 1e-300)))
    }
    return least
  }
  const { findings, judged } = scanTraffic(requests, mean, grid, longest, logP)
  return {
    judged: true,
    expected: mean,
    band: (limit) => {
      const reach = judges[0].scales.map((byLength) => {
        const { scale, df } = byLength.get(1)!
        return studentUpperQuantile(Math.max(Math.exp(limit), 1e-300), df) * scale
      })
      const edge = (w: number, sign: 1 | -1) => {
        const y = level[w] + sign * reach[calendar.kindOf[w]] * sd[w]
        return grid.whole[w] === 1 ? fromAnscombe(Math.max(y, anscombe(0))) : Number.NaN
      }
      return { lower: level.map((_, w) => edge(w, -1)), upper: level.map((_, w) => edge(w, 1)) }
    },
    logP,
    findings,
    tests: [{ metric: 'requests', level: 0, judged }],
    notes,
  }
}

/** How far sums wander: standard deviation, its degrees of freedom, and the blocks that measured it. */
interface Scale {
  readonly scale: number
  readonly df: number
  readonly blocks: number
}

/**
 * How far means of standardised deviations wander (times the root of their length), by the number of windows they
 * span: what days differ by does not average out, so each length is measured.
 */
function measureScales(
  deviation: Float64Array,
  around: (from: number, to: number) => number,
  longest: number,
  belongs: (window: number) => boolean,
): Map<number, Scale> {
  const scales = new Map<number, Scale>()
  let least = 1
  for (let length = 1; length <= longest; length *= 2) {
    const sums: number[] = []
    for (let from = 0; from + length <= deviation.length; from += length) {
      const sum = belongs(from)
        ? (meanOf(deviation, from, from + length) - around(from, from + length)) * Math.sqrt(length)
        : Number.NaN
      if (!Number.isNaN(sum)) sums.push(sum)
    }
    const scale = Math.max(least, madScale(sums, 0) || 0)
    least = scale
    // A median absolute deviation of n values is worth about half as many for a standard deviation.
    scales.set(length, { scale, df: Math.max(3, sums.length / 2), blocks: sums.length })
  }
  return scales
}

/** The scale of one kind of day, shrunk to that of all days and never below it. */
function poolScales(own: Map<number, Scale>, pooled: Map<number, Scale>): Map<number, Scale> {
  return new Map(
    Array.from(pooled, ([length, { scale, df, blocks }]) => {
      const { scale: ownScale, blocks: ownBlocks } = own.get(length)!
      const variance = (ownBlocks * ownScale ** 2 + POOLED_BLOCKS * scale ** 2) / (ownBlocks + POOLED_BLOCKS)
      return [length, { scale: Math.max(scale, Math.sqrt(variance)), df, blocks }]
    }),
  )
}

function scaleFor(scales: Map<number, Scale>, length: number): Scale {
  const longest = Math.max(...scales.keys())
  return scales.get(Math.min(2 ** Math.ceil(Math.log2(length)), longest))!
}

/** Median of the deviations before and after [from, to), half a dozen windows to each side; NaN where too few are known. */
function levelAround(deviation: Float64Array, from: number, to: number): number {
  const around = [
    ...deviation.subarray(Math.max(0, from - LOCAL_REACH / 2), from),
    ...deviation.subarray(to, Math.min(deviation.length, to + LOCAL_REACH / 2)),
  ].filter((value) => !Number.isNaN(value))
  return around.length < LOCAL_REACH / 2 ? Number.NaN : median(around)
}

/**
 * Prophet adds its seasons, but weekends have a course of the day of their own. Each window's level moves by the median
 * residual around its hour on the other days of its kind, shrunk by how few there are.
 */
function bendWeekends(level: Float64Array, value: Float64Array, calendar: Calendar): void {
  const { windows, windowMs, phases, phaseOf, dayOf, kindOf, kindsKnown } = calendar
  if (!kindsKnown) return
  const reach = Math.round(BEND_REACH_MS / windowMs)
  const residual = value.map((y, w) => y - level[w])
  const byPhase: number[][] = Array.from({ length: 2 * phases }, () => [])
  for (let w = 0; w < windows; w++) byPhase[kindOf[w] * phases + phaseOf[w]].push(w)
  for (let w = 0; w < windows; w++) {
    const around: number[] = []
    for (let shift = -reach; shift <= reach; shift++) {
      const phase = (phaseOf[w] + shift + phases) % phases
      for (const other of byPhase[kindOf[w] * phases + phase]) {
        if (dayOf[other] !== dayOf[w] && !Number.isNaN(residual[other])) around.push(residual[other])
      }
    }
    if (around.length === 0) continue
    level[w] = Math.max(anscombe(0), level[w] + (median(around) * around.length) / (around.length + BEND_PRIOR))
  }
}

/**
 * A day's level is a random effect until three weeks have shown what each weekday is like: the day's median residual is
 * taken as its level, but no more of it than days usually differ by (all of it when no weekday was seen twice).
 */
function shiftDays(level: Float64Array, value: Float64Array, calendar: Calendar): void {
  const { days, dayOf, windows, weekly } = calendar
  if (weekly > 0 && windows >= 3 * weekly) return
  const offsets = Array.from({ length: days }, (_, day) =>
    median(value.map((y, w) => (dayOf[w] === day ? y - level[w] : Number.NaN))),
  )
  const usual = MOST_DAY_SHIFT_SD * (madScale(offsets, 0) || 0)
  for (let w = 0; w < windows; w++) {
    const most = weekly > 0 ? Math.max(usual, MOST_DAY_SHIFT * level[w]) : Number.POSITIVE_INFINITY
    const offset = Math.min(most, Math.max(-most, offsets[dayOf[w]] || 0))
    level[w] = Math.max(level[w] + offset, anscombe(0))
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
    for (let w = from; w < to; w++) sum += anscombe(counts[w])
    const { scale, df } = scales.get(Math.min(2 ** Math.ceil(Math.log2(to - from)), 4))!
    const z = (sum / (to - from) - expected) / scale
    return Math.log(Math.max(studentUpperTail(above ? z : -z, df), 1e-300))
  }
  const expected = level.map((y, w) => (Number.isNaN(y) ? requests[w] : fromAnscombe(y)))
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
      if (sumWhole[to] - sumWhole[from] < length) continue
      // Two directions, and two ways to judge.
      judged += 4
      const actual = sumActual[to] - sumActual[from]
      const mean = sumExpected[to] - sumExpected[from]
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
  const ratio = (phi: number) => median(residual.map((r, w) => (r * r) / (1 + phi * mean[w]))) / 0.4549
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

function meanOf(value: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let w = from; w < to; w++) sum += value[w]
  return sum / (to - from)
}

const countKnown = (values: Float64Array) => values.filter((y) => !Number.isNaN(y)).length

/** Anscombe's scale, on which a Poisson count has variance 1. Only exact operations: every engine agrees to the bit. */
const anscombe = (count: number) => 2 * Math.sqrt(count + 0.375)
const fromAnscombe = (y: number) => Math.max(0, (y * y) / 4 - 0.375)

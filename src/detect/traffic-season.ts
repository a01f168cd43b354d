import { studentUpperQuantile, studentUpperTail } from '../math/distributions.ts'
import { madScale, median, prefixSum, quantileSorted, sortKnown } from '../math/stats.ts'
import type { TrafficForecast, WindowGrid } from '../types.ts'
import { anscombe, fromAnscombe } from './anscombe.ts'
import type { Calendar } from './calendar.ts'
import { listIntervals } from './intervals.ts'
import { bendSeasons } from './traffic-bend.ts'
import { type BesideLogP, judgeBeside } from './traffic-beside.ts'
import { scanTraffic } from './traffic-scan.ts'
import { measureWander, nearerSide, poolWander, sidesOf, type Wander, wanderAt } from './wander.ts'
import { followUnknown, isForetold } from './weekends.ts'

/** Longest interval judged against a fitted season: a short log cannot teach its day-to-day spread. */
const LONGEST_PART = 1 / 20
/** Intervals up to this many windows are also judged against the deviations so many windows to each side. */
const LOCAL_LONGEST = 4
const LOCAL_REACH = 6
/** Long intervals less likely than this (natural logarithm of p) do not teach a level that follows what is seen. */
const LEFT_OUT_LOG_P = Math.log(1e-4)
/** Other days whose median tells a sharp edge (that of three is moved by two incidents), and by how many standard errors. */
const FEWEST_TO_SHARPEN = 4
const SHARP_ERRORS = 4
/** A day's level follows its median by at most this many standard deviations of days, or this part on the root scale (25 % of traffic). */
const MOST_DAY_SHIFT_SD = 3
const MOST_DAY_SHIFT = 0.12

/**
 * Judges the whole's traffic against a forecast.
 *
 * @param value counts on Anscombe's scale, NaN where a window is not whole
 * @param predicted of every window, on that scale, by a fit that did not see the window's day
 * @param unteachable 1 where the log cannot tell the usual level: only what differs from the hours around is judged there
 */
export function judgeSeason(
  requests: Uint32Array,
  value: Float64Array,
  predicted: Float64Array,
  grid: WindowGrid,
  calendar: Calendar,
  unteachable: Uint8Array,
  notes: string[],
): TrafficForecast {
  const longest = Math.max(1, Math.floor(grid.windows * LONGEST_PART))
  let unknown = unteachable
  let fit = fitLevel(requests, value, predicted, calendar, unknown, longest)
  if (calendar.weekly > 0 && !isForetold(fit.deviation, calendar.weekendSomewhere)) {
    unknown = calendar.weekendSomewhere
    fit = fitLevel(requests, value, predicted, calendar, unknown, longest)
    notes.push('Weekends were not as forecast: only what differs there from the hours around was judged.')
  }
  const { level, sd, deviation, beside } = fit
  const mean = level.map(fromAnscombe)

  // Weekends have their own course, which two or three of them teach worse: their residuals get a scale of their own.
  const kinds = calendar.kindsKnown ? [0, 1] : [0]
  const wanderOf = (own: Float64Array, center: (from: number, to: number) => number, length: number) => {
    const pooled = measureWander(own, center, length, () => true)
    return kinds.map((kind) =>
      poolWander(
        measureWander(own, center, length, (w) => calendar.kindOf[w] === kind),
        pooled,
      ),
    )
  }
  const local = Math.min(longest, LOCAL_LONGEST)
  // A level that follows what is seen says nothing about how far forecasts lie off.
  const foretold = unknown.includes(0) ? deviation.map((z, w) => (unknown[w] === 1 ? Number.NaN : z)) : deviation
  const ofForecast = wanderOf(foretold, () => 0, longest)
  const ofSides = wanderOf(
    deviation,
    (from, to) => {
      const { before, after } = sidesOf(deviation, from, to, LOCAL_REACH)
      return (before + after) / 2
    },
    local,
  )
  const sumUnknown = prefixSum(unknown)

  const logP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => {
    let sum = 0
    let n = 0
    for (let w = from; w < to; w++) {
      if (grid.whole[w] === 0) continue
      sum += (anscombe(counts[w]) - level[w]) / sd[w]
      n++
    }
    if (n === 0) return 0
    const tail = (center: number, { scale, df }: Wander) => {
      const z = ((sum - n * center) / Math.sqrt(n) / scale) * (above ? 1 : -1)
      return Number.isNaN(z) ? 0 : Math.log(Math.max(studentUpperTail(z, df), 1e-300))
    }
    const kind = calendar.kindOf[from]
    const known = sumUnknown[to] === sumUnknown[from]
    const byForecast = known ? tail(0, wanderAt(ofForecast[kind], to - from)) : 0
    if (to - from > local) return known || beside === null ? byForecast : beside(counts, from, to, above)
    const side = nearerSide(sidesOf(deviation, from, to, LOCAL_REACH), above)
    return Math.min(byForecast, tail(side, wanderAt(ofSides[kind], to - from)))
  }
  const { findings, judged } = scanTraffic(requests, mean, grid, longest, logP, (length) => (length > local ? 1 : 2))
  return {
    judged: true,
    expected: mean,
    band: (limit) => {
      const reach = ofForecast.map((byLength) => {
        const { scale, df } = wanderAt(byLength, 1)
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

/**
 * The level of every window on Anscombe's scale, its noise, the deviations from it in standard deviations, and where the
 * level is unknown somewhere, what judges long intervals there.
 */
function fitLevel(
  requests: Uint32Array,
  value: Float64Array,
  predicted: Float64Array,
  calendar: Calendar,
  unknown: Uint8Array,
  longest: number,
) {
  const level = predicted.map((y) => Math.max(y, anscombe(0)))
  bendSeasons(level, value, calendar, unknown)
  const beside = unknown.includes(1) ? judgeBeside(value, level.slice(), longest) : null
  const followed = beside === null ? value : leaveOut(value, unknown, longest, requests, beside)
  followUnknown(level, followed, unknown, calendar.windowMs)
  sharpenEdges(level, value, calendar)
  shiftDays(level, value, calendar, unknown)
  const residual = value.map((y, w) => y - level[w])
  const mean = level.map(fromAnscombe)
  const phi = fitOverdispersion(residual, mean)
  const sd = mean.map((mu) => Math.sqrt(1 + phi * mu))
  return { level, sd, deviation: residual.map((r, w) => r / sd[w]), beside }
}

/** The values without those of long intervals that stand out from both sides: a level must not follow an outage. */
function leaveOut(
  value: Float64Array,
  unknown: Uint8Array,
  longest: number,
  requests: Uint32Array,
  beside: BesideLogP,
): Float64Array {
  const left = value.slice()
  for (const { from, to } of listIntervals(value.length, longest)) {
    if (to - from <= LOCAL_LONGEST || unknown[from] === 0 || unknown[to - 1] === 0) continue
    if (beside(requests, from, to, false) < LEFT_OUT_LOG_P || beside(requests, from, to, true) < LEFT_OUT_LOG_P)
      left.fill(Number.NaN, from, to)
  }
  return left
}

/** The quartile nearer to zero, or 0 between them: half a day of drop or surge does not move the day's level. */
function quieterQuartile(residual: Float64Array): number {
  const sorted = sortKnown(residual)
  const [low, high] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)]
  return Math.max(0, low) + Math.min(0, high)
}

/**
 * Jobs begin on the minute, which no smooth season follows: where the other days agree on a residual at this very
 * window beyond chance, it is how things are.
 */
function sharpenEdges(level: Float64Array, value: Float64Array, calendar: Calendar): void {
  const residual = value.map((y, w) => y - level[w])
  const othersOf = listOthers(residual, calendar)
  const scale = Math.max(1, madScale(residual, 0))
  for (let w = 0; w < level.length; w++) {
    const others = othersOf(w)
    if (others.length === 0) continue
    const bend = median(others)
    // The median of n values has a standard error of 1.25 standard deviations over the root of n. Of few other days
    // each must agree, and the day itself, or incidents would be another day's habit.
    const few = others.length < FEWEST_TO_SHARPEN
    const error = few ? scale : (1.25 * scale) / Math.sqrt(others.length)
    const agree = !few || [residual[w], ...others].every((other) => other * Math.sign(bend) > SHARP_ERRORS * scale)
    if (agree && Math.abs(bend) > SHARP_ERRORS * error) level[w] = Math.max(anscombe(0), level[w] + bend)
  }
}

/** The known residuals of the windows at this phase of the day on other days of the same kind. */
function listOthers(residual: Float64Array, { windows, phases, phaseOf, dayOf, kindOf }: Calendar) {
  const byPhase: number[][] = Array.from({ length: 2 * phases }, () => [])
  for (let w = 0; w < windows; w++) {
    if (!Number.isNaN(residual[w])) byPhase[kindOf[w] * phases + phaseOf[w]].push(w)
  }
  return (w: number): number[] => {
    const alike = byPhase[kindOf[w] * phases + phaseOf[w]]
    return alike.filter((other) => dayOf[other] !== dayOf[w]).map((other) => residual[other])
  }
}

/**
 * A day's level is a random effect until three weeks have shown what each weekday is like: the quieter quartile of the
 * day's residuals (where its level is not followed) moves its level, but no more than days usually differ by (all of it when no weekday was seen twice).
 */
function shiftDays(level: Float64Array, value: Float64Array, calendar: Calendar, unknown: Uint8Array): void {
  const { days, dayOf, windows, weekly } = calendar
  if (weekly > 0 && windows >= 3 * weekly) return
  const offsets = Array.from({ length: days }, (_, day) =>
    quieterQuartile(value.map((y, w) => (dayOf[w] === day && unknown[w] === 0 ? y - level[w] : Number.NaN))),
  )
  const usual = MOST_DAY_SHIFT_SD * (madScale(offsets, 0) || 0)
  for (let w = 0; w < windows; w++) {
    if (unknown[w] === 1) continue
    const most = weekly > 0 ? Math.max(usual, MOST_DAY_SHIFT * level[w]) : Number.POSITIVE_INFINITY
    const offset = Math.min(most, Math.max(-most, offsets[dayOf[w]] || 0))
    level[w] = Math.max(level[w] + offset, anscombe(0))
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

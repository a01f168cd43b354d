/** The forecast detector of the whole's traffic as a plain detector on (time, value): any series, at its default threshold. */
import { decide, FALSE_ALARMS_PER_RUN } from '../../src/decide.ts'
import { anscombe, fromAnscombe } from '../../src/detect/anscombe.ts'
import { buildCalendar } from '../../src/detect/calendar.ts'
import { detectTraffic, type Forecaster } from '../../src/detect/traffic.ts'
import { WINDOW_LADDER_MS } from '../../src/features/grid.ts'
import { quantileSorted } from '../../src/math/stats.ts'
import { fitProphet, forecast } from '../../src/models/prophet.ts'
import type { Finding, WindowGrid } from '../../src/types.ts'

/** Points in order of time, ms UTC. */
export interface Points {
  readonly time: Float64Array
  readonly value: Float64Array
}

const DAY_MS = 86_400_000
/** As for logs: more windows cost time and add tests without adding sight. */
const MOST_WINDOWS = 2_000
/** The middle half of the values spans this much of the root scale, so that rounding to counts loses nothing. */
const SPREAD = 27
/** Where the median of a series with negative values comes to lie on the root scale. */
const MIDDLE = 1_000
/** Counts are 32 bit: the root scale ends at 131,000. */
const LARGEST_ROOT = 60_000
/** Level of the peer's interval. */
const PROPHET_LEVEL = 0.99

/**
 * 1 for each point in a significant interval, of those that overlap only the strongest.
 *
 * The detector takes counts, which it puts on the root scale 2·√(y + 3/8). Whole numbers from 0 up are taken as they are.
 * Other values are encoded as the counts whose roots are proportional to the values' own roots (for values of both signs:
 * a line through the values), a monotone scale on which nothing but its unit is chosen. The season, the local level, the
 * tests and the threshold are the detector's.
 */
export async function flagByForecast(points: Points): Promise<Uint8Array> {
  const flags = new Uint8Array(points.time.length)
  const frame = buildFrame(points)
  if (frame === null) return flags
  const { grid, windowOf, requests } = frame
  const found = await detectTraffic(requests, grid, buildCalendar(grid), forecastWithProphet)
  const { isSignificant } = decide(found.tests, FALSE_ALARMS_PER_RUN.normal)
  const kept: Finding[] = []
  for (const finding of found.findings.filter(isSignificant).sort((a, b) => a.logP - b.logP || a.from - b.from)) {
    if (kept.every(({ from, to }) => finding.to <= from || finding.from >= to)) kept.push(finding)
  }
  for (const [i, window] of windowOf.entries())
    if (kept.some(({ from, to }) => window >= from && window < to)) flags[i] = 1
  return flags
}

/** 1 for each point outside Prophet's 99 % interval. */
export async function flagByProphet({ time, value }: Points): Promise<Uint8Array> {
  const { lower, upper } = await forecast({ time, value }, { level: PROPHET_LEVEL })
  return Uint8Array.from(value, (y, i) => (y < lower[i] || y > upper[i] ? 1 : 0))
}

const forecastWithProphet: Forecaster = async (series, at, seasons) => {
  const fit = await fitProphet(series, { ...seasons, yearly: false })
  if (!fit.ok) return null
  const predicted = fit.model.predict(at)
  fit.model.free()
  return predicted
}

/** The series as counts by window; null when all values are equal. */
function buildFrame(points: Points): { grid: WindowGrid; windowOf: number[]; requests: Uint32Array } | null {
  const { time } = points
  const encode = buildScale(points.value)
  if (encode === null) return null
  const firstMs = time[0]
  const lastMs = time[time.length - 1]
  const windowMs = chooseWidth(time)
  const startMs = Math.floor(firstMs / windowMs) * windowMs
  const windowOf = Array.from(time, (t) => Math.floor((t - startMs) / windowMs))
  const windows = windowOf[windowOf.length - 1] + 1
  const sums = new Float64Array(windows)
  const counts = new Uint32Array(windows)
  for (const [i, window] of windowOf.entries()) {
    sums[window] += points.value[i]
    counts[window]++
  }
  const whole = Uint8Array.from(counts, (count) => (count > 0 ? 1 : 0))
  const days = Math.floor(lastMs / DAY_MS) - Math.floor(firstMs / DAY_MS) + 1
  const phasesPerDay = DAY_MS % windowMs === 0 && lastMs - firstMs >= 1.9 * DAY_MS ? DAY_MS / windowMs : 0
  return {
    grid: { windowMs, startMs, windows, covered: whole, whole, phasesPerDay, days, firstMs, lastMs },
    windowOf,
    requests: Uint32Array.from(sums, (sum, w) => (counts[w] > 0 ? encode(sum / counts[w]) : 0)),
  }
}

/** Nine of ten gaps between points are no longer than a window. */
function chooseWidth(time: Float64Array): number {
  const gaps = time.slice(1).map((t, i) => t - time[i])
  const usual = quantileSorted(gaps.sort(), 0.9)
  const span = time[time.length - 1] - time[0]
  return WINDOW_LADDER_MS.find((width) => width >= usual && span / width <= MOST_WINDOWS) ?? DAY_MS
}

function buildScale(value: Float64Array): ((y: number) => number) | null {
  const isAmount = value.every((y) => y >= 0)
  const roots = value.map((y) => (isAmount ? anscombe(y) : y)).sort()
  const least = roots[0]
  const largest = roots[roots.length - 1]
  if (least === largest) return null
  if (isAmount && value.every((y) => Number.isInteger(y))) return (y) => Math.round(y)
  // A series that sits at one value has no middle half: its range stands in.
  const half = quantileSorted(roots, 0.75) - quantileSorted(roots, 0.25) || largest - least
  const scale = Math.min(SPREAD / half, LARGEST_ROOT / Math.max(Math.abs(least), Math.abs(largest)))
  const middle = quantileSorted(roots, 0.5)
  return isAmount
    ? (y) => Math.round(fromAnscombe(scale * anscombe(y)))
    : (y) => Math.round(fromAnscombe(Math.max(0, MIDDLE + scale * (y - middle))))
}

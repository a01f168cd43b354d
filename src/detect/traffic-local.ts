import { studentUpperQuantile, studentUpperTail } from '../math/distributions.ts'
import { madScale, mean, median } from '../math/stats.ts'
import type { TrafficForecast, WindowGrid } from '../types.ts'
import { anscombe, fromAnscombe } from './anscombe.ts'
import { judgeBeside } from './traffic-beside.ts'
import { scanTraffic } from './traffic-scan.ts'
import { nearerSide, sidesOf } from './wander.ts'

/** The local level looks this many windows to each side; half of that is the longest interval that it can judge alone. */
export const LOCAL_REACH = 12
/** What is longer, up to this part of the log, must have fallen or risen by far: it may be the course of the day. */
const LONGEST_PART = 1 / 12

/**
 * Judges the whole's traffic against the median level before and after each interval: for logs too short for a season.
 * An interval must stand out from both sides, so that a ramp or a step is no anomaly; the ends are not judged.
 */
export function judgeLocal(
  requests: Uint32Array,
  value: Float64Array,
  grid: WindowGrid,
  notes: string[],
): TrafficForecast {
  const longest = LOCAL_REACH / 2
  const longestBeside = Math.max(longest, Math.floor(grid.windows * LONGEST_PART))
  const usual = median(value)
  const beside = judgeBeside(value, new Float64Array(value.length).fill(usual), longestBeside)
  const middle = (from: number, to: number) => {
    const { before, after } = sidesOf(value, from, to, LOCAL_REACH)
    return (before + after) / 2
  }
  const scales = new Map<number, { scale: number; df: number }>()
  for (let length = 1; length <= longest; length++) {
    const gaps: number[] = []
    for (let from = 0; from + length <= grid.windows; from++)
      gaps.push(mean(value, from, from + length) - middle(from, from + length))
    // Poisson's own: of the interval's mean, and of the two medians.
    const least = Math.sqrt(1 / length + Math.PI / 2 / (2 * LOCAL_REACH))
    scales.set(length, { scale: Math.max(least, madScale(gaps, 0) || 0), df: Math.max(3, grid.windows / length / 2) })
  }
  const logP = (counts: ArrayLike<number>, from: number, to: number, above: boolean) => {
    if (to - from > longest) return beside(counts, from, to, above)
    const side = nearerSide(sidesOf(value, from, to, LOCAL_REACH), above)
    if (Number.isNaN(side)) return 0
    let sum = 0
    for (let w = from; w < to; w++) sum += anscombe(counts[w])
    const { scale, df } = scales.get(Math.min(to - from, longest))!
    const z = (sum / (to - from) - side) / scale
    return Math.log(Math.max(studentUpperTail(above ? z : -z, df), 1e-300))
  }
  const level = Float64Array.from({ length: grid.windows }, (_, w) => middle(w, w + 1))
  const expected = level.map((y, w) => (Number.isNaN(y) ? requests[w] : fromAnscombe(y)))
  const { findings, judged } = scanTraffic(requests, expected, grid, longestBeside, logP, () => 1)
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

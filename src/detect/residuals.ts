import { madScale, median, medianOf, rollingMedian } from '../math/stats.ts'
import type { Calendar } from './calendar.ts'

/** Known windows that a usual course can be learnt from. */
export const FEWEST_WINDOWS = 24
/** Days of the same kind that say what is usual before days of the other kind need no say; and days of any kind. */
const FEWEST_ALIKE = 3
const FEWEST_OTHERS = 2
/** A deviation is measured in at least this part of its metric's typical value, so that a constant metric has a scale. */
const LEAST_SCALE = 1e-6

/** How far a metric is off its usual course. */
export interface Residuals {
  /** In the metric's own unit, around 0; NaN unknown. */
  readonly off: Float64Array
  /** In robust standard deviations of a window with as many requests. */
  readonly deviations: Float64Array
}

/**
 * Residuals from the usual course (the median of the same phase on other days, or of the windows around); null for a
 * metric that does not vary or is mostly unknown.
 *
 * @param isUsual by window: 0 is no example of what is usual on other days; null: all are
 */
export function measureResiduals(
  values: Float64Array,
  requests: ArrayLike<number>,
  calendar: Calendar,
  isUsual: Uint8Array | null = null,
): Residuals | null {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length < FEWEST_WINDOWS) return null
  const usual =
    calendar.phases > 0 && calendar.days >= 4 ? phaseMedians(values, calendar, isUsual) : rollingMedian(values, 6, true)
  const residual = values.map((value, w) => value - usual[w])
  const center = median(residual)
  const off = residual.map((r) => r - center)
  const sd = fitNoise(off, requests)
  const least = LEAST_SCALE * Math.max(1, Math.abs(median(known)))
  if (!sd.some((s) => s > least)) return null
  return { off, deviations: off.map((r, w) => r / Math.max(sd[w], least)) }
}

/**
 * Standard deviation of each window's residual: variance a + b/n, since a median of n requests is as noisy as n is
 * small. Both come from the quieter and the busier half of the windows.
 */
function fitNoise(residual: Float64Array, requests: ArrayLike<number>): Float64Array {
  const inverse = residual.map((r, w) => (Number.isNaN(r) ? Number.NaN : 1 / Math.max(1, requests[w])))
  const middle = median(inverse)
  const half = (busy: boolean) => {
    const inside = (_: number, w: number) => (busy ? inverse[w] <= middle : inverse[w] > middle)
    return { variance: madScale(residual.filter(inside), 0) ** 2, inverse: median(inverse.filter(inside)) }
  }
  const busy = half(true)
  const quiet = half(false)
  const apart = quiet.inverse - busy.inverse
  const b = apart > 0 ? Math.max(0, (quiet.variance - busy.variance) / apart) : 0
  const a = Math.max(0, busy.variance - b * busy.inverse, 0.1 * busy.variance)
  return inverse.map((n) => Math.sqrt(a + b * n))
}

/**
 * Of each window the median of the same phase on other days, of the same kind of day where there are enough of them; NaN
 * where too few of these are usual.
 */
function phaseMedians(
  values: Float64Array,
  { windows, phases, dayOf, kindOf, kindsKnown }: Calendar,
  isUsual: Uint8Array | null,
): Float64Array {
  const usual = new Float64Array(windows)
  const days = Math.ceil(windows / phases) + 1
  const others = new Float64Array(days)
  const alike = new Float64Array(days)
  for (let w = 0; w < windows; w++) {
    let seen = 0
    let seenAlike = 0
    let daysAlike = 0
    // A phase comes again every day.
    for (let other = w % phases; other < windows; other += phases) {
      const value = values[other]
      if (dayOf[other] === dayOf[w] || Number.isNaN(value)) continue
      const isAlike = kindsKnown && kindOf[other] === kindOf[w]
      if (isAlike) daysAlike++
      if (isUsual !== null && isUsual[other] === 0) continue
      others[seen++] = value
      if (isAlike) alike[seenAlike++] = value
    }
    const used = daysAlike >= FEWEST_ALIKE ? alike.subarray(0, seenAlike) : others.subarray(0, seen)
    usual[w] = used.length >= FEWEST_OTHERS ? medianOf(used) : Number.NaN
  }
  return usual
}

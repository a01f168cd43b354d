import { meanKnown } from '../math/stats.ts'
import { fitRobustCovariance } from '../models/robust-covariance.ts'

/** Windows on each side that say what an interval is held against besides the usual course. */
const BESIDE = 2
/** Intervals of one length that a covariance of each metric needs; as in outlier-shape.ts. */
const ROWS_PER_METRIC = 8

/** Of two metrics that moved alike each has half of the distance, of one that did not move none: this is half-way between. */
const LEAST_PART = 0.25

/** A metric's deviations by window, and whether it says how long answers take. */
export interface MetricDeviations {
  readonly values: Float64Array
  readonly isLatency: boolean
}

/**
 * Whether what is odd in windows [from, to) is that answers take longer than the rest says, and nothing else: no other
 * metric has a part in it.
 */
export function isSlowness(metrics: readonly MetricDeviations[], from: number, to: number): boolean {
  const parts = measureParts(
    metrics.map(({ values }) => values),
    from,
    to,
  )
  if (parts === null) return false
  const largest = parts.indexOf(Math.max(...parts))
  return (
    metrics[largest].isLatency &&
    meanKnown(metrics[largest].values, from, to) > 0 &&
    metrics.every(({ isLatency }, j) => isLatency || parts[j] < LEAST_PART)
  )
}

/**
 * How much each metric takes part in what is odd: its part of the squared distance, x·(Σ⁻¹x)/d², by metric. Parts sum
 * to 1, and a metric that is merely where the others are pulled from can have less than none.
 *
 * They are measured twice, and each metric has the larger: by the deviations from the usual course, and by how these
 * differ from the windows beside. What metrics share wanders slowly: it may hide that one has moved from either, but seldom from both.
 *
 * @param deviations of each metric by window, NaN unknown
 * @param from first window of the interval
 * @param to the window after its last
 * @returns null when there are too few intervals of that length to say how metrics vary together
 */
export function measureParts(deviations: readonly Float64Array[], from: number, to: number): number[] | null {
  const views = [meanKnown, contrast].map((measure) => partsBy(measure, deviations, from, to))
  const known = views.filter((parts) => parts !== null)
  return known.length === 0 ? null : deviations.map((_, j) => Math.max(...known.map((parts) => parts[j])))
}

type Measure = (deviations: Float64Array, from: number, to: number) => number

function partsBy(measure: Measure, deviations: readonly Float64Array[], from: number, to: number): number[] | null {
  const length = to - from
  const rows: number[][] = deviations.map(() => [])
  for (let start = 0; start + length <= deviations[0].length; start += Math.max(1, length >> 1)) {
    if (start < to && start + length > from) continue
    const row = deviations.map((column) => measure(column, start, start + length))
    if (row.some((value) => Number.isNaN(value))) continue
    for (const [j, value] of row.entries()) rows[j].push(value)
  }
  if (rows[0].length < ROWS_PER_METRIC * deviations.length) return null
  const { center, inverse } = fitRobustCovariance(rows.map((row) => Float64Array.from(row)))
  const off = deviations.map((column, j) => measure(column, from, to) - center[j])
  const parts = off.map(
    (value, j) => value * off.reduce((sum, other, k) => sum + inverse[j * off.length + k] * other, 0),
  )
  const distance = parts.reduce((sum, part) => sum + part, 0)
  return distance > 0 ? parts.map((part) => part / distance) : null
}

/** Mean of an interval less that of the windows beside it; at an end of the log those of one side. */
function contrast(deviations: Float64Array, from: number, to: number): number {
  const sides = [
    meanKnown(deviations, Math.max(0, from - BESIDE), from),
    meanKnown(deviations, to, Math.min(deviations.length, to + BESIDE)),
  ]
  const known = sides.filter((side) => !Number.isNaN(side))
  return meanKnown(deviations, from, to) - known.reduce((sum, side) => sum + side, 0) / known.length
}

import { meanKnown } from '../math/stats.ts'
import { fitRobustCovariance } from '../models/robust-covariance.ts'
import { ROWS_PER_METRIC } from './outlier-shape.ts'

/** Windows on each side that an interval is held against: what metrics share wanders slowly, and is nearly the same there. */
const BESIDE = 2

/**
 * From this part on a metric takes part. Two that moved alike have half each, and one that did not move has none but by
 * chance: of 136 simulated broken correlations 4 fell short of it in sizes and traffic, of 119 latency surges so small that
 * the distance alone saw them 100 did.
 */
const LEAST_PART = 0.15

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
 * How much each metric takes part in what is odd: its part of the squared distance, x·(Σ⁻¹x)/d², of the interval's means
 * less those of the windows beside it. Parts sum to 1, and a metric that is merely where the others are pulled from can
 * have less than none.
 *
 * @param deviations of each metric by window, NaN unknown
 * @param from first window of the interval
 * @param to the window after its last
 * @returns null when there are too few intervals of that length to say how metrics vary together
 */
export function measureParts(deviations: readonly Float64Array[], from: number, to: number): number[] | null {
  const fit = fitOthers(contrast, deviations, from, to)
  if (fit === null) return null
  const off = deviations.map((column, j) => contrast(column, from, to) - fit.center[j])
  const parts = weigh(fit.inverse, off).map((weight, j) => weight * off[j])
  const distance = parts.reduce((sum, part) => sum + part, 0)
  return distance > 0 ? parts.map((part) => part / distance) : null
}

/**
 * How much each window speaks for having moved as windows [from, to) did, against being as usual: log-likelihood ratios,
 * normal. What wanders for longer than a window is as sure as the means of so many windows are, so that it says little.
 *
 * @param coordinates deviations along axes whose noise is apart
 * @returns 0 where unknown; null as for `measureParts`
 */
export function measureGains(coordinates: readonly Float64Array[], from: number, to: number): Float64Array | null {
  const fit = fitOthers(meanKnown, coordinates, from, to)
  if (fit === null) return null
  const shift = coordinates.map((column, j) => meanKnown(column, from, to) - fit.center[j])
  const weights = weigh(fit.inverse, shift).map((weight) => weight / (to - from))
  const usual = shift.reduce((sum, value, j) => sum + (weights[j] * value) / 2, 0)
  return coordinates[0].map((_, w) => {
    const gain = weights.reduce((sum, weight, j) => sum + weight * (coordinates[j][w] - fit.center[j]), -usual)
    return Number.isNaN(gain) ? 0 : gain
  })
}

type Measure = (deviations: Float64Array, from: number, to: number) => number

/** Center and shape of the other intervals as long, half of them apart; null when these are too few. */
function fitOthers(measure: Measure, columns: readonly Float64Array[], from: number, to: number) {
  const length = to - from
  const rows: number[][] = columns.map(() => [])
  for (let start = 0; start + length <= columns[0].length; start += Math.max(1, length >> 1)) {
    if (start < to && start + length > from) continue
    const row = columns.map((column) => measure(column, start, start + length))
    if (row.some((value) => Number.isNaN(value))) continue
    for (const [j, value] of row.entries()) rows[j].push(value)
  }
  if (rows[0].length < ROWS_PER_METRIC * columns.length) return null
  return fitRobustCovariance(rows.map((row) => Float64Array.from(row)))
}

/** matrix · vector. */
function weigh(matrix: Float64Array, vector: readonly number[]): number[] {
  const size = vector.length
  return vector.map((_, j) => vector.reduce((sum, value, k) => sum + matrix[j * size + k] * value, 0))
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

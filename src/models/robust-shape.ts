/** Center and covariance of points, and how far these lie from them: the steps of `fitRobustCovariance`. */
import { fUpperTail } from '../math/distributions.ts'
import { factorPositive, invertFactored } from '../math/matrix.ts'
import { findCrossing } from '../math/root.ts'
import { select } from '../math/select.ts'
import { madScale } from '../math/stats.ts'

/** With fewer rows a column, the prior makes up half of what is missing. */
const ENOUGH_ROWS_PER_COLUMN = 5

/** Center and inverse covariance of some rows. */
export interface Shape {
  readonly center: Float64Array
  readonly inverse: Float64Array
  readonly rows: number
  /** Factor of the correction for the tail that was cut off, in the covariance. */
  readonly correction: number
}

/** Scaled rows, one after the other. */
export interface Points {
  readonly count: number
  readonly dimensions: number
  readonly values: Float64Array
}

export function collectPoints(columns: readonly ArrayLike<number>[], count: number): Points {
  const dimensions = columns.length
  const values = new Float64Array(count * dimensions)
  for (let j = 0; j < dimensions; j++) for (let i = 0; i < count; i++) values[i * dimensions + j] = columns[j][i]
  return { count, dimensions, values }
}

/** Uncorrelated rows, of the scale that the MAD gives, that stand in for missing ones: what makes 3 rows a column enough. */
function priorRows(rows: number, dimensions: number): number {
  return Math.max(0, (ENOUGH_ROWS_PER_COLUMN * dimensions - rows) / 2)
}

/** Marks (1) the `size` points that lie closest to a shape's center, in its metric; ties keep their order. */
export function closest(points: Points, shape: Pick<Shape, 'center' | 'inverse'>, size: number): Uint8Array {
  const { count } = points
  const squared = new Float64Array(count)
  for (let i = 0; i < count; i++) squared[i] = distanceTo(shape, points, i)
  const farthest = size > 0 ? select(squared.slice(), 0, size - 1) : Number.NaN
  let ties = size
  for (let i = 0; i < count; i++) if (squared[i] < farthest) ties--
  return Uint8Array.from(squared, (distance) => (distance < farthest || (distance === farthest && ties-- > 0) ? 1 : 0))
}

/**
 * Mean and shrunk, tail-corrected covariance of the marked points (which are scaled: the prior is the unit matrix).
 *
 * @param known the correction for so many marked points, for those who have it
 */
export function shapeOf({ count, dimensions: d, values }: Points, inside: Uint8Array, known?: number): Shape {
  let rows = 0
  for (let i = 0; i < count; i++) rows += inside[i]
  const center = new Float64Array(d)
  for (let i = 0; i < count; i++) {
    if (inside[i] === 1) for (let j = 0; j < d; j++) center[j] += values[i * d + j] / rows
  }
  const correction = known ?? tailCorrection(rows / Math.max(1, count), d)
  const scatter = new Float64Array(d * d)
  for (let i = 0; i < count; i++) {
    if (inside[i] === 0) continue
    for (let j = 0; j < d; j++) {
      const off = values[i * d + j] - center[j]
      for (let k = 0; k <= j; k++) scatter[j * d + k] += off * (values[i * d + k] - center[k]) * correction
    }
  }
  const prior = priorRows(rows, d)
  const freedom = Math.max(1, rows - 1 + prior)
  const covariance = scatter.map((sum) => sum / freedom)
  for (let j = 0; j < d; j++) covariance[j * d + j] += prior / freedom
  return { center, inverse: invertShrunk(covariance, d), rows, correction }
}

/** Squared distance to a shape that a point did not shape, from that to one it did: exact removal of its row. */
export function leaveOut({ rows, correction, center }: Shape, squared: number, isInside: boolean): number {
  if (!isInside || rows < 3) return squared
  const freedom = rows - 1 + priorRows(rows, center.length)
  const share = ((squared / freedom) * rows) / (rows - 1)
  const remaining = 1 - share * correction
  if (!(remaining > 0)) return Number.POSITIVE_INFINITY
  return (((share * rows) / (rows - 1)) * (freedom - 1)) / remaining
}

/** Squared distance of point i. */
export function distanceTo(
  { center, inverse }: Pick<Shape, 'center' | 'inverse'>,
  { values }: Points,
  i: number,
): number {
  const size = center.length
  const first = i * size
  let sum = 0
  for (let j = 0; j < size; j++) {
    let row = 0
    for (let k = 0; k < size; k++) row += inverse[j * size + k] * (values[first + k] - center[k])
    sum += (values[first + j] - center[j]) * row
  }
  return sum
}

/** Inverse of the Gnanadesikan–Kettenring correlations: r = (s²(u + v) − s²(u − v)) / (s²(u + v) + s²(u − v)). */
export function pairwiseInverse({ count, dimensions: d, values }: Points): Float64Array {
  const column = new Float64Array(count)
  const correlation = new Float64Array(d * d)
  for (let j = 0; j < d; j++) {
    correlation[j * d + j] = 1
    for (let k = 0; k < j; k++) {
      for (let i = 0; i < count; i++) column[i] = values[i * d + j] + values[i * d + k]
      const sum = madScale(column)
      for (let i = 0; i < count; i++) column[i] = values[i * d + j] - values[i * d + k]
      const difference = madScale(column)
      const total = sum * sum + difference * difference
      correlation[j * d + k] = total > 0 ? (sum * sum - difference * difference) / total : 0
    }
  }
  return invertShrunk(correlation, d)
}

/** Inverse of a symmetric matrix (lower triangle), shrunk towards its diagonal as far as it takes to have one. */
function invertShrunk(matrix: Float64Array, d: number): Float64Array {
  for (let keep = 1; keep > 0.05; keep *= 0.9) {
    const shrunk = matrix.map((value, at) => (at % (d + 1) === 0 ? value : value * keep))
    const factor = factorPositive(shrunk, d)
    if (factor !== undefined) return invertFactored(factor, d)
  }
  return Float64Array.from(matrix, (value, at) => (at % (d + 1) === 0 && value > 0 ? 1 / value : 0))
}

/** Covariance of a normal bulk over that of its innermost `share`: share / P(χ²(d + 2) ≤ the share-quantile of χ²(d)). */
export function tailCorrection(share: number, d: number): number {
  if (share >= 1 || share <= 0 || d === 0) return 1
  const quantile = findCrossing((x) => chiSquareUpperTail(x, d) - (1 - share), 0, d)
  return share / (1 - chiSquareUpperTail(quantile, d + 2))
}

/** P(X > x) for χ²(d), as the limit of F. */
function chiSquareUpperTail(x: number, d: number): number {
  return fUpperTail(x / d, d, 1e9)
}

/** Distance of a row from the bulk of the others, in a metric that outliers did not shape. */
import { fUpperTail } from '../math/distributions.ts'
import { quadraticForm } from '../math/matrix.ts'
import { madScale, median } from '../math/stats.ts'
import { countRows } from './columns.ts'
import {
  closest,
  collectPoints,
  distanceTo,
  leaveOut,
  type Points,
  pairwiseInverse,
  shapeOf,
  tailCorrection,
} from './robust-shape.ts'

/** A fitted center and shape. */
export interface RobustCovariance {
  /** One per column. */
  readonly center: Float64Array
  /** Inverse covariance, row by row. A column without variation has zeros: it adds nothing to a distance. */
  readonly inverse: Float64Array
  /** Columns that vary. */
  readonly dimensions: number
  /** Rows that shaped it: those that were no outliers. */
  readonly kept: number
  /**
   * Squared distance of each fitted row as if it had not been part of the fit, so that it compares with that of a new
   * row. NaN where a value is unknown.
   */
  readonly squared: Float64Array
}

/** Rows less likely than this under the fit so far do not shape the next one. */
const REJECT = 0.01
const MOST_ROUNDS = 30

/**
 * Fits center and covariance to the rows that are no outliers. Deterministic: nothing is drawn.
 *
 * Columns are scaled by median and MAD. A first shape comes from pairwise robust correlations (Gnanadesikan &
 * Kettenring 1972), is concentrated on the half of the rows that lie closest (Rousseeuw & Van Driessen 1999, C-steps),
 * and is then refitted to all rows within its 99 % ellipsoid until these rest (their reweighting step). Each covariance is
 * corrected for the tail that was cut off (Croux & Haesbroeck 1999); with fewer than 5 rows a column it is shrunk towards
 * no correlation, as if some uncorrelated rows had been seen too.
 *
 * @param columns one array per feature, of one length n ≥ 3·d for a useful fit; rows with NaN do not shape it
 * @throws RangeError when columns are missing or differ in length
 */
export function fitRobustCovariance(columns: readonly Float64Array[]): RobustCovariance {
  const rows = countRows(columns)
  const middle = columns.map((column) => median(column))
  const scale = columns.map((column, j) => spreadAround(column, middle[j]))
  const used = Array.from(columns.keys()).filter((j) => scale[j] > 0)
  const known = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    columns.every((column) => !Number.isNaN(column[row])),
  )
  const points = collectPoints(
    used.map((j) => known.map((row) => (columns[j][row] - middle[j]) / scale[j])),
    known.length,
  )
  const { shape, inside } = reweight(points, concentrate(points))

  const squared = new Float64Array(rows).fill(Number.NaN)
  known.forEach((row, i) => {
    squared[row] = leaveOut(shape, distanceTo(shape, points, i), inside[i] === 1)
  })
  const center = Float64Array.from(middle)
  const inverse = new Float64Array(columns.length * columns.length)
  used.forEach((j, a) => {
    center[j] = middle[j] + scale[j] * shape.center[a]
    used.forEach((k, b) => {
      inverse[j * columns.length + k] = shape.inverse[a * used.length + b] / (scale[j] * scale[k])
    })
  })
  return { center, inverse, dimensions: used.length, kept: shape.rows, squared }
}

/**
 * Squared Mahalanobis distance of new rows. (Rows of the fit: see `squared` of the model.)
 *
 * @param columns as many as were fitted, of one length
 * @returns one per row, ≥ 0, higher is more anomalous; NaN where a value is unknown
 * @throws RangeError when the number of columns differs from the fit's, or they differ in length
 */
export function mahalanobisSquared(model: RobustCovariance, columns: readonly Float64Array[]): Float64Array {
  const rows = countRows(columns)
  if (columns.length !== model.center.length) {
    throw new RangeError(`'columns' must be the ${model.center.length} that were fitted, got ${columns.length}`)
  }
  const squared = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    squared[row] = quadraticForm(
      model.inverse,
      model.center.map((center, j) => columns[j][row] - center),
    )
  }
  return squared
}

/**
 * Chance that a row of the same (normal) bulk lies at least this far out. A new row's squared distance to a mean and
 * covariance of n rows is (n + 1)·(n − 1)·d / (n·(n − d)) · F(d, n − d) (Hotelling 1931). Simulated with 2, 4 and 8 features
 * at correlations 0 and 0.8: of 48, 150 and 1000 rows, 0.7 to 1.4 times the nominal 0.01 and 0.001 lay that far out; with
 * fewer than 5 rows a column less, for the prior is not counted.
 *
 * @param squared of `mahalanobisSquared` or `RobustCovariance.squared`
 * @returns 0..1; NaN for an unknown distance; 1 when no column varies or too few rows were kept
 */
export function distancePValue(squared: number, model: Pick<RobustCovariance, 'kept' | 'dimensions'>): number {
  const { kept, dimensions } = model
  if (Number.isNaN(squared)) return Number.NaN
  if (dimensions === 0 || kept <= dimensions) return 1
  const ratio = ((squared / (kept - 1)) * (kept / (kept + 1)) * (kept - dimensions)) / dimensions
  return fUpperTail(ratio, dimensions, kept - dimensions)
}

/** The half of the points that lies closest together, from the pairwise robust start, by C-steps until it rests. */
function concentrate(points: Points): Uint8Array {
  const { count, dimensions } = points
  const size = Math.min(count, Math.ceil((count + dimensions + 1) / 2))
  const start = { center: new Float64Array(dimensions), inverse: pairwiseInverse(points) }
  let inside = closest(points, start, size)
  const correction = tailCorrection(size / Math.max(1, count), dimensions)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = closest(points, shapeOf(points, inside, correction), size)
    const rests = isSame(next, inside)
    inside = next
    if (rests) break
  }
  return inside
}

const isSame = (a: Uint8Array, b: Uint8Array) => a.every((value, i) => value === b[i])

/** Refits to the points within the 99 % ellipsoid until these rest. */
function reweight(points: Points, start: Uint8Array) {
  let inside = start
  let shape = shapeOf(points, inside)
  let bracket: Bracket | null = null
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { dimensions } = points
    const outer = bracketRejection({ kept: shape.rows, dimensions }, bracket)
    // Nearly the same for rows that were part of the fit: they are held against one less.
    const inner = bracketRejection({ kept: shape.rows - 1, dimensions }, outer)
    bracket = inner
    const next = new Uint8Array(points.count)
    for (let i = 0; i < next.length; i++) {
      const squared = leaveOut(shape, distanceTo(shape, points, i), inside[i] === 1)
      next[i] = (inside[i] === 1 ? inner : outer).rejects(squared) ? 0 : 1
    }
    if (isSame(next, inside)) break
    inside = next
    shape = shapeOf(points, inside)
  }
  return { shape, inside }
}

/** The distance at which rows are rejected is closed in to this part of it: few rows lie within, and the next round's does. */
const BRACKET = 0.05

/** Squared distances: up to `low` rows are kept, beyond `high` they are rejected. */
interface Bracket {
  readonly low: number
  readonly high: number
}

interface Rejection extends Bracket {
  rejects(squared: number): boolean
}

/**
 * Which distances are less likely than REJECT. A tail for each of them would be dear, and it falls as they grow.
 *
 * @param guess where that was for a similar model
 */
function bracketRejection(model: Pick<RobustCovariance, 'kept' | 'dimensions'>, guess: Bracket | null): Rejection {
  const isRejected = (squared: number) => distancePValue(squared, model) < REJECT
  let low = 0
  let high = 1
  if (guess !== null && !isRejected(guess.low) && isRejected(guess.high)) {
    low = guess.low
    high = guess.high
  } else {
    while (high < Number.POSITIVE_INFINITY && !isRejected(high)) {
      low = high
      high *= 2
    }
    while (high - low > BRACKET * high) {
      const middle = (low + high) / 2
      if (isRejected(middle)) high = middle
      else low = middle
    }
  }
  return { low, high, rejects: (squared) => squared > high || (squared > low && isRejected(squared)) }
}

/** MAD; where more than half of the values are one, the standard deviation; 0 for a constant column. */
function spreadAround(column: Float64Array, middle: number): number {
  const scale = madScale(column, middle)
  if (scale > 0) return scale
  const known = column.filter((value) => !Number.isNaN(value))
  const sum = known.reduce((total, value) => total + (value - middle) * (value - middle), 0)
  return known.length > 1 ? Math.sqrt(sum / (known.length - 1)) : 0
}

/** Distance of a row from the bulk of the others, in a metric that outliers did not shape. */
import { fUpperTail } from '../math/distributions.ts'
import { madScale, median } from '../math/stats.ts'
import { invertPositive, quadraticForm } from './matrix.ts'

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

/** Rows less likely than this under the fit so far do not shape the next one. Few good rows are lost, and corrected for. */
const REJECT = 0.01
const MOST_ROUNDS = 20
/** Weight of the prior, rows of uncorrelated data per column: makes 3 rows a column enough, and fades with more. */
const PRIOR_ROWS_PER_COLUMN = 1

/**
 * Fits center and covariance to the rows that are no outliers.
 *
 * Columns are scaled by median and MAD. A first shape comes from orthogonalised pairwise robust covariances (Maronna &
 * Zamar 2002), which half of the rows cannot spoil. Then the plain mean and covariance of the rows that lie within the
 * 99 % ellipsoid of the shape so far (corrected for the cut-off tail) replace it, until the set of rows rests
 * (reweighting as in Rousseeuw & Van Driessen 1999, 5). The covariance is shrunk towards the uncorrelated one as if
 * one more row a column had been seen. Deterministic, nothing is drawn.
 *
 * @param columns one array per feature, all of one length n ≥ 3·d for a useful fit; rows with NaN are left out
 * @throws RangeError when columns are missing or differ in length
 */
export function fitRobustCovariance(columns: readonly Float64Array[]): RobustCovariance {
  if (columns.length === 0) throw new RangeError(`'columns' must hold at least one column, got 0`)
  const rows = columns[0].length
  const odd = columns.findIndex((column) => column.length !== rows)
  if (odd > 0) throw new RangeError(`'columns' must be of one length (${rows}), got ${columns[odd].length} in column ${odd}`)

  const middle = columns.map((column) => median(column))
  const scale = columns.map((column, j) => spread(column, middle[j]))
  const used = [...columns.keys()].filter((j) => scale[j] > 0)
  const complete = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    columns.every((column) => !Number.isNaN(column[row])),
  )
  const d = used.length
  const points = complete.map((row) => Float64Array.from(used, (j) => (columns[j][row] - middle[j]) / scale[j]))

  let shape = startShape(points, d)
  let inside = points.map((point) => isInside(shape, point, d))
  for (let round = 0; round < MOST_ROUNDS && d > 0; round++) {
    shape = shapeOf(points, inside, d)
    const next = points.map((point, i) => pValue(leftOut(shape, point, inside[i]), shape.kept - (inside[i] ? 1 : 0), d) > REJECT)
    const rests = next.every((value, i) => value === inside[i])
    inside = next
    if (rests) break
  }

  const squared = new Float64Array(rows).fill(Number.NaN)
  complete.forEach((row, i) => {
    squared[row] = leftOut(shape, points[i], inside[i])
  })
  const center = Float64Array.from(middle)
  const inverse = new Float64Array(columns.length * columns.length)
  used.forEach((j, a) => {
    center[j] = middle[j] + scale[j] * shape.center[a]
    used.forEach((k, b) => {
      inverse[j * columns.length + k] = shape.inverse[a * d + b] / (scale[j] * scale[k])
    })
  })
  return { center, inverse, dimensions: d, kept: shape.kept, squared }
}

import { diagonalise, factorPositive, invertFactored, solveLower } from '../math/matrix.ts'
import { median } from '../math/stats.ts'
import { fitRobustCovariance } from '../models/robust-covariance.ts'

/** Rows that a half needs for each metric, so that its covariance says something. */
const ROWS_PER_METRIC = 8

/**
 * Axes along which residuals are uncorrelated in quiet and in busy windows alike. What metrics share (cold caches)
 * varies as much at every hour, what each samples for itself shrinks with the requests: one covariance for all windows
 * would hold a busy hour against the noise of the nights. Two covariances have common axes (Golub & Van Loan 2013,
 * 8.7), so that along each the variance is a + b/n.
 *
 * @param residuals one column per metric, NaN unknown
 * @param requests behind each window
 * @returns one row of weights of the metrics per axis; null when too few windows are known, or a metric does not vary
 */
export function findAxes(residuals: readonly Float64Array[], requests: ArrayLike<number>): Float64Array[] | null {
  const width = residuals.length
  const inverseOf = residuals[0].map((_, w) =>
    residuals.some((column) => Number.isNaN(column[w])) ? Number.NaN : 1 / Math.max(1, requests[w]),
  )
  const middle = median(inverseOf)
  const busy = covarianceOf(residuals, (w) => inverseOf[w] <= middle)
  const quiet = covarianceOf(residuals, (w) => inverseOf[w] > middle) ?? busy
  const factor = busy === null ? undefined : factorPositive(busy, width)
  if (quiet === null || factor === undefined) return null
  // L⁻¹·quiet·L⁻ᵀ, from both sides.
  const once = applyLower(factor, quiet, width)
  const { vectors } = diagonalise(applyLower(factor, transpose(once, width), width), width)
  const unit = Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? 1 : 0))
  const inverse = applyLower(factor, unit, width)
  return Array.from({ length: width }, (_, j) =>
    Float64Array.from({ length: width }, (_, k) => {
      let sum = 0
      for (let l = 0; l < width; l++) sum += vectors[l * width + j] * inverse[l * width + k]
      return sum
    }),
  )
}

/** A column of values along an axis; NaN where one of them is unknown. */
export function project(columns: readonly Float64Array[], axis: Float64Array): Float64Array {
  return columns[0].map((_, w) => {
    let sum = 0
    for (let k = 0; k < axis.length; k++) sum += axis[k] * columns[k][w]
    return sum
  })
}

/** Null with too few rows, or when a column does not vary. */
function covarianceOf(columns: readonly Float64Array[], isInside: (w: number) => boolean): Float64Array | null {
  const rows = columns.map((column) => column.filter((_, w) => isInside(w)))
  if (rows[0].length < ROWS_PER_METRIC * columns.length) return null
  const { inverse, dimensions } = fitRobustCovariance(rows)
  const factor = dimensions < columns.length ? undefined : factorPositive(inverse, columns.length)
  return factor === undefined ? null : invertFactored(factor, columns.length)
}

/** L⁻¹·matrix. */
function applyLower(factor: Float64Array, matrix: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    const column = solveLower(
      factor,
      Float64Array.from({ length: size }, (_, i) => matrix[i * size + j]),
    )
    for (let i = 0; i < size; i++) result[i * size + j] = column[i]
  }
  return result
}

function transpose(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % size) * size + Math.floor(at / size)])
}

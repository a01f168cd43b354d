/** Symmetric positive definite matrices, row by row in one array. Only + − × ÷ √: the same bits in every engine. */

/**
 * Cholesky's lower factor L with L·Lᵀ = matrix (Golub & Van Loan 2013, 4.2); only the lower triangle is read.
 *
 * @param size rows (and columns) of the matrix
 * @returns `undefined` when the matrix is not positive definite to working precision
 */
export function factorPositive(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]
      for (let l = 0; l < j; l++) sum -= factor[i * size + l] * factor[j * size + l]
      if (i === j && !(sum > matrix[i * size + i] * 1e-14)) return undefined
      factor[i * size + j] = i === j ? Math.sqrt(sum) : sum / factor[j * size + j]
    }
  }
  return factor
}

/** The x with L·Lᵀ·x = right, for a factor of `factorPositive`. */
export function solveFactored(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const x = right.slice()
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < i; l++) x[i] -= factor[i * size + l] * x[l]
    x[i] /= factor[i * size + i]
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let l = i + 1; l < size; l++) x[i] -= factor[l * size + i] * x[l]
    x[i] /= factor[i * size + i]
  }
  return x
}

/** The inverse of L·Lᵀ. */
export function invertFactored(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    const unit = new Float64Array(size)
    unit[j] = 1
    inverse.set(solveFactored(factor, unit), j * size)
  }
  return inverse
}

/** vectorᵀ·matrix·vector. */
export function quadraticForm(matrix: Float64Array, vector: Float64Array): number {
  const size = vector.length
  let sum = 0
  for (let i = 0; i < size; i++) {
    let row = 0
    for (let j = 0; j < size; j++) row += matrix[i * size + j] * vector[j]
    sum += vector[i] * row
  }
  return sum
}

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
  const x = solveLower(factor, right)
  for (let i = size - 1; i >= 0; i--) {
    for (let l = i + 1; l < size; l++) x[i] -= factor[l * size + i] * x[l]
    x[i] /= factor[i * size + i]
  }
  return x
}

/** The x with L·x = right, for a factor of `factorPositive`. */
export function solveLower(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  const x = right.slice()
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < i; l++) x[i] -= factor[i * size + l] * x[l]
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

/** Sweeps of Jacobi's method converge quadratically: a handful is enough for any small matrix. */
const MOST_SWEEPS = 30

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations (Golub & Van Loan 2013, 8.5).
 *
 * @returns `vectors` holds one eigenvector of length 1 per column, in the order of `values`
 */
export function diagonalise(symmetric: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const matrix = symmetric.slice()
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotated = false
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = matrix[p * size + q]
        const both = Math.sqrt(Math.abs(matrix[p * size + p] * matrix[q * size + q]))
        if (!(Math.abs(off) > 1e-15 * both)) continue
        rotated = true
        const ratio = (matrix[q * size + q] - matrix[p * size + p]) / (2 * off)
        const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        const sine = tangent * cosine
        rotateColumns(matrix, size, p, q, cosine, sine)
        rotateRows(matrix, size, p, q, cosine, sine)
        rotateColumns(vectors, size, p, q, cosine, sine)
      }
    }
    if (!rotated) break
  }
  return { values: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]), vectors }
}

function rotateColumns(matrix: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < size; i++) {
    const [a, b] = [matrix[i * size + p], matrix[i * size + q]]
    matrix[i * size + p] = cosine * a - sine * b
    matrix[i * size + q] = sine * a + cosine * b
  }
}

function rotateRows(matrix: Float64Array, size: number, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < size; i++) {
    const [a, b] = [matrix[p * size + i], matrix[q * size + i]]
    matrix[p * size + i] = cosine * a - sine * b
    matrix[q * size + i] = sine * a + cosine * b
  }
}

import { expect, test } from 'bun:test'
import { diagonalise, factorPositive, invertFactored, quadraticForm, solveFactored, solveLower } from './matrix.ts'

const matrix = Float64Array.of(4, 2, 1, 2, 5, 3, 1, 3, 6)

test('factor, solve and invert agree with the matrix', () => {
  const factor = factorPositive(matrix, 3)
  if (factor === undefined) throw new Error('a positive definite matrix must have a factor')
  const x = solveFactored(factor, Float64Array.of(1, 2, 3))
  for (let i = 0; i < 3; i++) {
    const product = matrix[3 * i] * x[0] + matrix[3 * i + 1] * x[1] + matrix[3 * i + 2] * x[2]
    expect(product).toBeCloseTo(i + 1, 12)
  }
  const inverse = invertFactored(factor, 3)
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const product = [0, 1, 2].reduce((sum, l) => sum + matrix[3 * i + l] * inverse[3 * l + j], 0)
      expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
    }
  }
})

test('a matrix that is not positive definite has no factor', () => {
  expect(factorPositive(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined()
  expect(factorPositive(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined()
  expect(factorPositive(new Float64Array(4), 2)).toBeUndefined()
})

test('quadraticForm', () => {
  expect(quadraticForm(matrix, Float64Array.of(1, -1, 2))).toBe(4 + 5 + 24 - 4 + 4 - 12)
})

test('solveLower undoes the lower factor', () => {
  const x = solveLower(factorPositive(matrix, 3)!, Float64Array.of(1, 2, 3))
  // xᵀ·x is the quadratic form of the inverse.
  const inverse = invertFactored(factorPositive(matrix, 3)!, 3)
  expect(x.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(
    quadraticForm(inverse, Float64Array.of(1, 2, 3)),
    12,
  )
})

test('diagonalise gives orthonormal vectors that the matrix only stretches', () => {
  for (const [some, size] of [
    [matrix, 3],
    [Float64Array.of(2, 0, 0, 2), 2],
    [Float64Array.of(1, 1, 1, 1), 2],
    [Float64Array.of(1e8, 3, 3, 1e-4), 2],
  ] as const) {
    const { values, vectors } = diagonalise(some, size)
    const column = (j: number) => Float64Array.from({ length: size }, (_, i) => vectors[i * size + j])
    const scale = Math.max(...values)
    for (let j = 0; j < size; j++) {
      for (let i = 0; i < size; i++) {
        const stretched = column(j).reduce((sum, value, k) => sum + some[i * size + k] * value, 0)
        expect((stretched - values[j] * vectors[i * size + j]) / scale).toBeCloseTo(0, 12)
        const product = column(i).reduce((sum, value, k) => sum + value * column(j)[k], 0)
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
      }
    }
  }
})

/** How much counts of requests speak for an event that multiplies them. */
import { factorPositive, solveFactored } from '../../src/math/matrix.ts'

/** Newton's steps double the digits; whole outages of busy blocks need the most. */
const NEWTON_STEPS = 40

/**
 * Counts of so many expected requests a block that an event multiplies by these factors: what a wander of the rate (its
 * logarithm has this variance and persistence) and chance must do to explain them, at the least. With rates e^w it is the
 * minimum of Σ expected·(f·ln f − f·w − f + e^w) + ½·wᵀ·Σ⁻¹·w over w (Laplace's approximation of the divergence): where
 * nothing wanders that of two Poisson distributions, as P(no request) = e^−expected; where chance is small, that of the
 * logarithm of f.
 */
export function countEvidence(factors: Float64Array, persistence: number, wander: number, expected: number): number {
  const blocks = factors.length
  const covariance = persistentCovariance(blocks, persistence, wander, 0)
  // With w = Σ·v the gradient needs no inverse: expected·(e^w − f) + v = 0.
  const v = new Float64Array(blocks)
  const rateOf = (w: number) => Math.exp(w)
  let w: Float64Array = new Float64Array(blocks)
  for (let step = 0; step < NEWTON_STEPS; step++) {
    // (I + D·Σ)·δ = −(v + expected·(e^w − f)), with D = expected·e^w, made symmetric by √D.
    const root = w.map((value) => Math.sqrt(expected * rateOf(value)))
    const gradient = w.map((value, i) => v[i] + expected * (rateOf(value) - factors[i]))
    const system = Float64Array.from(covariance, (value, at) => {
      const [row, column] = [Math.floor(at / blocks), at % blocks]
      return root[row] * value * root[column] + (row === column ? 1 : 0)
    })
    const solved = solveFactored(
      factorPositive(system, blocks)!,
      gradient.map((value, i) => -value / root[i]),
    )
    for (let i = 0; i < blocks; i++) v[i] += solved[i] * root[i]
    w = multiplyRows(covariance, v)
  }
  return (
    w.reduce((sum, value, i) => {
      const f = factors[i]
      const chance = (f > 0 ? f * (Math.log(f) - value) : 0) - f + rateOf(value)
      return sum + expected * chance + (value * v[i]) / 2
    }, 0) / Math.LN10
  )
}

function multiplyRows(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length
  return vector.map((_, row) => vector.reduce((sum, value, column) => sum + matrix[row * size + column] * value, 0))
}

/** Of blocks that wander with this persistence from one to the next, and have independent noise besides. */
export function persistentCovariance(blocks: number, persistence: number, wander: number, noise: number): Float64Array {
  return Float64Array.from({ length: blocks * blocks }, (_, at) => {
    const lag = Math.abs(Math.floor(at / blocks) - (at % blocks))
    return wander * persistence ** lag + (lag === 0 ? noise : 0)
  })
}

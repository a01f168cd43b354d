/**
 * Prophet's optimum by plain linear algebra: the maximum of the posterior that Stan climbs too. Stan's line search fails on
 * most series without changepoints, crashes on one in a thousand others, and is not reproducible within a process.
 *
 * @see https://github.com/facebook/prophet/blob/main/python/stan/prophet.stan (linear or flat trend, additive seasons)
 */
import type { ProphetOptimizedParams, ProphetStanData } from '@bsull/augurs/prophet'
import type { ProphetOptimizer } from '../io/wasm.ts'
import { factorPositive, solveFactored } from '../math/matrix.ts'

/** Standard deviations of the normal priors of slope and offset, and of the noise. */
const TREND_SCALE = 5
const NOISE_SCALE = 0.5
/** Rounds |change| off at its tip, in units of the scaled series: far below what a chart or a verdict can show. */
const TIP = 1e-7
/** Keeps the weights finite when the model fits exactly. */
const LEAST_VARIANCE = 1e-12
const MOST_ROUNDS = 300
const SMALLEST_STEP = 1e-9

/** Takes Stan's place in Prophet. Only + − × ÷ √, so that every engine gives the same bits. */
export const linearOptimizer: ProphetOptimizer = {
  optimize(_initial, json) {
    const data = JSON.parse(json) as ProphetStanData & { readonly X: readonly (readonly number[])[] }
    return {
      logs: { debug: '', info: '', warn: '', error: '', fatal: '' },
      params: findOptimum(data),
    }
  },
}

/**
 * Alternates two steps until the parameters rest: given the noise, a ridge regression in which each |change| is replaced
 * by the parabola that touches it at the present value (iteratively reweighted least squares); given the regression, the
 * noise that is most likely, in closed form.
 */
function findOptimum(data: ProphetStanData & { readonly X: readonly (readonly number[])[] }): ProphetOptimizedParams {
  const { T: rows, S: changes, K: seasons, t, y, t_change: when, X, sigmas, tau } = data
  // Columns: slope, offset, changes, seasons. A flat trend has neither slope nor changes.
  const isFlat = Number(data.trend_indicator) === 2
  const size = 2 + changes + seasons
  const design = new Float64Array(rows * size)
  for (let row = 0; row < rows; row++) {
    const base = row * size
    design[base] = isFlat ? 0 : t[row]
    design[base + 1] = 1
    for (let j = 0; j < changes; j++) design[base + 2 + j] = isFlat ? 0 : Math.max(0, t[row] - when[j])
    for (let j = 0; j < seasons; j++) design[base + 2 + changes + j] = X[row][j]
  }
  const { gram, moment } = crossProducts(design, y, size)

  const solution = new Float64Array(size)
  let variance = NOISE_SCALE * NOISE_SCALE
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const system = gram.slice()
    for (let j = 0; j < size; j++) {
      const change = solution[j]
      const precision =
        j < 2
          ? 1 / (TREND_SCALE * TREND_SCALE)
          : j < 2 + changes
            ? 1 / (tau * Math.sqrt(change * change + TIP * TIP))
            : 1 / (sigmas[j - 2 - changes] * sigmas[j - 2 - changes])
      system[j * size + j] += variance * precision
    }
    const factor = factorPositive(system, size)
    if (factor === undefined) throw new Error('the normal equations have no unique solution')
    const next = solveFactored(factor, moment)
    let step = 0
    for (let j = 0; j < size; j++) {
      step = Math.max(step, Math.abs(next[j] - solution[j]))
      solution[j] = next[j]
    }
    // The root of d/dσ [rows·ln σ + rss/(2σ²) + σ²/(2·scale²)] = 0, written without cancellation.
    const rss = residualSquares(design, y, solution)
    const previous = variance
    variance = (2 * rss) / (rows + Math.sqrt(rows * rows + (4 * rss) / (NOISE_SCALE * NOISE_SCALE)))
    variance = Math.max(variance, LEAST_VARIANCE)
    if (step < SMALLEST_STEP && Math.abs(variance - previous) < SMALLEST_STEP * variance) break
  }
  const delta = solution.slice(2, 2 + changes)
  return {
    k: solution[0],
    m: solution[1],
    sigmaObs: Math.sqrt(variance),
    delta,
    beta: solution.slice(2 + changes),
    trend: Float64Array.from(t, (time) =>
      isFlat
        ? solution[1]
        : delta.reduce(
            (sum, change, j) => sum + change * Math.max(0, time - when[j]),
            solution[0] * time + solution[1],
          ),
    ),
  }
}

/** designᵀ·design (size × size, row by row) and designᵀ·y. */
function crossProducts(design: Float64Array, y: readonly number[], size: number) {
  const gram = new Float64Array(size * size)
  const moment = new Float64Array(size)
  for (let row = 0, base = 0; row < y.length; row++, base += size) {
    for (let i = 0; i < size; i++) {
      const value = design[base + i]
      if (value === 0) continue
      moment[i] += value * y[row]
      for (let j = 0; j <= i; j++) gram[i * size + j] += value * design[base + j]
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j]
  return { gram, moment }
}

function residualSquares(design: Float64Array, y: readonly number[], solution: Float64Array): number {
  const size = solution.length
  let sum = 0
  for (let row = 0, base = 0; row < y.length; row++, base += size) {
    let residual = y[row]
    for (let j = 0; j < size; j++) residual -= design[base + j] * solution[j]
    sum += residual * residual
  }
  return sum
}

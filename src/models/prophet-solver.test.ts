import { expect, test } from 'bun:test'
import { loadStan } from '../io/wasm.ts'
import { linearOptimizer } from './prophet-solver.ts'

type Given = Parameters<typeof linearOptimizer.optimize>
type Optimum = ReturnType<typeof linearOptimizer.optimize>['params']

const rows = 240
const time = Array.from({ length: rows }, (_, i) => i / (rows - 1))
const changes = Array.from({ length: 12 }, (_, i) => (i + 1) / 15)
const season = Array.from({ length: rows }, (_, i) => [((i % 24) - 12) / 12, (((i * 5) % 24) - 12) / 12])
const data = {
  T: rows,
  y: time.map((t, i) => 0.4 + 0.2 * t + (t > 0.5 ? t - 0.5 : 0) + 0.1 * season[i][0] + ((i * 7919) % 41) / 1000),
  t: time,
  cap: new Array(rows).fill(0),
  S: changes.length,
  t_change: changes,
  trend_indicator: 0,
  K: 2,
  s_a: [1, 1],
  s_m: [0, 0],
  X: season,
  sigmas: [10, 10],
  tau: 0.05,
}
const initial = { k: 0.1, m: 0.4, delta: new Float64Array(12), beta: new Float64Array(2), sigmaObs: 1 }
const given = (changed: object): Given => [
  initial,
  JSON.stringify({ ...data, ...changed }),
  { algorithm: 'lbfgs', seed: 1 },
]

/** Negative log posterior of Prophet's Stan model, written out. */
function objective({ k, m, delta, beta, sigmaObs }: Optimum): number {
  let squares = 0
  for (let i = 0; i < rows; i++) {
    let fit = m + k * time[i]
    changes.forEach((change, j) => {
      fit += delta[j] * Math.max(0, time[i] - change)
    })
    season[i].forEach((value, j) => {
      fit += beta[j] * value
    })
    squares += (data.y[i] - fit) ** 2
  }
  const priors = (k * k + m * m) / 50 + 2 * sigmaObs ** 2
  const shrinking = delta.reduce((sum, value) => sum + Math.abs(value) / data.tau, 0)
  const seasonal = beta.reduce((sum, value) => sum + value ** 2 / 200, 0)
  return rows * Math.log(sigmaObs) + squares / (2 * sigmaObs ** 2) + priors + shrinking + seasonal
}

test("is no worse than Stan's optimum, and no step away from it is better", async () => {
  const ours = linearOptimizer.optimize(...given({})).params
  const stan = (await loadStan()).optimize(...given({})).params
  expect(objective(ours)).toBeLessThanOrEqual(objective(stan) + 1e-6)
  expect(objective(stan) - objective(ours)).toBeLessThan(1)
  for (const step of [1e-3, -1e-3]) {
    expect(objective({ ...ours, k: ours.k + step })).toBeGreaterThan(objective(ours))
    expect(objective({ ...ours, sigmaObs: ours.sigmaObs * (1 + step) })).toBeGreaterThan(objective(ours))
    for (let j = 0; j < 12; j++) {
      expect(objective({ ...ours, delta: ours.delta.with(j, ours.delta[j] + step) })).toBeGreaterThan(objective(ours))
    }
  }
})

test('a flat trend is a level', () => {
  const { k, m, delta, trend } = linearOptimizer.optimize(...given({ trend_indicator: 2 })).params
  expect([k, ...delta]).toEqual(new Array(13).fill(0))
  expect(new Set(trend)).toEqual(new Set([m]))
})

test('an exact fit does not divide by a noise of zero', () => {
  const { k, m, sigmaObs } = linearOptimizer.optimize(...given({ y: time.map((t) => 0.25 + 0.5 * t) })).params
  expect(k).toBeCloseTo(0.5, 4)
  expect(m).toBeCloseTo(0.25, 4)
  expect(sigmaObs).toBeGreaterThan(0)
})

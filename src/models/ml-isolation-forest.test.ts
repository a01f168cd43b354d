import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { fitForest, scoreForest } from './isolation-forest.ts'
import { scoreWithMlIsolationForest } from './ml-isolation-forest.ts'

const random = createRandom(2)
const columns = Array.from({ length: 3 }, () =>
  Float64Array.from({ length: 200 }, () => random() + random() + random()),
)
columns[0][17] = 8
columns[2][90] = -6

test('agrees with our own forest on the planted rows', () => {
  const theirs = scoreWithMlIsolationForest(columns, { trees: 50, seed: 1 })
  const ours = scoreForest(fitForest(columns, { seed: 1 }), columns)
  const top = (scores: Float64Array) =>
    [...scores.keys()]
      .sort((a, b) => scores[b] - scores[a])
      .slice(0, 2)
      .sort()
  expect(top(theirs)).toEqual([17, 90])
  expect(top(ours)).toEqual([17, 90])
  for (const score of theirs) expect(score > 0 && score <= 1).toBe(true)
})

test('is seeded, and gives chance back', () => {
  const chance = Math.random
  const first = scoreWithMlIsolationForest(columns, { trees: 20, seed: 7 })
  expect(scoreWithMlIsolationForest(columns, { trees: 20, seed: 7 })).toEqual(first)
  expect(scoreWithMlIsolationForest(columns, { trees: 20, seed: 8 })).not.toEqual(first)
  expect(Math.random).toBe(chance)
})

test('fewer than two rows, unknown values and faults', () => {
  expect(scoreWithMlIsolationForest([Float64Array.of(3)], { seed: 1 })).toEqual(Float64Array.of(0.5))
  expect(scoreWithMlIsolationForest([new Float64Array()], { seed: 1 })).toEqual(new Float64Array())
  const holes = columns.map((column) => column.map((value, i) => (i % 50 === 3 ? Number.NaN : value)))
  const unknown = [...holes, new Float64Array(200).fill(Number.NaN)]
  for (const score of scoreWithMlIsolationForest(unknown, { trees: 10, seed: 1 }))
    expect(score > 0 && score <= 1).toBe(true)
  expect(() => scoreWithMlIsolationForest([], { seed: 1 })).toThrow("'columns' must hold at least one column, got 0")
  expect(() => scoreWithMlIsolationForest(columns, { trees: 1.5, seed: 1 })).toThrow("'trees' must be a whole number")
  expect(() => scoreWithMlIsolationForest([columns[0], Float64Array.of(1)], { seed: 1 })).toThrow('got 1 in column 1')
})

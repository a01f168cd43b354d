import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { createRandom } from '../math/random.ts'
import { assembleForest, averagePathLength, fitForest, scoreForest } from './isolation-forest.ts'
import type { IsolationTree } from './isolation-tree.ts'

interface Reference {
  sampleSize: number
  columns: number[][]
  trees: IsolationTree[]
  scores: number[]
}

function makeColumns(rows: number, width: number, seed: number): Float64Array[] {
  const random = createRandom(seed)
  return Array.from({ length: width }, () => Float64Array.from({ length: rows }, () => random() + random() + random()))
}

describe('scores', () => {
  test("equal scikit-learn's on its own trees (fixtures/models/make_references.py)", () => {
    const path = new URL('../../fixtures/models/isolation-forest.json', import.meta.url)
    const reference: Reference = JSON.parse(readFileSync(path, 'utf8'))
    const columns = reference.columns.map((column) => Float64Array.from(column))
    const forest = assembleForest(reference.trees, columns.length, reference.sampleSize)
    const scores = scoreForest(forest, columns)
    expect(scores.length).toBe(300)
    scores.forEach((score, row) => {
      expect(Math.abs(score - reference.scores[row])).toBeLessThan(1e-12)
    })
  })

  test("follow the paper's path lengths", () => {
    expect([averagePathLength(0), averagePathLength(1), averagePathLength(2)]).toEqual([0, 0, 1])
    expect(averagePathLength(256)).toBeCloseTo(10.24477092, 8)
  })

  test('a value at the threshold goes left, compared as float32', () => {
    // 0.1 is larger as float32 than as float64: the cast value lies right of a threshold of exactly 0.1.
    const tree = { feature: [0, 0, 0], threshold: [0.1, 0, 0], left: [1, -1, -1], right: [2, -1, -1], rows: [8, 1, 7] }
    const forest = assembleForest([tree], 1, 8)
    const [atThreshold, below] = scoreForest(forest, [Float64Array.of(0.1, 0.05)])
    expect(below).toBeGreaterThan(atThreshold)
    const cast = assembleForest([{ ...tree, threshold: [Math.fround(0.1), 0, 0] }], 1, 8)
    expect(scoreForest(cast, [Float64Array.of(0.1)])[0]).toBe(below)
  })
})

describe('a fitted forest', () => {
  const columns = makeColumns(600, 3, 1)
  columns[0][42] = 9
  columns[1][42] = -7
  columns[2][300] = 2.9
  const scores = scoreForest(fitForest(columns, { seed: 4 }), columns)

  test('ranks the planted row first, within 0 to 1', () => {
    expect(scores.indexOf(Math.max(...scores))).toBe(42)
    expect(scores[42]).toBeGreaterThan(0.7)
    for (const score of scores) expect(score > 0 && score <= 1).toBe(true)
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeLessThan(0.5)
  })

  test('is the same for the same seed, another one for another seed', () => {
    expect(scoreForest(fitForest(columns, { seed: 4 }), columns)).toEqual(scores)
    expect(scoreForest(fitForest(columns, { seed: 5 }), columns)).not.toEqual(scores)
  })

  test('gives equal rows equal scores, and does not write to its input', () => {
    const copy = columns.map((column) => Float64Array.from({ length: 601 }, (_, i) => column[i < 600 ? i : 42]))
    const again = scoreForest(fitForest(columns, { seed: 4 }), copy)
    expect(again[600]).toBe(again[42])
    expect(Array.from(copy[0].subarray(0, 600))).toEqual(Array.from(columns[0]))
  })

  test('keeps the depth limit, and every leaf is reached by the rows it counts', () => {
    const forest = fitForest(columns, { trees: 20, sampleSize: 100, seed: 9 })
    expect(forest.sampleSize).toBe(100)
    expect(Math.max(...forest.depths)).toBeLessThanOrEqual(7)
    for (let node = 0; node < forest.feature.length; node++) {
      const isLeaf = forest.left[node] === node
      expect(forest.pathLength[node] > 0).toBe(isLeaf)
    }
  })

  test('samples without replacement: of two rows, every tree sees both', () => {
    const forest = fitForest([Float64Array.of(1, 2)], { trees: 50, sampleSize: 2, seed: 2 })
    expect(forest.feature.length).toBe(50 * 3)
  })
})

describe('edge cases', () => {
  test('a constant column never cuts, and only constant columns give 0.5 everywhere or the same score', () => {
    const [varying] = makeColumns(300, 1, 3)
    const constant = new Float64Array(300).fill(7)
    const forest = fitForest([constant, varying], { trees: 30, seed: 1 })
    for (let node = 0; node < forest.feature.length; node++) {
      if (forest.left[node] !== node) expect(forest.feature[node]).toBe(1)
    }
    const flat = scoreForest(fitForest([constant, constant], { seed: 1 }), [constant, constant])
    expect(new Set(flat).size).toBe(1)
  })

  test('one row or none says nothing: 0.5', () => {
    const one = [Float64Array.of(1), Float64Array.of(2)]
    expect(scoreForest(fitForest(one, { seed: 1 }), one)).toEqual(Float64Array.of(0.5))
    const none = [new Float64Array(), new Float64Array()]
    const forest = fitForest(none, { seed: 1 })
    expect(scoreForest(forest, none)).toEqual(new Float64Array())
    expect(scoreForest(forest, one)).toEqual(Float64Array.of(0.5))
  })

  test('an unknown value neither isolates a row nor hides one', () => {
    const columns = makeColumns(400, 2, 8)
    columns[0][10] = Number.NaN
    columns[0][20] = Number.NaN
    columns[1][20] = 12
    const scores = scoreForest(fitForest(columns, { seed: 3 }), columns)
    expect(scores[10]).toBeLessThan(0.6)
    expect(scores.indexOf(Math.max(...scores))).toBe(20)
    const unknown = [new Float64Array(50).fill(Number.NaN)]
    expect(new Set(scoreForest(fitForest(unknown, { seed: 3 }), unknown)).size).toBe(1)
  })

  test('values beyond float32 count as its largest', () => {
    const column = Float64Array.from({ length: 100 }, (_, i) => i % 7)
    column[3] = 1e300
    column[4] = Number.NEGATIVE_INFINITY
    const scores = scoreForest(fitForest([column], { seed: 1 }), [column])
    const [second, first] = Array.from(scores)
      .sort((a, b) => a - b)
      .slice(-2)
    expect(new Set([scores[3], scores[4]])).toEqual(new Set([first, second]))
  })

  test('refuses what it cannot use', () => {
    const [a, b] = makeColumns(10, 2, 1)
    expect(() => fitForest([], { seed: 1 })).toThrow("'columns' must hold at least one column, got 0")
    expect(() => fitForest([a, b.slice(1)], { seed: 1 })).toThrow(
      "'columns' must be of one length (10), got 9 in column 1",
    )
    expect(() => fitForest([a], { seed: 1, trees: 0 })).toThrow("'trees' must be a whole number of at least 1, got 0")
    expect(() => scoreForest(fitForest([a, b], { seed: 1 }), [a])).toThrow("'columns' must be the 2")
  })
})

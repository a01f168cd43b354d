import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { buildRanks, rankColumn, rankOf, readFloat32 } from './forest-ranks.ts'
import { sumPathLengths } from './forest-walk.ts'
import { fitForest } from './isolation-forest.ts'
import type { Forest } from './isolation-tree.ts'

/** What the fast walk must equal: one row, one tree, one cut after the other. */
function walkPlainly(forest: Forest, row: readonly number[]): number {
  return forest.roots.reduce((sum, root) => {
    let node = root
    while (forest.left[node] !== node) {
      const value = readFloat32(row[forest.feature[node]])
      const isRight = Number.isNaN(value) ? forest.isUnknownRight[node] === 1 : value > forest.threshold[node]
      node = forest.left[node] + (isRight ? 1 : 0)
    }
    return sum + forest.pathLength[node]
  }, 0)
}

/** Values as logs have them and as nobody hopes for: smooth, tied, unknown, infinite, of many sizes. */
function makeColumn(rows: number, kind: number, random: () => number): Float64Array {
  return Float64Array.from({ length: rows }, () => {
    const u = random()
    if (kind === 0) return u + random() + random()
    if (kind === 1) return Math.floor(u * 4)
    if (kind === 2) return u < 0.2 ? Number.NaN : random() * 1e3
    if (kind === 3) return [1e300, Number.NEGATIVE_INFINITY, Number.NaN, 0, -0, 5e-324][Math.floor(u * 6)]
    return (u - 0.5) ** 9 * 10 ** Math.floor(random() * 60 - 30)
  })
}

describe('path lengths', () => {
  test.each([0, 1, 5, 6, 7, 239, 240, 241, 1000])('of %p rows equal the plain walk, to the bit', (rows) => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = createRandom(1000 * rows + seed)
      const width = 1 + Math.floor(random() * 6)
      const columns = Array.from({ length: width }, (_, i) => makeColumn(rows, (seed + i) % 5, random))
      const training = columns.map((_, i) => makeColumn(300, (seed + i) % 5, random))
      const forest = fitForest(training, { seed, trees: 20, sampleSize: 1 + Math.floor(random() * 300) })
      const expected = Float64Array.from({ length: rows }, (_, row) =>
        walkPlainly(
          forest,
          columns.map((column) => column[row]),
        ),
      )
      expect(sumPathLengths(forest, columns)).toEqual(expected)
    }
  })

  test('do not depend on the rows beside', () => {
    const random = createRandom(3)
    const columns = [0, 1, 2].map((kind) => makeColumn(700, kind, random))
    const forest = fitForest(columns, { seed: 1 })
    const all = sumPathLengths(forest, columns)
    for (const [from, to] of [
      [0, 1],
      [3, 260],
      [239, 242],
      [699, 700],
    ]) {
      const part = columns.map((column) => column.subarray(from, to))
      expect(sumPathLengths(forest, part)).toEqual(all.slice(from, to))
    }
  })
})

describe('ranks', () => {
  test('order values as the thresholds do', () => {
    const random = createRandom(5)
    for (let round = 0; round < 200; round++) {
      const kind = Math.floor(random() * 5)
      const thresholds = makeColumn(Math.floor(random() * 60), kind, random).filter((value) => Number.isFinite(value))
      const ranks = buildRanks(thresholds)
      const values = Float64Array.from([...makeColumn(40, kind, random), ...thresholds])
      const ranked = new Int32Array(2 * values.length)
      rankColumn(ranks, values, ranked, 0, values.length)
      for (const [row, value] of values.entries()) {
        for (const threshold of thresholds) {
          const own = rankOf(ranks, threshold)
          const isUnknown = Number.isNaN(value)
          expect(ranked[row] > own).toBe(readFloat32(value) > threshold)
          expect(ranked[values.length + row] > own).toBe(isUnknown || readFloat32(value) > threshold)
        }
      }
    }
  })

  test('of one threshold, of none, and of thresholds further apart than a number reaches', () => {
    expect(buildRanks(new Float64Array()).thresholds.length).toBe(0)
    expect(rankOf(buildRanks(new Float64Array()), 3)).toBe(0)
    const one = buildRanks(Float64Array.of(2, 2))
    expect([1, 2, 3].map((value) => rankOf(one, value))).toEqual([0, 0, 1])
    const far = buildRanks(Float64Array.of(1.7e308, 0, -1.7e308))
    expect([Number.NEGATIVE_INFINITY, -1, 0, 1, 1.7e308, Number.POSITIVE_INFINITY].map((v) => rankOf(far, v))).toEqual([
      0, 1, 1, 2, 2, 3,
    ])
  })
})

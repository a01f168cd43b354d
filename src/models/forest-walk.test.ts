import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { orderThresholds, rankOf, readFloat32 } from './forest-ranks.ts'
import { sumPathLengths } from './forest-walk.ts'
import { assembleForest, fitForest } from './isolation-forest.ts'
import type { Forest, IsolationTree } from './isolation-tree.ts'

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

/** A tree that cuts off the lowest values one after the other, by turns in two columns. */
function growChain(cuts: number): IsolationTree {
  const length = 2 * cuts + 1
  const isCut = (node: number) => node % 2 === 0 && node < 2 * cuts
  const numbers = (value: (node: number) => number) => Array.from({ length }, (_, node) => value(node))
  return {
    feature: numbers((node) => (isCut(node) ? (node / 2) % 2 : 0)),
    threshold: numbers((node) => (isCut(node) ? node / 2 : 0)),
    left: numbers((node) => (isCut(node) ? node + 1 : -1)),
    right: numbers((node) => (isCut(node) ? node + 2 : -1)),
    rows: numbers((node) => 1 + cuts - Math.floor(node / 2)),
  }
}

describe('path lengths', () => {
  test.each([0, 1, 7, 8, 9, 255, 256, 257, 1000])('of %p rows equal the plain walk, to the bit', (rows) => {
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
      [255, 258],
      [699, 700],
    ]) {
      const part = columns.map((column) => column.subarray(from, to))
      expect(sumPathLengths(forest, part)).toEqual(all.slice(from, to))
    }
  })
})

test('of trees that are one leaf, or deeper than any that is fitted here', () => {
  const random = createRandom(9)
  const rows = 400
  const columns = [0, 1].map(() => Float64Array.from({ length: rows }, () => Math.floor(random() * 60)))
  const leaf = { feature: [0], threshold: [0], left: [-1], right: [-1], rows: [1] }
  const forest = assembleForest([leaf, growChain(50), leaf, growChain(7)], 2, 256)
  const expected = Array.from({ length: rows }, (_, row) =>
    walkPlainly(
      forest,
      columns.map((column) => column[row]),
    ),
  )
  expect(Array.from(sumPathLengths(forest, columns))).toEqual(expected)
})

describe('ranks', () => {
  test('order values as the thresholds do', () => {
    const random = createRandom(5)
    for (let round = 0; round < 200; round++) {
      const kind = Math.floor(random() * 5)
      const thresholds = makeColumn(Math.floor(random() * 60), kind, random).filter((value) => Number.isFinite(value))
      const ordered = orderThresholds(thresholds)
      for (const value of [...makeColumn(40, kind, random), ...thresholds]) {
        for (const threshold of thresholds) {
          expect(rankOf(ordered, value) > rankOf(ordered, threshold)).toBe(value > threshold)
        }
      }
    }
  })

  test('of one threshold, of none, and of more than a power of two', () => {
    expect(orderThresholds(new Float64Array())).toEqual(Float64Array.of(Number.POSITIVE_INFINITY))
    const one = orderThresholds(Float64Array.of(2, 2))
    expect(one).toEqual(Float64Array.of(2))
    expect([1, 2, 3].map((value) => rankOf(one, value))).toEqual([0, 0, 1])
    expect(orderThresholds(Float64Array.from({ length: 8 }, (_, i) => -i))).toHaveLength(15)
  })
})

/** Isolation Forest: the fewer random cuts it takes to isolate a row, the more anomalous it is. */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { createRandom, type Random } from '../math/random.ts'
import { countRows } from './columns.ts'
import { growTree, type IsolationTree } from './isolation-tree.ts'

/** A fitted forest: the nodes of all trees in one set of flat arrays. A leaf points to itself on both sides. */
export interface Forest {
  /** Columns that it was fitted on. */
  readonly features: number
  /** Training rows of each tree. */
  readonly sampleSize: number
  /** First node of each tree. */
  readonly roots: Int32Array
  /** Longest path from each root to a leaf, in cuts. */
  readonly depths: Int32Array
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** The side that more training rows went to: an unknown value follows them. */
  readonly larger: Int32Array
  /** At a leaf: cuts from the root plus `averagePathLength(rows)`; else 0. */
  readonly pathLength: Float64Array
}

const EULER = 0.5772156649015329
const LARGEST_FLOAT32 = 3.4028234663852886e38

/**
 * c(n): mean path length of an unsuccessful search in a binary search tree of n rows.
 *
 * @see Liu, Ting, Zhou 2008, eq. 1, with H(i) ≈ ln(i) + Euler's constant
 */
export function averagePathLength(rows: number): number {
  if (rows <= 1) return 0
  if (rows === 2) return 1
  return 2 * (ln(rows - 1) + EULER) - (2 * (rows - 1)) / rows
}

/**
 * Grows an Isolation Forest. Each tree sees its own sample of rows (without replacement) and cuts it at random: a column
 * drawn from those that still vary, a threshold drawn between that column's least and greatest value, until a row is
 * alone or the depth reaches ⌈log2 sampleSize⌉.
 *
 * Values are read as float32, as scikit-learn does (beyond its range they count as its largest). NaN is unknown: it is
 * left out when the threshold is drawn and follows the side that most rows take, here and in `scoreForest`, so that it
 * neither isolates a row nor hides one.
 *
 * @param columns one array per feature, all of one length; no rows give a forest that scores everything 0.5
 * @param options `trees` ≥ 1; `sampleSize` ≥ 1 rows a tree, cut to the number of rows; `seed` any integer
 * @throws RangeError when columns are missing or differ in length, or an option is out of its range
 * @see Liu, Ting, Zhou: Isolation Forest, ICDM 2008, algorithms 1 and 2
 */
export function fitForest(
  columns: readonly Float64Array[],
  options: { readonly trees?: number; readonly sampleSize?: number; readonly seed: number },
): Forest {
  const { trees = 100, sampleSize = 256, seed } = options
  requireWhole('trees', trees)
  requireWhole('sampleSize', sampleSize)
  const rows = countRows(columns)
  const matrix = interleave(columns, rows)
  const random = createRandom(seed)
  const size = Math.min(sampleSize, rows)
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  const grown: IsolationTree[] = []
  for (let tree = 0; tree < trees; tree++) {
    drawSample(order, size, random)
    grown.push(growTree(matrix, columns.length, order.slice(0, size), random))
  }
  return assembleForest(grown, columns.length, size)
}

/**
 * Joins trees to a forest: those of `fitForest`, or those that another implementation grew.
 *
 * @param features number of columns that a row has
 * @param sampleSize rows that each tree was grown from
 */
export function assembleForest(trees: readonly IsolationTree[], features: number, sampleSize: number): Forest {
  const nodes = trees.reduce((total, tree) => total + tree.feature.length, 0)
  const forest = {
    features,
    sampleSize,
    roots: new Int32Array(trees.length),
    depths: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    larger: new Int32Array(nodes),
    pathLength: new Float64Array(nodes),
  }
  let root = 0
  trees.forEach((tree, index) => {
    forest.roots[index] = root
    const pending = [{ node: 0, depth: 0 }]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, depth } = next
      const at = root + node
      const left = tree.left[node]
      const right = tree.right[node]
      if (left < 0) {
        forest.left[at] = forest.right[at] = forest.larger[at] = at
        forest.pathLength[at] = depth + averagePathLength(tree.rows[node])
        forest.depths[index] = Math.max(forest.depths[index], depth)
        continue
      }
      forest.feature[at] = tree.feature[node]
      forest.threshold[at] = tree.threshold[node]
      forest.left[at] = root + left
      forest.right[at] = root + right
      forest.larger[at] = root + (tree.rows[left] >= tree.rows[right] ? left : right)
      pending.push({ node: left, depth: depth + 1 }, { node: right, depth: depth + 1 })
    }
    root += tree.feature.length
  })
  return forest
}

/**
 * Anomaly score of each row: 2^(−mean path length / c(sampleSize)).
 *
 * @param columns as many as the forest was fitted on, all of one length
 * @returns one score per row, above 0 and at most 1; higher is more anomalous, 0.5 is what random rows get
 * @throws RangeError when the number of columns differs from the forest's, or they differ in length
 * @see Liu, Ting, Zhou 2008, eq. 2
 */
export function scoreForest(forest: Forest, columns: readonly Float64Array[]): Float64Array {
  const rows = countRows(columns)
  if (columns.length !== forest.features) {
    throw new RangeError(
      `'columns' must be the ${forest.features} that the forest was fitted on, got ${columns.length}`,
    )
  }
  const { roots, depths, feature, threshold, left, right, larger, pathLength } = forest
  const matrix = interleave(columns, rows)
  const width = columns.length
  const scores = new Float64Array(rows)
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]
    const depth = depths[tree]
    for (let row = 0, base = 0; row < rows; row++, base += width) {
      let node = root
      for (let cut = 0; cut < depth; cut++) {
        const value = matrix[base + feature[node]]
        const bound = threshold[node]
        const next = value <= bound ? left[node] : value > bound ? right[node] : larger[node]
        if (next === node) break
        node = next
      }
      scores[row] += pathLength[node]
    }
  }
  const scale = roots.length * averagePathLength(forest.sampleSize)
  for (let row = 0; row < rows; row++) scores[row] = scale > 0 ? exp((-scores[row] / scale) * Math.LN2) : 0.5
  return scores
}

/** Moves a fresh random sample to the front of `order` (the first steps of Fisher and Yates' shuffle). */
function drawSample(order: Int32Array, size: number, random: Random): void {
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(random() * (order.length - i))
    const row = order[i]
    order[i] = order[j]
    order[j] = row
  }
}

/** The table row by row in float32: a row's values lie side by side for the walk down a tree. */
function interleave(columns: readonly Float64Array[], rows: number): Float32Array {
  const width = columns.length
  const matrix = new Float32Array(rows * width)
  columns.forEach((column, index) => {
    for (let row = 0; row < rows; row++) {
      const value = column[row]
      matrix[row * width + index] = value > LARGEST_FLOAT32 ? LARGEST_FLOAT32 : Math.max(value, -LARGEST_FLOAT32)
    }
  })
  return matrix
}

function requireWhole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`'${name}' must be a whole number of at least 1, got ${value}`)
}

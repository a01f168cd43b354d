/** Isolation Forest: the fewer random cuts it takes to isolate a row, the more anomalous it is. */
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'
import { createRandom, type Random } from '../math/random.ts'
import { countRows } from './columns.ts'
import { readFloat32 } from './forest-ranks.ts'
import { sumPathLengths } from './forest-walk.ts'
import { type Forest, growTree, type IsolationTree } from './isolation-tree.ts'

const EULER = 0.5772156649015329

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
  const random = createRandom(seed)
  const size = Math.min(sampleSize, rows)
  const order = new Int32Array(rows).map((_, row) => row)
  // Of a large table only the samples are read; a small one is read once, for its rows are drawn again and again.
  const whole = rows <= trees * size ? readRows(columns, order) : null
  const grown: IsolationTree[] = []
  for (let tree = 0; tree < trees; tree++) {
    drawSample(order, size, random)
    const sample = order.slice(0, size)
    const matrix = whole ?? readRows(columns, sample)
    grown.push(growTree(matrix, columns.length, whole === null ? sample.map((_, i) => i) : sample, random))
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
    isUnknownRight: new Uint8Array(nodes),
    pathLength: new Float64Array(nodes),
  }
  let root = 0
  for (const [index, tree] of trees.entries()) {
    forest.roots[index] = root
    // Breadth first, so that a node's two successors lie side by side: at `root + i` comes the tree's node `order[i]`.
    const order = new Int32Array(tree.feature.length)
    const depths = new Int32Array(tree.feature.length)
    let known = 1
    for (let at = root; at < root + order.length; at++) {
      const node = order[at - root]
      const depth = depths[at - root]
      const left = tree.left[node]
      const right = tree.right[node]
      forest.depths[index] = depth
      if (left < 0) {
        forest.left[at] = at
        forest.pathLength[at] = depth + averagePathLength(tree.rows[node])
        continue
      }
      forest.feature[at] = tree.feature[node]
      forest.threshold[at] = tree.threshold[node]
      forest.left[at] = root + known
      forest.isUnknownRight[at] = tree.rows[left] >= tree.rows[right] ? 0 : 1
      depths.fill(depth + 1, known, known + 2)
      order[known++] = left
      order[known++] = right
    }
    root += order.length
  }
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
export function scoreForest(forest: Forest, columns: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const rows = countRows(columns)
  if (columns.length !== forest.features) {
    throw new RangeError(
      `'columns' must be the ${forest.features} that the forest was fitted on, got ${columns.length}`,
    )
  }
  const scale = forest.roots.length * averagePathLength(forest.sampleSize)
  if (!(scale > 0)) return new Float64Array(rows).fill(0.5)
  return sumPathLengths(forest, columns).map((sum) => exp((-sum / scale) * Math.LN2))
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

/** Some of the rows in float32, row by row: a row's values lie side by side. */
function readRows(columns: readonly Float64Array[], rows: Int32Array): Float32Array {
  const width = columns.length
  const matrix = new Float32Array(rows.length * width)
  columns.forEach((column, index) => {
    for (let i = 0; i < rows.length; i++) matrix[i * width + index] = readFloat32(column[rows[i]])
  })
  return matrix
}

function requireWhole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`'${name}' must be a whole number of at least 1, got ${value}`)
}

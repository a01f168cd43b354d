/** A tree of random cuts, the part that an Isolation Forest is made of. */
import type { Random } from '../math/random.ts'

/** One tree, node by node; node 0 is the root. The arrays are scikit-learn's, so that its trees can be read in. */
export interface IsolationTree {
  /** Column that the node cuts; unused at a leaf. */
  readonly feature: ArrayLike<number>
  /** `value <= threshold` goes left. */
  readonly threshold: ArrayLike<number>
  /** Node on the left, −1 at a leaf. */
  readonly left: ArrayLike<number>
  /** Node on the right, −1 at a leaf. */
  readonly right: ArrayLike<number>
  /** Training rows that reached the node. */
  readonly rows: ArrayLike<number>
}

/**
 * A fitted forest: the nodes of all trees in one set of flat arrays, tree by tree. A node that cuts has its right
 * successor at `left + 1`; a leaf leads to itself.
 */
export interface Forest {
  /** Columns that it was fitted on. */
  readonly features: number
  /** Training rows of each tree. */
  readonly sampleSize: number
  /** First node of each tree. */
  readonly roots: Int32Array
  /** Longest path from each root to a leaf, in cuts. */
  readonly depths: Int32Array
  /** Column that the node cuts; 0 at a leaf. */
  readonly feature: Int32Array
  /** `value <= threshold` goes left; 0 at a leaf. */
  readonly threshold: Float64Array
  readonly left: Int32Array
  /** 1 where more training rows went right: an unknown value follows them. */
  readonly isUnknownRight: Uint8Array
  /** At a leaf: cuts from the root plus `averagePathLength(rows)`; else 0. */
  readonly pathLength: Float64Array
}

/**
 * Grows one tree, depth first, left side first, until a row is alone or the depth is ⌈log2 rows⌉.
 *
 * @param matrix a table in float32, row by row
 * @param width columns
 * @param sample rows to grow from; reordered in place, for each node holds a stretch of it
 * @see Liu, Ting, Zhou: Isolation Forest, ICDM 2008, algorithm 2
 */
export function growTree(matrix: Float32Array, width: number, sample: Int32Array, random: Random): IsolationTree {
  const limit = sample.length <= 1 ? 0 : 32 - Math.clz32(sample.length - 1)
  const most = Math.max(1, 2 * sample.length - 1)
  const feature = new Int32Array(most)
  const threshold = new Float64Array(most)
  const left = new Int32Array(most).fill(-1)
  const right = new Int32Array(most).fill(-1)
  const rows = new Int32Array(most)
  const candidates = new Int32Array(width)
  const spare = { right: new Int32Array(sample.length), unknown: new Int32Array(sample.length) }
  let count = 0

  const grow = (start: number, end: number, depth: number): number => {
    const node = count++
    rows[node] = end - start
    if (end - start <= 1 || depth >= limit) return node
    // A column without variation cannot cut; draw until one varies, as scikit-learn does.
    for (let i = 0; i < width; i++) candidates[i] = i
    for (let remaining = width; remaining > 0; remaining--) {
      const drawn = Math.floor(random() * remaining)
      const column = candidates[drawn]
      candidates[drawn] = candidates[remaining - 1]
      let least = Number.POSITIVE_INFINITY
      let greatest = Number.NEGATIVE_INFINITY
      for (let i = start; i < end; i++) {
        const value = matrix[sample[i] * width + column]
        if (value < least) least = value
        if (value > greatest) greatest = value
      }
      if (!(least < greatest)) continue
      let bound = least + random() * (greatest - least)
      if (bound >= greatest) bound = least
      const middle = partition(matrix, width, sample, { start, end, column, bound }, spare)
      feature[node] = column
      threshold[node] = bound
      left[node] = grow(start, middle, depth + 1)
      right[node] = grow(middle, end, depth + 1)
      break
    }
    return node
  }

  grow(0, sample.length, 0)
  const kept = <T extends Int32Array | Float64Array>(array: T) => array.subarray(0, count)
  return {
    feature: kept(feature),
    threshold: kept(threshold),
    left: kept(left),
    right: kept(right),
    rows: kept(rows),
  }
}

/** Sorts a stretch of the sample into left and right rows, the unknown ones to the larger side; returns the border. */
function partition(
  matrix: Float32Array,
  width: number,
  sample: Int32Array,
  cut: { readonly start: number; readonly end: number; readonly column: number; readonly bound: number },
  spare: { readonly right: Int32Array; readonly unknown: Int32Array },
): number {
  const { start, end, column, bound } = cut
  const { right, unknown } = spare
  let middle = start
  let rights = 0
  let unknowns = 0
  for (let i = start; i < end; i++) {
    const row = sample[i]
    const value = matrix[row * width + column]
    // What goes left moves to a place that was read already.
    if (value <= bound) sample[middle++] = row
    else if (value > bound) right[rights++] = row
    else unknown[unknowns++] = row
  }
  const isUnknownLeft = middle - start >= rights
  for (let i = 0; i < unknowns; i++) sample[middle + i] = unknown[i]
  for (let i = 0; i < rights; i++) sample[end - rights + i] = right[i]
  return isUnknownLeft ? middle + unknowns : middle
}

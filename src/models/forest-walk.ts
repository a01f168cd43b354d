/** How long the paths of rows through a forest are: the part of scoring that takes the time. */
import { KERNEL_ROWS, type Kernel, startKernel } from './forest-kernel.ts'
import { orderThresholds, rankOf } from './forest-ranks.ts'
import type { Forest } from './isolation-tree.ts'

/** Rows that go through all trees together: their ranks stay in the processor's first cache. */
const BLOCK = 256
/** A leaf's rank: no row has a greater one, so that it stays where it is. */
const LEAF_RANK = 2 ** 31 - 1
/** Whole numbers in a node and in a tree, as the kernel reads them. */
const NODE_SIZE = 4
const TREE_SIZE = 2

/** A forest in the kernel's memory, and room for a block of rows beside it. Numbers are addresses in bytes. */
interface Walk {
  readonly kernel: Kernel
  /** Of each column: where its thresholds are, and half of what they take. */
  readonly thresholds: readonly { readonly at: number; readonly half: number }[]
  readonly trees: number
  readonly treesEnd: number
  readonly pathLengths: number
  readonly ranks: number
  readonly values: Float64Array
  readonly sums: Float64Array
}

/**
 * Sum of the path lengths of each row over all trees.
 *
 * The trees are summed in their order for each row alone, so that a row's sum is the same, to the bit, whatever rows are
 * computed with it.
 *
 * @param columns as many as the forest was fitted on, all of one length
 */
export function sumPathLengths(forest: Forest, columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0].length
  const result = new Float64Array(rows)
  if (rows === 0) return result
  const walk = prepareWalk(forest)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK)
    // What lies behind a short block is of an earlier one, or anything: it is computed and left out.
    const computed = Math.ceil((end - start) / KERNEL_ROWS) * KERNEL_ROWS
    for (const [index, column] of columns.entries()) {
      rankBlock(walk, column.subarray(start, end), index, columns.length, computed)
    }
    const sums = walk.sums.subarray(0, computed).fill(0)
    walk.kernel.walk(walk.trees, walk.treesEnd, walk.pathLengths, walk.ranks, sums.byteOffset, computed)
    result.set(sums.subarray(0, end - start), start)
  }
  return result
}

/** Writes a column's ranks twice over, for unknown values lie left of some nodes' thresholds and right of others'. */
function rankBlock(walk: Walk, column: Float64Array, index: number, columns: number, computed: number): void {
  const { values, ranks, kernel, thresholds } = walk
  const { at, half } = thresholds[index]
  values.set(column)
  const from = values.byteOffset
  kernel.rank(from, from + 8 * computed, at, half, ranks + slotOf(index), ranks + slotOf(index + columns))
}

/** Where a block's ranks of a column begin: those of unknown values that go right follow behind all columns. */
function slotOf(column: number): number {
  return column * BLOCK * Int32Array.BYTES_PER_ELEMENT
}

function prepareWalk(forest: Forest): Walk {
  const { features, feature, threshold, left, roots, depths, isUnknownRight, pathLength } = forest
  const given: number[][] = Array.from({ length: features }, () => [])
  for (let node = 0; node < left.length; node++) {
    if (left[node] !== node) given[feature[node]].push(threshold[node])
  }
  const ordered = given.map((own) => orderThresholds(Float64Array.from(own)))

  let end = 0
  const reserve = (bytes: number) => {
    const start = end
    end += Math.ceil(bytes / 8) * 8
    return start
  }
  const nodeBytes = NODE_SIZE * Int32Array.BYTES_PER_ELEMENT
  // The kernel finds a node's path length by its address: nodes begin at 0.
  const nodesAt = reserve(left.length * nodeBytes)
  const pathLengths = reserve(pathLength.byteLength)
  const trees = reserve(roots.length * TREE_SIZE * Int32Array.BYTES_PER_ELEMENT)
  const thresholds = ordered.map((own) => ({ at: reserve(own.byteLength), half: 4 * (own.length + 1) }))
  const ranks = reserve(slotOf(2 * features))
  const valuesAt = reserve(8 * BLOCK)
  const sumsAt = reserve(8 * BLOCK)
  const { kernel, memory } = startKernel(end)

  const nodes = new Int32Array(memory, nodesAt, left.length * NODE_SIZE)
  for (let node = 0; node < left.length; node++) {
    const isLeaf = left[node] === node
    const column = feature[node]
    nodes[node * NODE_SIZE] = isLeaf ? LEAF_RANK : rankOf(ordered[column], threshold[node])
    nodes[node * NODE_SIZE + 1] = slotOf(isUnknownRight[node] === 1 ? column + features : column)
    nodes[node * NODE_SIZE + 2] = left[node] * nodeBytes
  }
  new Float64Array(memory, pathLengths, pathLength.length).set(pathLength)
  const heads = new Int32Array(memory, trees, roots.length * TREE_SIZE)
  for (let tree = 0; tree < roots.length; tree++) heads.set([roots[tree] * nodeBytes, depths[tree]], tree * TREE_SIZE)
  for (const [column, own] of ordered.entries()) new Float64Array(memory, thresholds[column].at, own.length).set(own)
  return {
    kernel,
    thresholds,
    trees,
    treesEnd: trees + heads.byteLength,
    pathLengths,
    ranks,
    values: new Float64Array(memory, valuesAt, BLOCK),
    sums: new Float64Array(memory, sumsAt, BLOCK),
  }
}

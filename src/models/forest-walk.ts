/** How long the paths of rows through a forest are: the part of scoring that takes the time. */
import { buildRanks, type Ranks, rankColumn, rankOf } from './forest-ranks.ts'
import type { Forest } from './isolation-tree.ts'

/** Rows that go through all trees together: their ranks and the tree of the moment stay in the processor's first cache. */
const BLOCK = 240
/** Rows whose steps are computed side by side, so that one waits for memory while the others go on. Divides `BLOCK`. */
const LANES = 6
/** A leaf's rank, above that of every value: the row stays where it is. */
const LEAF_RANK = 2 ** 30

/** A forest made ready for walking: nodes as whole numbers. */
interface Walk {
  readonly forest: Forest
  /** Of each column. */
  readonly ranks: readonly Ranks[]
  /** Where a block keeps the ranks that a node compares. */
  readonly slot: Int32Array
  /** A row whose rank is above this goes right. */
  readonly rank: Int32Array
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
  const walk = prepareWalk(forest)
  const sums = new Float64Array(Math.ceil(rows / LANES) * LANES)
  const ranked = new Int32Array(2 * columns.length * BLOCK)
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK)
    columns.forEach((column, index) => {
      const low = index * BLOCK
      rankColumn(walk.ranks[index], column.subarray(start, end), ranked, low, low + columns.length * BLOCK)
    })
    // The last lanes may hold ranks of no row or of an earlier one: they are computed and left out.
    addPathLengths(walk, ranked, sums.subarray(start, start + Math.ceil((end - start) / LANES) * LANES))
  }
  return sums.subarray(0, rows)
}

function prepareWalk(forest: Forest): Walk {
  const { features, feature, threshold, left, isUnknownRight } = forest
  const thresholds: number[][] = Array.from({ length: features }, () => [])
  for (let node = 0; node < left.length; node++) {
    if (left[node] !== node) thresholds[feature[node]].push(threshold[node])
  }
  const ranks = thresholds.map((given) => buildRanks(Float64Array.from(given)))
  const slot = new Int32Array(left.length)
  const rank = new Int32Array(left.length).fill(LEAF_RANK)
  for (let node = 0; node < left.length; node++) {
    if (left[node] === node) continue
    const column = feature[node]
    slot[node] = (column + (isUnknownRight[node] === 1 ? features : 0)) * BLOCK
    rank[node] = rankOf(ranks[column], threshold[node])
  }
  return { forest, ranks, slot, rank }
}

/**
 * Adds each row's path length in every tree. A step is
 *
 *     node = left[node] + (row's rank > node's rank ? 1 : 0)
 *
 * and every row takes as many as the tree is deep, for a leaf leads to itself: no branch that a processor could guess
 * wrong. The comparison is the sign of a difference, and `LANES` rows are written out.
 *
 * @param ranked the block's ranks, `BLOCK` to a slot
 * @param sums one per row, a multiple of `LANES`
 */
function addPathLengths({ forest, slot, rank }: Walk, ranked: Int32Array, sums: Float64Array): void {
  const { roots, depths, left, pathLength } = forest
  for (let tree = 0; tree < roots.length; tree++) {
    const root = roots[tree]
    const depth = depths[tree]
    for (let row = 0; row < sums.length; row += LANES) {
      let a = root
      let b = root
      let c = root
      let d = root
      let e = root
      let f = root
      for (let cut = 0; cut < depth; cut++) {
        a = left[a] + ((rank[a] - ranked[slot[a] + row]) >>> 31)
        b = left[b] + ((rank[b] - ranked[slot[b] + row + 1]) >>> 31)
        c = left[c] + ((rank[c] - ranked[slot[c] + row + 2]) >>> 31)
        d = left[d] + ((rank[d] - ranked[slot[d] + row + 3]) >>> 31)
        e = left[e] + ((rank[e] - ranked[slot[e] + row + 4]) >>> 31)
        f = left[f] + ((rank[f] - ranked[slot[f] + row + 5]) >>> 31)
      }
      sums[row] += pathLength[a]
      sums[row + 1] += pathLength[b]
      sums[row + 2] += pathLength[c]
      sums[row + 3] += pathLength[d]
      sums[row + 4] += pathLength[e]
      sums[row + 5] += pathLength[f]
    }
  }
}

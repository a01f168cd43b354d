/** The Isolation Forest in several threads. */
import { type PartScorer, scoreForestInParts } from '../models/forest-parts.ts'
import { scoreForest } from '../models/isolation-forest.ts'
import type { Forest } from '../models/isolation-tree.ts'
import type { WorkerPool } from './workers.ts'

/** Some 50 ms for 100 trees: long beside making the forest ready for it, short beside what is left at the end. */
const PART_ROWS = 50_000
/** A worker takes 0.1 s to start. In that time one thread scores so many parts. */
const FEWEST_PARTS = 2
/** The next part lies ready when a worker is done with one, for this thread may be busy with its own. */
const PARTS_AHEAD = 2

/**
 * Scores rows in this thread, and beside it in the workers of a pool as soon as these have started: the same scores, to
 * the bit, whatever their number. A small table is not worth the start of a worker.
 *
 * @param columns as many as the forest was fitted on, all of one length; those in shared memory are not copied
 * @param partRows rows that a thread scores at once
 * @returns one score per row, above 0 and at most 1; higher is more anomalous
 * @throws RangeError when columns are missing or differ in length; Error when a worker fails
 */
export async function scoreForestInWorkers(
  pool: WorkerPool,
  forest: Forest,
  columns: readonly Float64Array[],
  partRows = PART_ROWS,
): Promise<Float64Array> {
  if (columns.length === 0 || columns[0].length <= FEWEST_PARTS * partRows) return scoreForest(forest, columns)
  const scoreThere: PartScorer = (_, part) => {
    // A view that is sent takes its whole buffer along.
    const sent = part.map((column) => (column.buffer instanceof ArrayBuffer ? column.slice() : column))
    const own = sent.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []))
    return pool.run('scoreForest', { forest, columns: sent }, own)
  }
  const scorers = Array.from({ length: PARTS_AHEAD * pool.count }, () => scoreThere)
  return scoreForestInParts(forest, columns, partRows, [...scorers, scoreHere])
}

const scoreHere: PartScorer = async (forest, part) => {
  const scores = scoreForest(forest, part)
  // The workers' answers are heard only between the parts.
  await new Promise(setImmediate)
  return scores
}

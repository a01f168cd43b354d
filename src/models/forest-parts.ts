/** Scores a table part by part, so that threads can share the work. */
import { countRows } from './columns.ts'
import type { Forest } from './isolation-tree.ts'

/** `scoreForest` of some of the rows, by one that has time for it. */
export type PartScorer = (forest: Forest, columns: Float64Array[]) => Promise<Float64Array>

/**
 * What `scoreForest` returns, to the bit, whatever the parts and whoever scores them: a row's score depends on nothing but
 * the forest and the row.
 *
 * @param columns as many as the forest was fitted on, all of one length
 * @param size rows of a part, at least 1
 * @param scorers at least one; each is given views of the next part's columns as soon as it is done with its last
 * @throws RangeError when columns are missing or differ in length, or `size` is out of its range; what a scorer throws
 */
export async function scoreForestInParts(
  forest: Forest,
  columns: readonly Float64Array[],
  size: number,
  scorers: readonly PartScorer[],
): Promise<Float64Array> {
  const rows = countRows(columns)
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`'size' must be a whole number of at least 1, got ${size}`)
  const scores = new Float64Array(rows)
  let next = 0
  const scoreParts = async (scorePart: PartScorer) => {
    while (next < rows) {
      const start = next
      next += size
      const part = columns.map((column) => column.subarray(start, start + size))
      try {
        scores.set(await scorePart(forest, part), start)
      } catch (error) {
        // The others need not go on.
        next = rows
        throw error
      }
    }
  }
  await Promise.all(scorers.map(scoreParts))
  return scores
}

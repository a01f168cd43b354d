/** Scores a table part by part, so that threads can share the work. */
import { countRows } from './columns.ts'
import type { Forest } from './isolation-tree.ts'

/** `scoreForest` of some of the rows, by whoever has time for it. */
type PartScorer = (forest: Forest, columns: Float64Array[]) => Promise<Float64Array>

/**
 * What `scoreForest` returns, to the bit, whatever the number of parts: a row's score depends on nothing but the forest
 * and the row.
 *
 * @param columns as many as the forest was fitted on, all of one length
 * @param parts at least 1: stretches of rows that are scored at the same time
 * @param scorePart is given views of the columns, not copies
 * @throws RangeError when columns are missing or differ in length, or `parts` is out of its range; what `scorePart` throws
 */
export async function scoreForestInParts(
  forest: Forest,
  columns: readonly Float64Array[],
  parts: number,
  scorePart: PartScorer,
): Promise<Float64Array> {
  const rows = countRows(columns)
  if (!Number.isInteger(parts) || parts < 1)
    throw new RangeError(`'parts' must be a whole number of at least 1, got ${parts}`)
  const scores = new Float64Array(rows)
  const size = Math.max(1, Math.ceil(rows / parts))
  const starts = Array.from({ length: Math.ceil(rows / size) }, (_, part) => part * size)
  await Promise.all(
    starts.map(async (start) => {
      const part = columns.map((column) => column.subarray(start, start + size))
      scores.set(await scorePart(forest, part), start)
    }),
  )
  return scores
}

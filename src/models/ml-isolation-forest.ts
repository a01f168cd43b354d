/** The npm package `ml-isolation-forest` in the shape of our own forest, as a second opinion. */
import { IsolationForest } from 'ml-isolation-forest'
import { createRandom } from '../math/random.ts'
import { median } from '../math/stats.ts'
import { countRows } from './columns.ts'

/**
 * Fits and scores in one go. The package grows every tree on *all* rows (the paper samples 256) and uses another
 * normalising constant, so its scores differ from `scoreForest`'s in size, and it is some forty times slower. NaN, which
 * it cannot place, counts as its column's median (0 when nothing is known).
 *
 * @param columns one array per feature, all of one length
 * @param options `trees` ≥ 1; `seed` any integer
 * @returns one score per row, 0..1, higher is more anomalous; 0.5 for fewer than two rows. Rounded to float32, for the
 *   package calls Math.log, whose last bit differs between engines
 * @throws RangeError when columns are missing or differ in length, or `trees` is out of its range
 */
export function scoreWithMlIsolationForest(
  columns: readonly Float64Array[],
  options: { readonly trees?: number; readonly seed: number },
): Float64Array {
  const { trees = 100, seed } = options
  if (!Number.isInteger(trees) || trees < 1) {
    throw new RangeError(`'trees' must be a whole number of at least 1, got ${trees}`)
  }
  const rows = countRows(columns)
  if (rows < 2) return new Float64Array(rows).fill(0.5)

  const known = columns.map((column) => {
    const middle = median(column)
    const substitute = Number.isNaN(middle) ? 0 : middle
    return column.map((value) => (Number.isNaN(value) ? substitute : value))
  })
  const table = Array.from({ length: rows }, (_, row) => known.map((column) => column[row]))
  return Float64Array.from(
    withSeededChance(seed, () => trainAndPredict(table, trees)),
    Math.fround,
  )
}

function trainAndPredict(table: readonly (readonly number[])[], trees: number): number[] {
  const forest = new IsolationForest({ nEstimators: trees })
  forest.train(table)
  return forest.predict(table)
}

/** The package knows no seed: its chance is replaced while it runs, and nothing else can run meanwhile. */
function withSeededChance<T>(seed: number, compute: () => T): T {
  const chance = Math.random
  Math.random = createRandom(seed)
  try {
    return compute()
  } finally {
    Math.random = chance
  }
}

/** The forest's threads, in Bun from the sources; the built action's tests see workers in Node. */
import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { fitForest, scoreForest } from '../models/isolation-forest.ts'
import { scoreForestInWorkers } from './forest-workers.ts'
import { startWorkers } from './workers.ts'

const ROWS = 3_001
const PART_ROWS = 128
const random = createRandom(11)
const columns = Array.from({ length: 5 }, () =>
  Float64Array.from({ length: ROWS }, () => (random() < 0.01 ? Number.NaN : random() + random())),
)
const shared = columns.map((column) => {
  const copy = new Float64Array(new SharedArrayBuffer(column.byteLength))
  copy.set(column)
  return copy
})
const forest = fitForest(columns, { seed: 7 })
const scores = scoreForest(forest, columns)

describe('scores', () => {
  test.each([0, 1, 2, 3])('by %p workers are those of one thread, to the bit', async (count) => {
    const pool = startWorkers(count)
    try {
      expect(await scoreForestInWorkers(pool, forest, columns, PART_ROWS)).toEqual(scores)
      expect(await scoreForestInWorkers(pool, forest, shared, PART_ROWS)).toEqual(scores)
      const few = columns.map((column) => column.subarray(10, 13))
      expect(await scoreForestInWorkers(pool, forest, few)).toEqual(scores.slice(10, 13))
      const none = columns.map((column) => column.subarray(0, 0))
      expect(await scoreForestInWorkers(pool, forest, none)).toEqual(new Float64Array())
    } finally {
      await pool.close()
    }
    expect(columns[0].length).toBe(ROWS)
  })

  test('say what is wrong with the columns', async () => {
    const pool = startWorkers(1)
    try {
      await expect(scoreForestInWorkers(pool, forest, [])).rejects.toThrow("'columns' must hold at least one column")
      for (const partRows of [PART_ROWS, ROWS]) {
        const scored = scoreForestInWorkers(pool, forest, columns.slice(1), partRows)
        await expect(scored).rejects.toThrow("'columns' must be the 5")
      }
    } finally {
      await pool.close()
    }
  })
})

/** Threads, in Bun from the sources; the built action's tests see them in Node. */
import { describe, expect, test } from 'bun:test'
import { startWorkers } from './workers.ts'

describe('a pool', () => {
  test.each([0, 1, 2, 4])('of %p workers gives the same answers, in the order asked for', async (count) => {
    const pool = startWorkers(count)
    try {
      const tasks = Array.from({ length: 9 }, (_, i) => pool.run('sum', { values: Float64Array.of(i, 0.5) }))
      expect(await Promise.all(tasks)).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5])
    } finally {
      await pool.close()
    }
  })

  test.each([0, 2])('of %p workers shares memory and takes buffers over', async (count) => {
    const pool = startWorkers(count)
    try {
      const shared = new Float64Array(new SharedArrayBuffer(16))
      shared.set([1, 2])
      const own = Float64Array.of(3, 4)
      expect(await pool.run('sum', { values: shared })).toBe(3)
      expect(await pool.run('sum', { values: own }, [own.buffer])).toBe(7)
      if (count > 0) expect(own.length).toBe(0)
    } finally {
      await pool.close()
    }
  })

  test.each([0, 2])('of %p workers tells the fault of a task, and goes on', async (count) => {
    const pool = startWorkers(count)
    try {
      // @ts-expect-error what the task needs is left out
      await expect(pool.run('sum', {})).rejects.toThrow(/undefined/)
      expect(await pool.run('sum', { values: Float64Array.of(1, 2) })).toBe(3)
    } finally {
      await pool.close()
    }
  })

  test('that was closed ends what was under way', async () => {
    const pool = startWorkers(1)
    await pool.run('sum', { values: Float64Array.of(1) })
    await pool.close()
    await expect(pool.run('sum', { values: Float64Array.of(1) })).rejects.toThrow('a worker ended')
  })

  test('that never worked closes without having started anything', async () => {
    await startWorkers(2).close()
  })
})

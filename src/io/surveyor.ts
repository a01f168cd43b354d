import type { Surveyor } from '../detect/share-work.ts'
import type { WorkerPool } from './workers.ts'

/**
 * From so many slices × windows on the surveys take longer than workers take to start and to get up to speed (about a
 * second in both engines): in smaller logs they would only be in each other's way.
 */
const LEAST_CELLS = 250_000

/**
 * Surveys shares in the workers of a pool.
 *
 * @param leastCells slices × windows below which there is nothing to gain
 */
export function createSurveyor(pool: WorkerPool, leastCells = LEAST_CELLS): Surveyor {
  return async (work) => {
    if (work.slices.length * work.calendar.windows < leastCells) return async () => new Map()
    await pool.start()
    const workers = Math.min(pool.count, work.tasks.length - 1)
    const parts = Promise.allSettled(Array.from({ length: workers }, () => pool.run('surveyShares', work)))
    return async () => new Map((await parts).flatMap((part) => (part.status === 'fulfilled' ? [...part.value] : [])))
  }
}

import type { Surveyor } from '../detect/share-work.ts'
import { countThreads, startWorkers } from './workers.ts'

/** More threads than these find nothing left to take. */
const MOST_SURVEYORS = 3

/** Surveys shares in other threads. */
interface OpenSurveyors {
  readonly survey: Surveyor
  close(): Promise<void>
}

/**
 * Makes surveyors; they start with the first work.
 *
 * @param count how many; by default all threads of the machine but this one, which surveys as well
 */
export function openSurveyors(count = Math.min(MOST_SURVEYORS, countThreads() - 1)): OpenSurveyors {
  const pool = startWorkers(count)
  for (let i = 0; i < count; i++) void pool.run('sum', { values: new Float64Array(1) })
  return {
    async survey(work) {
      const parts = await Promise.allSettled(Array.from({ length: count }, () => pool.run('surveyShares', work)))
      return new Map(parts.flatMap((part) => (part.status === 'fulfilled' ? [...part.value] : [])))
    },
    close: () => pool.close(),
  }
}

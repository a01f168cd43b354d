import type { Surveyor } from '../detect/share-work.ts'
import { keepForLater } from './keep-for-later.ts'
import { countThreads, startWorkers } from './workers.ts'

/** More threads than these find nothing left to take. */
const MOST_SURVEYORS = 3

/** Surveys shares in other threads. */
interface OpenSurveyors {
  readonly survey: Surveyor
  /** When they can begin at once: a thread that is busy starts no others. */
  readonly ready: Promise<unknown>
  close(): Promise<void>
}

/**
 * Makes surveyors, which start at once.
 *
 * @param count how many; by default all threads of the machine but this one, which surveys as well
 */
export function openSurveyors(count = Math.min(MOST_SURVEYORS, countThreads() - 1)): OpenSurveyors {
  const pool = startWorkers(count)
  const ready = count === 0 ? Promise.resolve() : keepForLater(pool.start())
  return {
    ready,
    async survey(work) {
      const parts = await Promise.allSettled(Array.from({ length: count }, () => pool.run('surveyShares', work)))
      return new Map(parts.flatMap((part) => (part.status === 'fulfilled' ? [...part.value] : [])))
    },
    close: () => pool.close(),
  }
}

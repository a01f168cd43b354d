import type { BlockReaders } from '../logs/plain/read.ts'
import { countThreads, startWorkers } from './workers.ts'

/** Reads parts of large logs in workers. */
interface OpenBlockReaders extends BlockReaders {
  close(): Promise<void>
}

/**
 * Makes readers; they start with the first block, so that small logs start none.
 *
 * @param count how many; by default all threads of the machine but this one, which reads as well
 */
export function openBlockReaders(count = countThreads() - 1): OpenBlockReaders {
  const pool = startWorkers(count)
  return {
    count,
    read: (task) => pool.run('readBlock', task, task.room === null ? [] : [task.room]),
    close: () => pool.close(),
  }
}

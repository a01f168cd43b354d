import { BLOCK_BYTES } from '../logs/plain/cut.ts'
import type { BlockReaders } from '../logs/plain/read.ts'
import { countThreads, startWorkers } from './workers.ts'

/** Below this starting workers takes longer than they save. */
const LEAST_BYTES = 8 * 1024 * 1024

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
    blockBytes: BLOCK_BYTES,
    leastBytes: LEAST_BYTES,
    read: (task) => pool.run('readBlock', task, task.room === null ? [] : [task.room]),
    close: () => pool.close(),
  }
}

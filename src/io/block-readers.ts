import { BLOCK_BYTES } from '../logs/plain/cut.ts'
import type { BlockReaders } from '../logs/plain/read.ts'
import type { WorkerPool } from './workers.ts'

/** Below this starting workers takes longer than they save. */
const LEAST_BYTES = 8 * 1024 * 1024

/** Reads parts of large logs in the workers of a pool; those start with the first block, so that small logs start none. */
export function createBlockReaders(pool: WorkerPool): BlockReaders {
  return {
    count: pool.count,
    blockBytes: BLOCK_BYTES,
    leastBytes: LEAST_BYTES,
    read: (task) => pool.run('readBlock', task, task.room === null ? [] : [task.room]),
  }
}

/** Threads beside this one. Nothing is loaded or started before the first task. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { MessageOf, Response, TaskName, ValueOf } from './worker.ts'

/** Workers that share out tasks among each other. */
export interface WorkerPool {
  /** How many were asked for; tasks beyond that number wait, so that more of them at once only cost memory. */
  readonly count: number
  /** Starts the workers before the first task, which would start them else. */
  start(): Promise<void>
  /**
   * Performs a task of the table in `worker.ts` in one of the workers; in this thread when none could be started.
   *
   * @param message is cloned; buffers named in `transfer` are handed over, shared ones are shared
   * @throws Error of the task, or when its worker ended before the answer
   */
  run<Name extends TaskName>(
    task: Name,
    message: MessageOf<Name>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<ValueOf<Name>>
  /** Ends the workers. Tasks that are under way fail. */
  close(): Promise<void>
}

/** Threads of this machine that can work at the same time. */
export function countThreads(): number {
  return availableParallelism()
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** One started worker. */
interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
  /** Set once it can take no more tasks. */
  end: Error | null
}

/**
 * Makes a pool. Its workers start with the first task.
 *
 * @param count how many workers; 0: all tasks are performed in this thread
 */
export function startWorkers(count: number): WorkerPool {
  let started: Promise<Thread[]> | null = null
  let ready: Thread[] | null = null
  let lastId = 0
  const start = async () => {
    started ??= startThreads(count)
    ready = await started
    return ready
  }
  return {
    count,
    async start() {
      await start()
    },
    async run(task, message, transfer = []) {
      // Sent at once where that can be: the caller may have much to do before it pauses.
      const threads = ready ?? (await start())
      if (threads.length === 0) {
        const { perform } = await import('./worker.ts')
        return (await perform(task, message)).value as ValueOf<typeof task>
      }
      const thread = threads.reduce((a, b) => (b.waiting.size < a.waiting.size ? b : a))
      if (thread.end !== null) throw thread.end
      const answer = new Promise<unknown>((resolve, reject) => {
        const id = ++lastId
        thread.waiting.set(id, { resolve, reject })
        thread.worker.postMessage({ id, task, message }, [...transfer])
      })
      return (await answer) as ValueOf<typeof task>
    },
    async close() {
      const threads = (await started) ?? []
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

/** Those that could be started: all, or none. */
async function startThreads(count: number): Promise<Thread[]> {
  const started = await Promise.all(Array.from({ length: count }, startThread))
  const threads = started.filter((thread) => thread !== null)
  if (threads.length === count) return threads
  await Promise.all(threads.map(({ worker }) => worker.terminate()))
  return []
}

/** Null when the machine has no room for it, or its file cannot be run. */
function startThread(): Promise<Thread | null> {
  // Beside this file: as it stands here, or as it was built.
  const path = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  return new Promise((resolve) => {
    try {
      const worker = new Worker(new URL(path, import.meta.url))
      const thread: Thread = { worker, waiting: new Map(), end: null }
      const end = (error: Error) => {
        thread.end = error
        for (const { reject } of thread.waiting.values()) reject(error)
        thread.waiting.clear()
        resolve(null)
      }
      worker.on('error', (cause) => end(new Error(`a worker failed: ${describe(cause)}`, { cause })))
      worker.on('exit', (code) => end(new Error(`a worker ended with exit code ${code}`)))
      worker.on('message', (response: Response) => {
        if ('isReady' in response) resolve(thread)
        else settle(thread.waiting, response)
      })
    } catch {
      resolve(null)
    }
  })
}

function settle(waiting: Map<number, Waiting>, response: Exclude<Response, { readonly isReady: true }>): void {
  const task = waiting.get(response.id)
  waiting.delete(response.id)
  if ('fault' in response) {
    task?.reject(new Error(response.fault, { cause: response.stack }))
  } else task?.resolve(response.value)
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

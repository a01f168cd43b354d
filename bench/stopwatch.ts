/**
 * Seconds of each stage of the command, printed as one line of JSON when the process ends. `stages.ts` puts `timed`
 * around the stages' functions, in the command as it is run for a benchmark and nowhere else.
 */
import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const STANDARD_OUTPUT = 1
const seconds: Record<string, number> = {}

if (isMainThread) process.on('exit', () => writeSync(STANDARD_OUTPUT, `${JSON.stringify({ stages: seconds })}\n`))

/** The function, with the time until it returns (or its promise settles) added to a stage. */
export function timed<Arguments extends unknown[], Result>(
  stage: string,
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  return (...given) => {
    const start = performance.now()
    const stop = () => {
      seconds[stage] = (seconds[stage] ?? 0) + (performance.now() - start) / 1000
    }
    const result = work(...given)
    if (result instanceof Promise) result.then(stop, stop)
    else stop()
    return result
  }
}

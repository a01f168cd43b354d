/** Asking again: when, and after how long. */
import { setTimeout as sleep } from 'node:timers/promises'

const MOST_ATTEMPTS = 4
/** A longer wait would cost more than what it is for. */
const LONGEST_WAIT_MS = 60_000

/** Waits as long as GitHub asks for, and a little when it stumbles. */
export async function retry<Value>(request: () => Value | Promise<Value>, method: string): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      const waitMs = attempt < MOST_ATTEMPTS ? waitBeforeRetry(error, method, attempt) : null
      if (waitMs === null || waitMs > LONGEST_WAIT_MS) throw error
      await sleep(waitMs)
    }
  }
}

/** @returns ms, null when another attempt is of no use */
function waitBeforeRetry(error: unknown, method: string, attempt: number): number | null {
  const { status, headers } = readRefusal(error)
  if (status === 403 || status === 429) {
    const seconds = Number(headers['retry-after'])
    if (seconds > 0) return seconds * 1000
    const reset = Number(headers['x-ratelimit-reset']) * 1000
    if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return Math.max(0, reset - Date.now()) + 1000
    return status === 429 ? LONGEST_WAIT_MS : null
  }
  // What was posted may have been done all the same, and would be done twice.
  const mayRepeat = method !== 'POST' && (status === 0 || status >= 500)
  return mayRepeat ? 1000 * attempt : null
}

/** @returns status 0 where there was no answer */
export function readRefusal(error: unknown): { status: number; headers: Readonly<Record<string, unknown>> } {
  if (!(error instanceof Error) || !('status' in error)) return { status: 0, headers: {} }
  const response = 'response' in error ? error.response : undefined
  const headers = isRecord(response) && isRecord(response.headers) ? response.headers : {}
  return { status: Number(error.status), headers }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

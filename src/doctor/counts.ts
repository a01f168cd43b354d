import { quantileSorted, sortKnown } from '../math/stats.ts'
import { type Coded, type LogTable, OUTCOME, PAYLOAD } from '../types.ts'

/** A value of a dimension and its requests. */
export interface ValueCount {
  readonly value: string
  readonly requests: number
}

/** The values of a column that rows have, most frequent first; unknown (`''`) is left out. */
export function countValues({ codes, values }: Coded): ValueCount[] {
  const counts = new Uint32Array(values.length)
  for (const code of codes) counts[code]++
  return values
    .map((value, code) => ({ value, requests: counts[code] }))
    .filter(({ value, requests }) => value !== '' && requests > 0)
    .sort((a, b) => b.requests - a.requests || (a.value < b.value ? -1 : 1))
}

/** What is known of the rows of one endpoint, or of all. */
export interface Known {
  readonly requests: number
  /** Requests with a known outcome, and those that ended badly. */
  readonly judged: number
  readonly failed: number
  /** 2xx answers, those of them whose payload was judged, and those that are invalid. */
  readonly succeeded: number
  readonly examined: number
  readonly silent: number
  readonly sized: number
  readonly timed: number
  /** Milliseconds, NaN when no duration is known. */
  readonly p50: number
  readonly p95: number
}

/** @param endpoint whose rows count; null: all */
export function countKnown(table: LogTable, endpoint: string | null): Known {
  const { codes, values } = table.dimensions.endpoint
  const wanted = endpoint === null ? -1 : values.indexOf(endpoint)
  let requests = 0
  let judged = 0
  let failed = 0
  let succeeded = 0
  let examined = 0
  let silent = 0
  let sized = 0
  const durations = new Float32Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    if (wanted >= 0 && codes[row] !== wanted) continue
    durations[requests++] = table.durationMs[row]
    const outcome = table.outcome[row]
    if (outcome !== OUTCOME.unknown) judged++
    if (outcome === OUTCOME.serverError || outcome === OUTCOME.noResponse) failed++
    if (!Number.isNaN(table.bytes[row])) sized++
    if (table.status[row] < 200 || table.status[row] > 299) continue
    succeeded++
    if (table.payload[row] !== PAYLOAD.unknown) examined++
    if (table.payload[row] === PAYLOAD.invalid) silent++
  }
  const sorted = sortKnown(durations.subarray(0, requests))
  const timed = sorted.length
  const [p50, p95] = [0.5, 0.95].map((q) => quantileSorted(sorted, q))
  return { requests, judged, failed, succeeded, examined, silent, sized, timed, p50, p95 }
}

import type { Baseline, LogTable, TrafficHistory, WindowGrid } from '../types.ts'
import { countRows, findStarts } from './starts.ts'

/** Widths that divide the usual windows' widths (see grid.ts), so that a baseline serves logs of other windows too. */
const WIDTHS_MS = [1_000, 5_000, 60_000, 300_000, 3_600_000] as const
/** A fortnight of minutes. */
const MOST_WINDOWS = 20_160

/** The whole's requests of a log with at least one row, in the narrowest windows that are not too many. */
export function countTraffic({ time, rows }: LogTable): Baseline['traffic'] {
  const span = time[rows - 1] - time[0]
  const windowMs = WIDTHS_MS.find((width) => span / width < MOST_WINDOWS) ?? WIDTHS_MS[WIDTHS_MS.length - 1]
  const startMs = Math.floor(time[0] / windowMs) * windowMs
  const windows = Math.floor((time[rows - 1] - startMs) / windowMs) + 1
  const requests = countRows(findStarts(time, rows, startMs, windowMs, windows))
  return { startMs, windowMs, requests: Array.from(requests) }
}

/**
 * The whole's requests of a baseline in the log's own windows, continued to where the log begins; null when the
 * baseline does not end before that, or when its windows do not fit into the log's.
 */
export function buildHistory({ traffic, start, end }: Baseline, grid: WindowGrid): TrafficHistory | null {
  const endMs = end + 1
  if (endMs > grid.firstMs || grid.windowMs % traffic.windowMs !== 0) return null
  const windows = Math.ceil((grid.startMs - start) / grid.windowMs)
  if (windows <= 0) return null
  const startMs = grid.startMs - windows * grid.windowMs
  const requests = new Uint32Array(windows)
  for (const [i, count] of traffic.requests.entries()) {
    const window = Math.floor((traffic.startMs + i * traffic.windowMs - startMs) / grid.windowMs)
    if (window >= 0 && window < windows) requests[window] += count
  }
  return { startMs, endMs, requests }
}

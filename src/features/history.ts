import type { LogTable, TrafficHistory, WindowGrid } from '../types.ts'

/**
 * The whole's requests of a baseline log in the log's own windows, continued to where the log begins; null when the
 * baseline does not end before that.
 */
export function buildHistory(baseline: LogTable, grid: WindowGrid): TrafficHistory | null {
  const firstMs = baseline.time[0]
  const endMs = baseline.time[baseline.rows - 1] + 1
  if (baseline.rows === 0 || endMs > grid.firstMs) return null
  const windows = Math.ceil((grid.startMs - firstMs) / grid.windowMs)
  if (windows <= 0) return null
  const startMs = grid.startMs - windows * grid.windowMs
  const requests = new Uint32Array(windows)
  for (let row = 0; row < baseline.rows; row++) {
    const window = Math.floor((baseline.time[row] - startMs) / grid.windowMs)
    if (window < windows) requests[window]++
  }
  return { startMs, endMs, requests }
}

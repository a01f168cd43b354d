import { quantileSorted } from '../math/stats.ts'
import type { LatencyColumns, LogTable, UsualLatency } from '../types.ts'

/** A p90 of fewer requests than these is noise: the cell falls back to its endpoint, the endpoint to unknown. */
const REQUESTS_PER_CELL = 100
const REQUESTS_PER_ENDPOINT = 20

/**
 * The usual median and p90 of every endpoint × region × environment with enough requests, and of every endpoint.
 * Each endpoint has its own cut, so that a changed mix of endpoints is not a slower service (Simpson's paradox);
 * version is left out, so that a slower version shows.
 */
export function buildUsualLatency(table: LogTable): UsualLatency {
  const { cell, names, endpointOf } = buildCells(table)
  const cells = new Map<string, { timed: number; p50: number; p90: number }>()
  const add = (name: string, durations: Float32Array, least: number) => {
    if (durations.length >= least) {
      durations.sort()
      cells.set(name, {
        timed: durations.length,
        p50: quantileSorted(durations, 0.5),
        p90: quantileSorted(durations, 0.9),
      })
    }
  }
  for (const [code, durations] of groupDurations(table, cell, names.length).entries()) {
    add(names[code], durations, REQUESTS_PER_CELL)
  }
  const endpoints = table.dimensions.endpoint.values
  const grouped = groupDurations(table, endpointOf, endpoints.length)
  for (const [code, durations] of grouped.entries()) add(endpoints[code], durations, REQUESTS_PER_ENDPOINT)
  return cells
}

/** Holds each row against what is usual for its cell, or else for its endpoint. */
export function judgeLatency(table: LogTable, usual: UsualLatency): LatencyColumns {
  const { cell, names, endpoint } = buildCells(table)
  const found = names.map((name, code) => usual.get(name) ?? usual.get(endpoint[code]))
  const slow = new Uint8Array(table.rows)
  const usualMs = new Float32Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const known = found[cell[row]]
    const duration = table.durationMs[row]
    if (known === undefined || Number.isNaN(duration)) {
      slow[row] = 2
      usualMs[row] = Number.NaN
    } else {
      slow[row] = duration > known.p90 ? 1 : 0
      usualMs[row] = known.p50
    }
  }
  return { slow, usualMs }
}

/** Numbers the cells that occur: `cell[row]` indexes `names` (unique) and `endpoint` (the cell's endpoint). */
function buildCells(table: LogTable) {
  const { endpoint, region, environment } = table.dimensions
  const cell = new Uint32Array(table.rows)
  const codeOf = new Map<number, number>()
  const names: string[] = []
  const endpoints: string[] = []
  for (let row = 0; row < table.rows; row++) {
    const [e, r, v] = [endpoint.codes[row], region.codes[row], environment.codes[row]]
    const key = (e * region.values.length + r) * environment.values.length + v
    let code = codeOf.get(key)
    if (code === undefined) {
      code = names.length
      codeOf.set(key, code)
      // A control character cannot occur in a name, so that no two cells share one.
      names.push([endpoint.values[e], region.values[r], environment.values[v]].join('\u0001'))
      endpoints.push(endpoint.values[e])
    }
    cell[row] = code
  }
  return { cell, names, endpoint: endpoints, endpointOf: endpoint.codes }
}

/** The known durations of each group, in row order. */
function groupDurations(table: LogTable, group: Uint32Array, groups: number): Float32Array[] {
  const counts = new Uint32Array(groups)
  for (let row = 0; row < table.rows; row++) if (!Number.isNaN(table.durationMs[row])) counts[group[row]]++
  const result = Array.from(counts, (count) => new Float32Array(count))
  counts.fill(0)
  for (let row = 0; row < table.rows; row++) {
    const duration = table.durationMs[row]
    if (!Number.isNaN(duration)) result[group[row]][counts[group[row]]++] = duration
  }
  return result
}

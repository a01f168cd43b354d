import { quantileSorted } from '../math/stats.ts'
import { type LogTable, OUTCOME, PAYLOAD, type SizeLimits } from '../types.ts'

/** Parts of the usual size that may count as near-empty; the largest that usual answers stay above is taken. */
const PARTS = [0.2, 0.1, 0.05, 0.02] as const
/** Below this part of usual answers may lie under the cut, or the size says nothing. */
const MOST_USUAL_SHARE = 0.001
/** A route's size is known from this many answers, and must usually be at least so many bytes. */
const FEWEST_ANSWERS = 30
const LEAST_USUAL_BYTES = 100
/** A cell (region × part of the time) in which more than this part, and more than one answer, is near-empty is suspected. */
const SUSPECT_SHARE = 0.005
const TIME_PARTS = 12
/** Suspected cells may hold at most this part of a route's answers: what is so everywhere is usual. */
const MOST_SUSPECT = 0.4

/**
 * Marks 2xx answers that are near-empty where their route normally answers more: a sign of a silent failure for logs
 * that have no flag and no body. What is normal is the route's size in the baseline, or in this log outside the
 * places where it is suspected, within one version where versions are known (a deploy may change sizes).
 *
 * @returns the same table when no answer is near-empty
 */
export function flagNearEmpty(table: LogTable, baseline: SizeLimits | null): LogTable {
  const limits = baseline ?? buildSizeLimits(table, false)
  if (limits.size === 0 || table.reasons.length > 255) return table
  let payload: Uint8Array | null = null
  let reason: Uint8Array | null = null
  const { endpoint, version } = table.dimensions
  for (let row = 0; row < table.rows; row++) {
    if (!isAnswerWithBody(table, row) || table.payload[row] !== PAYLOAD.unknown) continue
    const name = endpoint.values[endpoint.codes[row]]
    const limit = limits.get(keyOf(name, version.values[version.codes[row]])) ?? limits.get(keyOf(name, ''))
    if (limit === undefined || !(table.bytes[row] < limit)) continue
    payload ??= table.payload.slice()
    reason ??= table.reason.slice()
    payload[row] = PAYLOAD.invalid
    reason[row] = table.reasons.length
  }
  if (payload === null || reason === null) return table
  return {
    ...table,
    payload,
    reason,
    reasons: [...table.reasons, 'near-empty body where the route normally answers more'],
  }
}

/**
 * Bytes below which an answer is near-empty, by endpoint and version (`''`: of any version).
 *
 * @param isBaseline for another log, whose versions may be unknown here; else a version is held against itself only
 */
export function buildSizeLimits(table: LogTable, isBaseline: boolean): SizeLimits {
  const { endpoint, version, region } = table.dimensions
  const rowsByKey = new Map<string, number[]>()
  const add = (key: string, row: number) => {
    const rows = rowsByKey.get(key)
    if (rows === undefined) rowsByKey.set(key, [row])
    else rows.push(row)
  }
  for (let row = 0; row < table.rows; row++) {
    if (!isAnswerWithBody(table, row) || table.payload[row] === PAYLOAD.invalid) continue
    const name = endpoint.values[endpoint.codes[row]]
    if (version.codes[row] !== 0) add(keyOf(name, version.values[version.codes[row]]), row)
    if (version.codes[row] === 0 || isBaseline) add(keyOf(name, ''), row)
  }

  const firstMs = table.time[0] ?? 0
  const partMs = Math.max(1, ((table.time[table.rows - 1] ?? 0) - firstMs) / TIME_PARTS)
  const limits = new Map<string, number>()
  for (const [key, rows] of rowsByKey) {
    if (rows.length < FEWEST_ANSWERS) continue
    const sizes = Float64Array.from(rows, (row) => table.bytes[row]).sort()
    const usual = quantileSorted(sizes, 0.5)
    if (usual < LEAST_USUAL_BYTES) continue
    const cells = new Map<number, number[]>()
    for (const row of rows) {
      const cell = region.codes[row] * (TIME_PARTS + 1) + Math.floor((table.time[row] - firstMs) / partMs)
      const list = cells.get(cell)
      if (list === undefined) cells.set(cell, [row])
      else list.push(row)
    }
    for (const part of PARTS) {
      const limit = part * usual
      let usualRows = 0
      let below = 0
      let suspect = 0
      for (const cell of cells.values()) {
        const small = cell.filter((row) => table.bytes[row] < limit).length
        if (small > Math.max(1, SUSPECT_SHARE * cell.length)) suspect += cell.length
        else {
          usualRows += cell.length
          below += small
        }
      }
      // One answer more than seen is allowed for, so that a small log cannot prove a rare size impossible by luck.
      if (suspect <= MOST_SUSPECT * rows.length && below <= Math.max(1, MOST_USUAL_SHARE * usualRows)) {
        limits.set(key, limit)
        break
      }
    }
  }
  return limits
}

function isAnswerWithBody(table: LogTable, row: number): boolean {
  const status = table.status[row]
  if (status < 200 || status > 299 || status === 204 || status === 205 || table.outcome[row] !== OUTCOME.ok)
    return false
  return !Number.isNaN(table.bytes[row])
}

const keyOf = (endpoint: string, version: string) => `${endpoint}\u0001${version}`

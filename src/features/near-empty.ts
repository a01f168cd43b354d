import { selectQuantiles } from '../math/quantiles.ts'
import { type Combinations, type LogTable, OUTCOME, PAYLOAD, type SizeLimits } from '../types.ts'
import { buildCombinations, groupCombinations, sortRows } from './combinations.ts'

/** Parts of the usual size that may count as near-empty; the largest that usual answers stay above is taken. */
const PARTS = [0.2, 0.1, 0.05, 0.02] as const
/** A route's size is known from this many answers, and must usually be at least so many bytes. */
const FEWEST_ANSWERS = 30
const LEAST_USUAL_BYTES = 100
/** A cell (region × part of the time) in which more than this part, and more than one answer, is near-empty is suspected. */
const SUSPECT_SHARE = 0.005
/** Of usual answers at most as many may lie under the cut, or the size says nothing: a rare failure is everywhere, and usual. */
const MOST_USUAL_SHARE = SUSPECT_SHARE
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
export function flagNearEmpty(
  table: LogTable,
  baseline: SizeLimits | null,
  combinations: Combinations = buildCombinations(table),
): LogTable {
  const limits = baseline ?? addLimits(new Map(), table, combinations, 'own')
  if (limits.size === 0 || table.reasons.length > 255) return table

  const { endpoint, version } = table.dimensions
  const limitOf = new Float64Array(combinations.count)
  for (let combination = 0; combination < combinations.count; combination++) {
    const name = endpoint.values[combinations.codes.endpoint[combination]]
    const own = version.values[combinations.codes.version[combination]]
    limitOf[combination] = limits.get(keyOf(name, own)) ?? limits.get(keyOf(name, '')) ?? Number.NaN
  }
  let payload: Uint8Array | null = null
  let reason: Uint8Array | null = null
  for (let row = 0; row < table.rows; row++) {
    if (!(table.bytes[row] < limitOf[combinations.of[row]])) continue
    if (table.payload[row] !== PAYLOAD.unknown || !isAnswerWithBody(table, row)) continue
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
 * Bytes below which an answer of another log is near-empty, by endpoint and version (`''`: of any, for versions that are
 * not known here).
 */
export function buildSizeLimits(table: LogTable, combinations: Combinations = buildCombinations(table)): SizeLimits {
  return addLimits(addLimits(new Map(), table, combinations, 'any'), table, combinations, 'named')
}

/**
 * Adds bytes below which an answer is near-empty, by endpoint and version (`''`: of no version, or of any).
 *
 * @param limits is added to, and returned
 * @param versions each on its own; only those with a name; or all together
 */
function addLimits(
  limits: Map<string, number>,
  table: LogTable,
  combinations: Combinations,
  versions: 'own' | 'named' | 'any',
): Map<string, number> {
  const { endpoint, version } = table.dimensions
  const groups = groupCombinations(
    combinations,
    versions === 'any' ? ['endpoint'] : ['endpoint', 'version'],
    (combination) => versions !== 'named' || combinations.codes.version[combination] !== 0,
  )
  const { offsets, sorted } = sortRows(
    combinations,
    groups,
    (row) => table.payload[row] !== PAYLOAD.invalid && isAnswerWithBody(table, row),
  )
  const cellOf = new Int32Array(table.dimensions.region.values.length * (TIME_PARTS + 1)).fill(-1)
  for (const [group, combination] of groups.first.entries()) {
    const limit = findLimit(table, sorted.subarray(offsets[group], offsets[group + 1]), cellOf)
    if (limit === null) continue
    const own = versions === 'any' ? '' : version.values[combinations.codes.version[combination]]
    limits.set(keyOf(endpoint.values[combinations.codes.endpoint[combination]], own), limit)
  }
  return limits
}

/**
 * The largest part of the usual size that usual answers stay above, in bytes; null when the sizes do not tell.
 *
 * @param cellOf room to number the cells (region × part of the time): all −1, and left so
 */
function findLimit(table: LogTable, rows: Uint32Array, cellOf: Int32Array): number | null {
  if (rows.length < FEWEST_ANSWERS) return null
  const sizes = new Float32Array(rows.length)
  for (let i = 0; i < rows.length; i++) sizes[i] = table.bytes[rows[i]]
  const [usual] = selectQuantiles(sizes, [0.5])
  if (usual < LEAST_USUAL_BYTES) return null

  const firstMs = table.time[0] ?? 0
  const partMs = Math.max(1, ((table.time[table.rows - 1] ?? 0) - firstMs) / TIME_PARTS)
  const { codes } = table.dimensions.region
  const size: number[] = []
  const small = PARTS.map((): number[] => [])
  const seen: number[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]
    const place = codes[row] * (TIME_PARTS + 1) + Math.floor((table.time[row] - firstMs) / partMs)
    if (cellOf[place] < 0) {
      cellOf[place] = size.push(0) - 1
      for (const counts of small) counts.push(0)
      seen.push(place)
    }
    const cell = cellOf[place]
    const bytes = table.bytes[row]
    size[cell]++
    for (let i = 0; i < PARTS.length && bytes < PARTS[i] * usual; i++) small[i][cell]++
  }
  for (const place of seen) cellOf[place] = -1
  for (const [i, part] of PARTS.entries()) {
    let usualRows = 0
    let below = 0
    let suspect = 0
    for (let cell = 0; cell < size.length; cell++) {
      if (small[i][cell] > Math.max(1, SUSPECT_SHARE * size[cell])) suspect += size[cell]
      else {
        usualRows += size[cell]
        below += small[i][cell]
      }
    }
    // One answer more than seen is allowed for, so that a small log cannot prove a rare size impossible by luck.
    if (suspect <= MOST_SUSPECT * rows.length && below <= Math.max(1, MOST_USUAL_SHARE * usualRows)) return part * usual
  }
  return null
}

function isAnswerWithBody(table: LogTable, row: number): boolean {
  const status = table.status[row]
  if (status < 200 || status > 299 || status === 204 || status === 205 || table.outcome[row] !== OUTCOME.ok)
    return false
  return !Number.isNaN(table.bytes[row])
}

const keyOf = (endpoint: string, version: string) => `${endpoint}\u0001${version}`

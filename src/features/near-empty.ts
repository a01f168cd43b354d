import { selectQuantiles } from '../math/quantiles.ts'
import { type Combinations, type LogTable, OUTCOME, PAYLOAD, type SizeLimits } from '../types.ts'
import { buildCombinations, gatherValues, groupCombinations, listMembers } from './combinations.ts'

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
  const limits = baseline ?? addLimits(new Map(), table, combinations, sortAnswers(table, combinations), 'own')
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
  const answers = sortAnswers(table, combinations)
  const limits = addLimits(new Map(), table, combinations, answers, 'any')
  return addLimits(limits, table, combinations, answers, 'named')
}

/** Sizes of the answers that have a body and did not fail, by combination and in row order, and when they were. */
interface Answers {
  /** Those of combination c are entries [offsets[c], offsets[c + 1]). */
  readonly offsets: Uint32Array
  readonly bytes: Float32Array
  /** Part of the time, 0..TIME_PARTS. */
  readonly parts: Uint8Array
}

function sortAnswers(table: LogTable, { count, of }: Combinations): Answers {
  const { rows } = table
  const isExample = new Uint8Array(rows)
  const offsets = new Uint32Array(count + 1)
  for (let row = 0; row < rows; row++) {
    if (table.payload[row] === PAYLOAD.invalid || !isAnswerWithBody(table, row)) continue
    isExample[row] = 1
    offsets[of[row] + 1]++
  }
  for (let combination = 0; combination < count; combination++) offsets[combination + 1] += offsets[combination]
  const bytes = new Float32Array(offsets[count])
  const parts = new Uint8Array(offsets[count])
  const next = offsets.slice()
  const firstMs = table.time[0] ?? 0
  const partMs = Math.max(1, ((table.time[rows - 1] ?? 0) - firstMs) / TIME_PARTS)
  for (let row = 0; row < rows; row++) {
    if (isExample[row] === 0) continue
    const at = next[of[row]]++
    bytes[at] = table.bytes[row]
    parts[at] = Math.floor((table.time[row] - firstMs) / partMs)
  }
  return { offsets, bytes, parts }
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
  answers: Answers,
  versions: 'own' | 'named' | 'any',
): Map<string, number> {
  const { endpoint, version, region } = table.dimensions
  const { codes } = combinations
  const groups = groupCombinations(
    combinations,
    versions === 'any' ? ['endpoint'] : ['endpoint', 'version'],
    (combination) => versions !== 'named' || codes.version[combination] !== 0,
  )
  const counts = new CellCounts(region.values.length)
  for (const [group, members] of listMembers(groups).entries()) {
    const limit = findLimit(answers, members, codes.region, counts)
    if (limit === null) continue
    const combination = groups.first[group]
    const own = versions === 'any' ? '' : version.values[codes.version[combination]]
    limits.set(keyOf(endpoint.values[codes.endpoint[combination]], own), limit)
  }
  return limits
}

/** Answers by cell (region × part of the time): all of them, and those below each part of the usual size. */
class CellCounts {
  readonly all: Uint32Array
  readonly small: readonly Uint32Array[]

  constructor(regions: number) {
    const cells = regions * (TIME_PARTS + 1)
    this.all = new Uint32Array(cells)
    this.small = PARTS.map(() => new Uint32Array(cells))
  }

  /** Forgets the answers of a region. */
  clear(region: number): void {
    const from = region * (TIME_PARTS + 1)
    for (const counts of [this.all, ...this.small]) counts.fill(0, from, from + TIME_PARTS + 1)
  }
}

/**
 * The largest part of the usual size that usual answers stay above, in bytes; null when the sizes do not tell.
 *
 * @param members combinations whose answers are looked at
 * @param regionOf by combination
 * @param counts room to count in
 */
function findLimit(
  answers: Answers,
  members: readonly number[],
  regionOf: Uint32Array,
  counts: CellCounts,
): number | null {
  const { offsets, bytes, parts } = answers
  const sizes = gatherValues({ offsets, sorted: bytes }, members)
  const rows = sizes.length
  if (rows < FEWEST_ANSWERS) return null
  const [usual] = selectQuantiles(sizes, [0.5])
  if (usual < LEAST_USUAL_BYTES) return null

  const { all, small } = counts
  const regions = new Set(members.map((combination) => regionOf[combination]))
  for (const region of regions) counts.clear(region)
  const largest = PARTS[0] * usual
  for (const combination of members) {
    const first = regionOf[combination] * (TIME_PARTS + 1)
    for (let at = offsets[combination]; at < offsets[combination + 1]; at++) {
      const cell = first + parts[at]
      all[cell]++
      if (bytes[at] >= largest) continue
      for (let i = 0; i < PARTS.length && bytes[at] < PARTS[i] * usual; i++) small[i][cell]++
    }
  }
  for (const [i, part] of PARTS.entries()) {
    let usualRows = 0
    let below = 0
    let suspect = 0
    for (const region of regions) {
      for (let cell = region * (TIME_PARTS + 1); cell < (region + 1) * (TIME_PARTS + 1); cell++) {
        if (small[i][cell] > Math.max(1, SUSPECT_SHARE * all[cell])) suspect += all[cell]
        else {
          usualRows += all[cell]
          below += small[i][cell]
        }
      }
    }
    // One answer more than seen is allowed for, so that a small log cannot prove a rare size impossible by luck.
    if (suspect <= MOST_SUSPECT * rows && below <= Math.max(1, MOST_USUAL_SHARE * usualRows)) return part * usual
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

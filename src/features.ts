import { buildCombinations, createRowVisit } from './features/combinations.ts'
import { buildGrid } from './features/grid.ts'
import { buildHistory } from './features/history.ts'
import { buildUsualLatency, judgeLatency, type UsualLatency } from './features/latency.ts'
import { flagNearEmpty } from './features/near-empty.ts'
import { buildRelativeSize } from './features/size.ts'
import { buildMembership, buildSlices, createVisit, markScope } from './features/slices.ts'
import { buildShareTest, buildWindowOf, buildWindowQuantiles, buildWindows } from './features/windows.ts'
import {
  type Coded,
  DIMENSIONS,
  type Features,
  type Logs,
  type LogTable,
  type Scope,
  type Settings,
  type ShareEvidence,
  type ShareMetric,
} from './types.ts'

/** Fewer requests than these cannot show an incident. */
const FEWEST_REQUESTS_PER_SLICE = 30
/** Every slice costs time in proportion to the windows, so that there are at most so many, and at most so many counts of each kind. */
const MOST_SLICES = 6000
const MOST_COUNTS = 12_000_000

/** Logs → everything that detectors and the merge look at: windows, slices, counts, usual latencies. */
export function buildFeatures(logs: Logs, baseline: Logs | null, settings: Settings): Features {
  const reference = baseline?.table ?? null
  const combinations = buildCombinations(logs.table)
  const table = flagNearEmpty(logs.table, reference, combinations)
  const { grid, notes: gridNotes } = buildGrid(table, settings.windowMs)
  const { sliceTable, notes: sliceNotes } = buildSlices(
    table,
    {
      dimensions: settings.dimensions,
      minRequests: FEWEST_REQUESTS_PER_SLICE,
      maxSlices: Math.min(MOST_SLICES, Math.floor(MOST_COUNTS / grid.windows)),
    },
    combinations,
  )
  const usual = reference === null ? buildUsualLatency(table, combinations) : buildUsualLatency(reference)
  const latency = judgeLatency(table, usual, combinations)
  const windowOf = buildWindowOf(table, grid)
  const membership = buildMembership(table, sliceTable, combinations)
  const shareTest = (metric: ShareMetric) => buildShareTest(table, latency, metric)
  const scopeTest = (scope: Scope) => {
    const inside = markScope(table, combinations, scope)
    return (row: number) => inside[combinations.of[row]] === 1
  }
  const visitRows = createRowVisit(combinations)
  return {
    table,
    grid,
    windowOf,
    combinations,
    sliceTable,
    windows: buildWindows(table, grid, windowOf, sliceTable, combinations, membership, shareTest),
    latency,
    scopeTest,
    shareTest,
    visitSlices: createVisit(combinations, membership),
    visitRows: (scope, visit) => visitRows(markScope(table, combinations, scope), visit),
    relativeLatency: divide(table.durationMs, latency.usualMs),
    relativeSize: buildRelativeSize(table, combinations),
    quantiles: (scope, column, quantiles) =>
      buildWindowQuantiles(column, windowOf, scopeTest(scope), grid.windows, quantiles),
    baselineOf: reference === null ? null : countBaseline(flagNearEmpty(reference, null), usual),
    history: reference === null ? null : buildHistory(reference, grid),
    notes: [...gridNotes, ...sliceNotes],
  }
}

function divide(above: Float32Array, below: Float32Array): Float32Array {
  const result = new Float32Array(above.length)
  for (let row = 0; row < result.length; row++) result[row] = above[row] / below[row]
  return result
}

/** Counts of scopes in the baseline log: all values of the same dimensions are counted in one pass, when first asked. */
function countBaseline(table: LogTable, usual: UsualLatency): (metric: ShareMetric, scope: Scope) => ShareEvidence {
  const latency = judgeLatency(table, usual)
  const known = new Map<string, Map<number, { bad: number; total: number }>>()
  return (metric, scope) => {
    const dimensions = DIMENSIONS.filter((dimension) => scope[dimension] !== undefined)
    const columns = dimensions.map((dimension) => table.dimensions[dimension])
    const name = [metric, ...dimensions].join(' ')
    const counts = known.get(name) ?? countValues(columns, buildShareTest(table, latency, metric), table.rows)
    known.set(name, counts)
    const codes = dimensions.map((dimension, i) => columns[i].values.indexOf(scope[dimension]!))
    if (codes.includes(-1)) return { bad: 0, total: 0 }
    return counts.get(codes.reduce((key, code, i) => key * columns[i].values.length + code, 0)) ?? { bad: 0, total: 0 }
  }
}

/** Bad and all rows by their values in some columns; the key has the columns' codes as digits. */
function countValues(columns: readonly Coded[], test: (row: number) => -1 | 0 | 1, rows: number) {
  const counts = new Map<number, { bad: number; total: number }>()
  for (let row = 0; row < rows; row++) {
    const outcome = test(row)
    if (outcome === -1) continue
    let key = 0
    for (const { codes, values } of columns) key = key * values.length + codes[row]
    const entry = counts.get(key)
    if (entry === undefined) counts.set(key, { bad: outcome, total: 1 })
    else {
      entry.bad += outcome
      entry.total++
    }
  }
  return counts
}

import {
  CELL_COUNTS,
  type CellCount,
  type CellTable,
  type Coded,
  DIMENSIONS,
  type Dimension,
  type LatencyColumns,
  type LogTable,
  type Scope,
  SHARE_COLUMNS,
  SHARE_METRICS,
  type ShareEvidence,
  type ShareMetric,
} from '../types.ts'
import { buildShareTest } from './windows.ts'

/** A state must stay small; the rest counts for the whole alone, which makes a baseline weaker and never wrong. */
const MOST_CELLS = 12_000
/** Up to so many combinations are looked up in an array, more in a map. */
const MOST_DENSE = 4_000_000

/** Counts a log by what its requests have in all dimensions; the busiest combinations are told apart. */
export function buildCells(table: LogTable, latency: LatencyColumns): CellTable {
  const { cellOf, firstRows } = numberCells(table)
  const all = Object.fromEntries(CELL_COUNTS.map((name) => [name, new Uint32Array(firstRows.length)]))
  const counts: Readonly<Record<string, Uint32Array>> = all
  const tests = SHARE_METRICS.map((metric) => ({
    test: buildShareTest(table, latency, metric),
    total: counts[SHARE_COLUMNS[metric].total],
    bad: counts[SHARE_COLUMNS[metric].bad],
    // Both kinds of errors have one total.
    isTotal: metric !== 'client_error_share',
  }))
  for (let row = 0; row < table.rows; row++) {
    const cell = cellOf[row]
    counts.requests[cell]++
    for (const { test, total, bad, isTotal } of tests) {
      const outcome = test(row)
      if (outcome === -1) continue
      if (isTotal) total[cell]++
      if (outcome === 1) bad[cell]++
    }
  }
  return foldRareCells(table, firstRows, counts)
}

/** Numbers the combinations that occur, in order of their first row. */
function numberCells({ dimensions, rows }: LogTable): { cellOf: Uint32Array; firstRows: number[] } {
  let cellOf = new Uint32Array(rows)
  let firstRows = rows === 0 ? [] : [0]
  for (const dimension of DIMENSIONS) {
    const { codes, values } = dimensions[dimension]
    if (values.length === 1 || rows === 0) continue
    const size = firstRows.length * values.length
    const known = size <= MOST_DENSE ? new Int32Array(size).fill(-1) : new Map<number, number>()
    const next = new Uint32Array(rows)
    firstRows = []
    for (let row = 0; row < rows; row++) {
      const key = cellOf[row] * values.length + codes[row]
      let cell = known instanceof Map ? (known.get(key) ?? -1) : known[key]
      if (cell < 0) {
        cell = firstRows.length
        firstRows.push(row)
        if (known instanceof Map) known.set(key, cell)
        else known[key] = cell
      }
      next[row] = cell
    }
    cellOf = next
  }
  return { cellOf, firstRows }
}

function foldRareCells(
  { dimensions }: LogTable,
  firstRows: readonly number[],
  counts: Readonly<Record<string, Uint32Array>>,
): CellTable {
  const order = firstRows.map((_, cell) => cell)
  if (order.length > MOST_CELLS) order.sort((a, b) => counts.requests[b] - counts.requests[a] || a - b)
  const kept = order.slice(0, MOST_CELLS)
  const rest = order.slice(MOST_CELLS)
  const rows = kept.length + (rest.length > 0 ? 1 : 0)
  const gather = (column: Uint32Array) => {
    const gathered = new Uint32Array(rows)
    for (const [i, cell] of kept.entries()) gathered[i] = column[cell]
    for (const cell of rest) gathered[kept.length] += column[cell]
    return gathered
  }
  const recode = ({ codes, values }: Coded): Coded => {
    const names = ['']
    const codeOf = new Map([[0, 0]])
    const recoded = new Uint32Array(rows)
    for (const [i, cell] of kept.entries()) {
      const code = codes[firstRows[cell]]
      let own = codeOf.get(code)
      if (own === undefined) {
        own = names.length
        codeOf.set(code, own)
        names.push(values[code])
      }
      recoded[i] = own
    }
    return { codes: recoded, values: names }
  }
  return {
    rows,
    dimensions: mapDimensions((dimension) => recode(dimensions[dimension])),
    counts: mapCounts((name) => gather(counts[name])),
  }
}

/** A value for each dimension. */
export function mapDimensions<Value>(value: (dimension: Dimension) => Value): Record<Dimension, Value> {
  const [service, endpoint, region, environment, version] = DIMENSIONS.map(value)
  return { service, endpoint, region, environment, version }
}

/** A value for each column of counts. */
export function mapCounts<Value>(value: (name: CellCount) => Value): Record<CellCount, Value> {
  const [requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow] = CELL_COUNTS.map(value)
  return { requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow }
}

/** Counts of scopes in a baseline: all values of the same dimensions are counted in one pass, when first asked. */
export function countScopes({
  rows,
  dimensions,
  counts,
}: CellTable): (metric: ShareMetric, scope: Scope) => ShareEvidence {
  const known = new Map<string, Map<string, { bad: number; total: number }>>()
  const count = (metric: ShareMetric, names: readonly Dimension[]) => {
    const { bad, total } = SHARE_COLUMNS[metric]
    const columns = names.map((name) => dimensions[name])
    const sums = new Map<string, { bad: number; total: number }>()
    for (let row = 0; row < rows; row++) {
      const key = columns.map(({ codes, values }) => values[codes[row]]).join('\u0001')
      const sum = sums.get(key) ?? { bad: 0, total: 0 }
      sum.bad += counts[bad][row]
      sum.total += counts[total][row]
      sums.set(key, sum)
    }
    return sums
  }
  return (metric, scope) => {
    const names = DIMENSIONS.filter((dimension) => scope[dimension] !== undefined)
    const name = [metric, ...names].join(' ')
    const sums = known.get(name) ?? count(metric, names)
    known.set(name, sums)
    return sums.get(names.map((dimension) => scope[dimension]).join('\u0001')) ?? { bad: 0, total: 0 }
  }
}

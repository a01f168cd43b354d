import {
  CELL_COUNTS,
  type CellCount,
  type CellTable,
  type Coded,
  type Combinations,
  DIMENSIONS,
  type Dimension,
  type LatencyColumns,
  type LogTable,
  type Scope,
  SHARE_COLUMNS,
  type ShareEvidence,
  type ShareMetric,
} from '../types.ts'
import { buildShareTest, createRowCount, WIDTH } from './windows.ts'

/** A state must stay small; the rest counts for the whole alone, which makes a baseline weaker and never wrong. */
const MOST_CELLS = 12_000

/** Counts a log by what its requests have in all dimensions; the busiest combinations are told apart. */
export function buildCells(table: LogTable, latency: LatencyColumns, combinations: Combinations): CellTable {
  const all = new Uint32Array(combinations.count * WIDTH)
  const count = createRowCount((metric) => buildShareTest(table, latency, metric))
  for (let row = 0; row < table.rows; row++) count(all, combinations.of[row] * WIDTH, row)
  const columns = CELL_COUNTS.map((name, column): [CellCount, Uint32Array] => [
    name,
    Uint32Array.from({ length: combinations.count }, (_, cell) => all[cell * WIDTH + column]),
  ])
  return foldRareCells(table, combinations, Object.fromEntries(columns))
}

function foldRareCells(
  { dimensions }: LogTable,
  combinations: Combinations,
  counts: Readonly<Record<string, Uint32Array>>,
): CellTable {
  const order = Array.from(combinations.rows.keys()).filter((cell) => combinations.rows[cell] > 0)
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
  const recode = (own: Uint32Array, values: readonly string[]): Coded => {
    const names = ['']
    const codeOf = new Map([[0, 0]])
    const recoded = new Uint32Array(rows)
    for (const [i, cell] of kept.entries()) {
      const code = own[cell]
      let renewed = codeOf.get(code)
      if (renewed === undefined) {
        renewed = names.length
        codeOf.set(code, renewed)
        names.push(values[code])
      }
      recoded[i] = renewed
    }
    return { codes: recoded, values: names }
  }
  return {
    rows,
    dimensions: mapDimensions((dimension) => recode(combinations.codes[dimension], dimensions[dimension].values)),
    counts: mapCounts((name) => gather(counts[name])),
  }
}

/** A value for each dimension. */
function mapDimensions<Value>(value: (dimension: Dimension) => Value): Record<Dimension, Value> {
  const [service, endpoint, region, environment, version] = DIMENSIONS.map(value)
  return { service, endpoint, region, environment, version }
}

/** A value for each column of counts. */
function mapCounts<Value>(value: (name: CellCount) => Value): Record<CellCount, Value> {
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

import { selectQuantiles } from '../math/quantiles.ts'
import type { Combinations, LatencyColumns, LogTable, UsualLatency } from '../types.ts'
import {
  buildCombinations,
  type Groups,
  gatherValues,
  groupCombinations,
  listMembers,
  sortValues,
} from './combinations.ts'

/** A p90 of fewer requests than these is noise: the cell falls back to its endpoint, the endpoint to unknown. */
const REQUESTS_PER_CELL = 100
const REQUESTS_PER_ENDPOINT = 20

/**
 * The usual median and p90 of every endpoint × region × environment with enough requests, and of every endpoint.
 * Each endpoint has its own cut, so that a changed mix of endpoints is not a slower service (Simpson's paradox);
 * version is left out, so that a slower version shows.
 */
export function buildUsualLatency(
  table: LogTable,
  combinations: Combinations = buildCombinations(table),
): UsualLatency {
  const cells = new Map<string, { timed: number; p50: number; p90: number }>()
  const sorted = sortValues(combinations, table.durationMs)
  const add = (groups: Groups, names: readonly string[], least: number) => {
    const members = listMembers(groups)
    for (const [group, name] of names.entries()) {
      const durations = gatherValues(sorted, members[group])
      if (durations.length < least) continue
      const [p50, p90] = selectQuantiles(durations, [0.5, 0.9])
      cells.set(name, { timed: durations.length, p50, p90 })
    }
  }
  const groups = groupCells(combinations)
  add(groups, nameCells(table, combinations, groups), REQUESTS_PER_CELL)
  const endpoints = groupCombinations(combinations, ['endpoint'])
  add(endpoints, nameEndpoints(table, combinations, endpoints), REQUESTS_PER_ENDPOINT)
  return cells
}

/** Holds each row against what is usual for its cell, or else for its endpoint. */
export function judgeLatency(
  table: LogTable,
  usual: UsualLatency,
  combinations: Combinations = buildCombinations(table),
): LatencyColumns {
  const groups = groupCells(combinations)
  const names = nameCells(table, combinations, groups)
  const endpoints = nameEndpoints(table, combinations, groups)
  const known = names.map((name, cell) => usual.get(name) ?? usual.get(endpoints[cell]))
  const p50 = Float64Array.from(groups.of, (cell) => known[cell]?.p50 ?? Number.NaN)
  const p90 = Float64Array.from(groups.of, (cell) => known[cell]?.p90 ?? Number.NaN)

  const slow = new Uint8Array(table.rows)
  const usualMs = new Float32Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const combination = combinations.of[row]
    const cut = p90[combination]
    const duration = table.durationMs[row]
    if (Number.isNaN(cut) || Number.isNaN(duration)) {
      slow[row] = 2
      usualMs[row] = Number.NaN
    } else {
      slow[row] = duration > cut ? 1 : 0
      usualMs[row] = p50[combination]
    }
  }
  return { slow, usualMs }
}

const groupCells = (combinations: Combinations) =>
  groupCombinations(combinations, ['endpoint', 'region', 'environment'])

/** A control character cannot occur in a name, so that no two cells share one. */
function nameCells({ dimensions }: LogTable, { codes }: Combinations, { first }: Groups): string[] {
  const { endpoint, region, environment } = dimensions
  return first.map((combination) =>
    [
      endpoint.values[codes.endpoint[combination]],
      region.values[codes.region[combination]],
      environment.values[codes.environment[combination]],
    ].join('\u0001'),
  )
}

function nameEndpoints({ dimensions }: LogTable, { codes }: Combinations, { first }: Groups): string[] {
  return first.map((combination) => dimensions.endpoint.values[codes.endpoint[combination]])
}

import { groupBy, mergeFacts } from '../facts.ts'
import {
  type Baseline,
  CELL_COUNTS,
  type CellCount,
  type CellTable,
  type Coded,
  DIMENSIONS,
  type Dimension,
  type EndpointFacts,
  SEVERITIES,
  type State,
  type UsualLatency,
} from '../types.ts'
import { decode, encode } from './coded.ts'

/** Several runs (the legs of a matrix, the last few of main) as one baseline. @param states at least one */
export function mergeStates(states: readonly State[]): State {
  if (states.length === 1) return states[0]
  // A time that is not known is older than any.
  const newest = states.reduce((a, b) => (b.source.time > a.source.time || Number.isNaN(a.source.time) ? b : a))
  return {
    source: { ...newest.source, name: states.map(({ source }) => source.name).join(', ') },
    unfit: states.flatMap(({ unfit }) => (unfit === '' ? [] : [unfit])).join('; '),
    baseline: mergeBaselines(states.map(({ baseline }) => baseline)),
    // An incident that several saw is told as the worst of them saw it.
    incidents: uniqueBy(
      states
        .flatMap(({ incidents }) => incidents)
        .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
      ({ fingerprint }) => fingerprint,
    ),
  }
}

function mergeBaselines(baselines: readonly Baseline[]): Baseline {
  return {
    rows: baselines.reduce((sum, { rows }) => sum + rows, 0),
    start: Math.min(...baselines.map(({ start }) => start)),
    end: Math.max(...baselines.map(({ end }) => end)),
    cells: mergeCells(baselines.map(({ cells }) => cells)),
    usual: mergeUsual(baselines.map(({ usual }) => usual)),
    sizeLimits: mergeSizeLimits(baselines),
    endpoints: mergeEndpoints(baselines.flatMap(({ endpoints }) => endpoints)),
    traffic: mergeTraffic(baselines),
  }
}

function mergeCells(tables: readonly CellTable[]): CellTable {
  const rowOf = new Map<string, number>()
  const names: Record<Dimension, string[]> = { service: [], endpoint: [], region: [], environment: [], version: [] }
  const counts = new Map<CellCount, number[]>(CELL_COUNTS.map((name) => [name, []]))
  for (const { rows, dimensions, counts: own } of tables) {
    const texts = DIMENSIONS.map((dimension) => decode(dimensions[dimension]))
    for (let row = 0; row < rows; row++) {
      const key = texts.map((column) => column[row]).join('\u0001')
      let at = rowOf.get(key)
      if (at === undefined) {
        at = rowOf.size
        rowOf.set(key, at)
        for (const [i, dimension] of DIMENSIONS.entries()) names[dimension].push(texts[i][row])
      }
      for (const [name, column] of counts) column[at] = (column[at] ?? 0) + own[name][row]
    }
  }
  const coded = (dimension: Dimension): Coded => {
    const { values, codes } = encode(names[dimension])
    return { values, codes: Uint32Array.from(codes) }
  }
  const column = (name: CellCount) => Uint32Array.from(counts.get(name) ?? [])
  return {
    rows: rowOf.size,
    dimensions: {
      service: coded('service'),
      endpoint: coded('endpoint'),
      region: coded('region'),
      environment: coded('environment'),
      version: coded('version'),
    },
    counts: {
      requests: column('requests'),
      judged: column('judged'),
      serverErrors: column('serverErrors'),
      clientErrors: column('clientErrors'),
      succeeded: column('succeeded'),
      silent: column('silent'),
      timed: column('timed'),
      slow: column('slow'),
    },
  }
}

/** Quantiles cannot be merged exactly: the mean of the runs', weighted by their requests. */
function mergeUsual(all: readonly UsualLatency[]): UsualLatency {
  const sums = new Map<string, { timed: number; p50: number; p90: number }>()
  for (const usual of all) {
    for (const [name, { timed, p50, p90 }] of usual) {
      const sum = sums.get(name) ?? { timed: 0, p50: 0, p90: 0 }
      sums.set(name, { timed: sum.timed + timed, p50: sum.p50 + timed * p50, p90: sum.p90 + timed * p90 })
    }
  }
  return new Map(
    Array.from(sums, ([name, { timed, p50, p90 }]) => [name, { timed, p50: p50 / timed, p90: p90 / timed }]),
  )
}

/** What any of the runs answered is usual: the smallest limit. */
function mergeSizeLimits(baselines: readonly Baseline[]): Map<string, number> {
  const limits = new Map<string, number>()
  for (const { sizeLimits } of baselines) {
    for (const [name, bytes] of sizeLimits) limits.set(name, Math.min(bytes, limits.get(name) ?? bytes))
  }
  return limits
}

function mergeEndpoints(all: readonly EndpointFacts[]): EndpointFacts[] {
  return groupBy(all, ({ endpoint, version }) => `${endpoint}\u0001${version}`).map(mergeFacts)
}

/** Longest series of a merged baseline; runs that lie further apart have no traffic in common. */
const MOST_WINDOWS = 40_000

/** Runs at different times follow each other; of those at one time (legs of a matrix) the counts add up. */
function mergeTraffic(baselines: readonly Baseline[]): Baseline['traffic'] {
  const last = baselines.reduce((a, b) => (b.end > a.end ? b : a)).traffic
  const windowMs = Math.max(...baselines.map(({ traffic }) => traffic.windowMs))
  const usable = baselines.map(({ traffic }) => traffic).filter((traffic) => windowMs % traffic.windowMs === 0)
  const startMs = Math.floor(Math.min(...usable.map((traffic) => traffic.startMs)) / windowMs) * windowMs
  if ((last.startMs - startMs) / windowMs + last.requests.length > MOST_WINDOWS) return last
  const requests: number[] = []
  for (const traffic of usable) {
    for (const [i, count] of traffic.requests.entries()) {
      const at = Math.floor((traffic.startMs + i * traffic.windowMs - startMs) / windowMs)
      while (requests.length <= at) requests.push(0)
      requests[at] += count
    }
  }
  return { startMs, windowMs, requests }
}

function uniqueBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[] {
  return groupBy(values, keyOf).map(([first]) => first)
}

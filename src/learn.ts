import { groupBy, mergeVersions } from './facts.ts'
import { buildCells } from './features/cells.ts'
import { buildEndpointFacts } from './features/endpoint-facts.ts'
import { removeSpoiled } from './features/healthy.ts'
import { countTraffic } from './features/history.ts'
import { buildUsualLatency, judgeLatency } from './features/latency.ts'
import { buildSizeLimits } from './features/near-empty.ts'
import type { Baseline, EndpointFacts, Features, Incident, UsualLatency } from './types.ts'

/**
 * What a log and its incidents teach the next run: what is usual without them.
 *
 * @param usual of the baseline that this run had, for endpoints of which the incidents leave nothing; null for none
 */
export function learn(features: Features, incidents: readonly Incident[], usual: UsualLatency | null): Baseline {
  const healthy = removeSpoiled(features, incidents)
  const { combinations } = features
  const own = buildUsualLatency(healthy, combinations)
  return {
    rows: features.table.rows,
    start: features.grid.firstMs,
    end: features.grid.lastMs,
    cells: buildCells(healthy, judgeLatency(healthy, own, combinations), combinations),
    usual: roundAll(keepUnlearnt(own, usual, new Set(features.table.dimensions.endpoint.values))),
    sizeLimits: buildSizeLimits(healthy, combinations),
    endpoints: keepSmall(healthy === features.table ? features.endpoints() : buildEndpointFacts(healthy, combinations)),
    traffic: countTraffic(features.table),
  }
}

/** What this log could not teach of its own endpoints stays as it was. */
function keepUnlearnt(own: UsualLatency, before: UsualLatency | null, endpoints: ReadonlySet<string>): UsualLatency {
  if (before === null) return own
  const isSpoiled = ([name]: [string, unknown]) => endpoints.has(name.split('\u0001')[0])
  return new Map([...[...before].filter(isSpoiled), ...own])
}

/** Five digits: what is usual is not known better, and a state must stay small. */
function roundAll(usual: UsualLatency): UsualLatency {
  const round = (value: number) => Number(value.toPrecision(5))
  return new Map(
    Array.from(usual, ([name, { timed, p50, p90 }]) => [name, { timed, p50: round(p50), p90: round(p90) }]),
  )
}

/** A state should stay below 1 MB; the counts take up to half of it. */
const MOST_FACT_BYTES = 480_000
/** What a field takes in a state: its name, unless another endpoint has it too, and four numbers. */
const FIELD_BYTES = 35

/**
 * Facts that would make a state too large are told of all versions together, of the busiest endpoints only, and with the
 * fields of the busiest of these.
 */
function keepSmall(endpoints: readonly EndpointFacts[]): readonly EndpointFacts[] {
  const sizeOf = (fact: EndpointFacts) => JSON.stringify({ ...fact, fields: [] }).length
  const sizeOfFields = ({ fields }: EndpointFacts) => FIELD_BYTES * fields.length
  const total = endpoints.reduce((sum, fact) => sum + sizeOf(fact) + sizeOfFields(fact), 0)
  if (total <= MOST_FACT_BYTES) return endpoints
  const united = groupBy(endpoints, ({ endpoint }) => endpoint).map(mergeVersions)
  let room = MOST_FACT_BYTES
  const kept = united.filter((fact) => {
    room -= sizeOf(fact)
    return room >= 0
  })
  return kept.map((fact) => {
    room -= sizeOfFields(fact)
    // Bodies without fields would say that none has any.
    return room >= 0 ? fact : { ...fact, bodies: 0, fields: [] }
  })
}

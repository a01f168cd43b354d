import { buildCells } from './features/cells.ts'
import { buildEndpointFacts } from './features/endpoint-facts.ts'
import { removeSpoiled } from './features/healthy.ts'
import { countTraffic } from './features/history.ts'
import { buildUsualLatency, judgeLatency } from './features/latency.ts'
import { buildSizeLimits } from './features/near-empty.ts'
import type { Baseline, Features, Incident, UsualLatency } from './types.ts'

/**
 * What a log and its incidents teach the next run: what is usual without them.
 *
 * @param usual of the baseline that this run had, for endpoints of which the incidents leave nothing; null for none
 */
export function learn(features: Features, incidents: readonly Incident[], usual: UsualLatency | null): Baseline {
  const healthy = removeSpoiled(features, incidents)
  const own = buildUsualLatency(healthy)
  return {
    rows: features.table.rows,
    start: features.grid.firstMs,
    end: features.grid.lastMs,
    cells: buildCells(healthy, judgeLatency(healthy, own)),
    usual: keepUnlearnt(own, usual, new Set(features.table.dimensions.endpoint.values)),
    sizeLimits: buildSizeLimits(healthy, true),
    endpoints: healthy === features.table ? features.endpoints() : buildEndpointFacts(healthy),
    traffic: countTraffic(features.table),
  }
}

/** What this log could not teach of its own endpoints stays as it was. */
function keepUnlearnt(own: UsualLatency, before: UsualLatency | null, endpoints: ReadonlySet<string>): UsualLatency {
  if (before === null) return own
  const isSpoiled = ([name]: [string, unknown]) => endpoints.has(name.split('\u0001')[0])
  return new Map([...[...before].filter(isSpoiled), ...own])
}

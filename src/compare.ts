import { buildEndpointTable, compareLatency, listChanges, listMoves } from './compare/endpoints.ts'
import { judgeGone } from './compare/gone.ts'
import { findMatch, judgeStatus } from './compare/status.ts'
import type { Places } from './scopes.ts'
import { decode } from './state/coded.ts'
import {
  type Baseline,
  type CellTable,
  type Comparison,
  DIMENSIONS,
  type Dimension,
  type Features,
  type Incident,
  type KnownIncident,
  type State,
} from './types.ts'

/**
 * This log against the baseline: which incidents are new, worse or known, which are gone, and what endpoints answer
 * otherwise.
 *
 * @param learnt what this log itself would teach
 * @param before null: there is nothing to compare with
 * @param now ms UTC
 * @returns the same incidents, each with its status
 */
export function compare(
  incidents: readonly Incident[],
  learnt: Baseline,
  features: Features,
  before: State | null,
  now: number,
): { incidents: readonly Incident[]; comparison: Comparison | null } {
  if (before === null) return { incidents, comparison: null }
  const places = listPlaces([before.baseline.cells, learnt.cells])
  const matches = incidents.map((incident) => findMatch(incident, before.incidents, places))
  const seen = new Set(matches.map((match) => match?.before))
  const missing = before.incidents.filter((incident) => !seen.has(incident))
  const gone = missing.map((incident) => judgeGone(incident, features))

  const [usual, own, all] = [before.baseline.endpoints, learnt.endpoints, features.endpoints()].map(buildEndpointTable)
  return {
    incidents: incidents.map((incident, i) => ({
      ...incident,
      status: judgeStatus(incident, matches[i]),
      before: sizeOf(matches[i]?.before ?? null),
    })),
    comparison: {
      source: before.source,
      ageMs: Math.max(0, now - before.source.time),
      fixed: gone.filter(({ isFixed }) => isFixed).map((found) => found.gone),
      untold: gone.filter(({ isFixed }) => !isFixed).map((found) => found.gone),
      ...listMoves(usual, all, { before: namesOf(before.baseline), now: namesOf(learnt) }),
      // What incidents tell is no fact besides.
      changed: listChanges(usual, own),
      latency: compareLatency(usual, all),
    },
  }
}

/** As an incident's `before` tells it. */
function sizeOf(incident: KnownIncident | null): number {
  if (incident === null) return Number.NaN
  return incident.unit === 'share' && !/traffic|latency/.test(incident.category) ? incident.actual : incident.effect
}

const namesOf = ({ cells, endpoints }: Baseline) =>
  new Set([...cells.dimensions.endpoint.values, ...endpoints.map(({ endpoint }) => endpoint)])

/** What the requests of both logs have in all dimensions. */
function listPlaces(tables: readonly CellTable[]): Places {
  const column = (dimension: Dimension) => tables.flatMap(({ dimensions }) => decode(dimensions[dimension]))
  const [service, endpoint, region, environment, version] = DIMENSIONS.map(column)
  const requests = tables.flatMap(({ counts }) => [...counts.requests])
  return { service, endpoint, region, environment, version, requests }
}

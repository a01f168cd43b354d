import {
  CELL_COUNTS,
  type CellTable,
  DIMENSIONS,
  type KnownIncident,
  type SizeLimits,
  type State,
  type UsualLatency,
} from '../types.ts'
import { decode, encode } from './coded.ts'
import {
  SCHEMA,
  SEPARATOR,
  type SizeLimitsJson,
  type StateDocument,
  type UsualJson,
  WHOLE,
  type WrittenIncident,
} from './document.ts'
import { writeFields } from './fields.ts'

/** A line per part, unknown numbers as null. The same state gives the same bytes in every engine. */
export function renderState({ source, unfit, baseline, incidents }: State): string {
  const document: StateDocument & { readonly schema: string } = {
    schema: SCHEMA,
    source: {
      name: source.name,
      branch: source.branch,
      commit: source.commit,
      runId: orNull(source.runId),
      time: Number.isNaN(source.time) ? null : isoOf(source.time),
    },
    unfit: unfit === '' ? null : unfit,
    rows: baseline.rows,
    start: isoOf(baseline.start),
    end: isoOf(baseline.end),
    incidents: incidents.map(writeIncident),
    cells: writeCells(baseline.cells),
    usual: writeUsual(baseline.usual),
    sizeLimits: writeSizeLimits(baseline.sizeLimits),
    endpoints: baseline.endpoints.map(({ fields: _, ...facts }) => facts),
    fields: writeFields(baseline.endpoints),
    traffic: {
      start: isoOf(baseline.traffic.startMs),
      windowSeconds: baseline.traffic.windowMs / 1000,
      requests: baseline.traffic.requests,
    },
  }
  const parts = Object.entries(document).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`)
  return `{\n${parts.join(',\n')}\n}\n`
}

function writeIncident(incident: KnownIncident): WrittenIncident {
  const { fingerprint, category, severity, scope, metric, unit } = incident
  return {
    fingerprint,
    category,
    severity,
    start: isoOf(incident.start),
    end: isoOf(incident.end),
    scope,
    metric,
    unit,
    actual: orNull(incident.actual),
    expected: orNull(incident.expected),
    support: orNull(incident.support),
    affected: orNull(incident.affected),
    effect: orNull(incident.effect),
  }
}

const isoOf = (time: number) => new Date(time).toISOString()

/** Six digits: more would say more than is known, and fewer bytes do. */
function orNull(value: number): number | null {
  if (!Number.isFinite(value)) return null
  return Number.isInteger(value) ? value : Number(value.toPrecision(6))
}

function writeCells({ dimensions, counts }: CellTable): StateDocument['cells'] {
  const [service, endpoint, region, environment, version] = DIMENSIONS.map((name) => encode(decode(dimensions[name])))
  const [requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow] = CELL_COUNTS.map((name) =>
    Array.from(counts[name]),
  )
  return {
    ...{ service, endpoint, region, environment, version },
    ...{ requests, judged, serverErrors, clientErrors, succeeded, silent, timed, slow },
  }
}

function writeUsual(usual: UsualLatency): UsualJson {
  const names = Array.from(usual.keys(), (name) => name.split(SEPARATOR))
  const cells = [...usual.values()]
  return {
    endpoint: encode(names.map(([endpoint]) => endpoint)),
    region: encode(names.map(([, region = WHOLE]) => region)),
    environment: encode(names.map(([, , environment = WHOLE]) => environment)),
    timed: cells.map(({ timed }) => timed),
    p50: cells.map(({ p50 }) => p50),
    p90: cells.map(({ p90 }) => p90),
  }
}

function writeSizeLimits(limits: SizeLimits): SizeLimitsJson {
  const names = Array.from(limits.keys(), (name) => name.split(SEPARATOR))
  return {
    endpoint: encode(names.map(([endpoint]) => endpoint)),
    version: encode(names.map(([, version]) => version)),
    bytes: [...limits.values()],
  }
}

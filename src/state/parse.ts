import { Ajv } from 'ajv'
import { LAST_BIN } from '../math/histogram.ts'
import {
  type Baseline,
  CELL_COUNTS,
  type CellCount,
  DIMENSIONS,
  type Dimension,
  type KnownIncident,
  type SizeLimits,
  type State,
  type UsualLatency,
} from '../types.ts'
import { decode, isSound } from './coded.ts'
import {
  SEPARATOR,
  type SizeLimitsJson,
  type StateDocument,
  type UsualJson,
  WHOLE,
  type WrittenIncident,
} from './document.ts'
import { readFields } from './fields.ts'
import { STATE_SCHEMA } from './schema.ts'

const validate = new Ajv({ strict: false, logger: false }).compile<StateDocument>(STATE_SCHEMA)

/** A state that breaks a rule. */
export class StateError extends Error {}

/**
 * The state that a text holds. It may come from a stranger's run: nothing of it is believed before it is checked.
 *
 * @throws StateError with the rule that is broken
 */
export function parseState(text: string): State {
  const document = checkDocument(parseJson(text))
  const { source, unfit, incidents } = document
  return {
    source: {
      name: source.name,
      branch: source.branch,
      commit: source.commit,
      runId: source.runId ?? Number.NaN,
      time: source.time === null ? Number.NaN : Date.parse(source.time),
    },
    unfit: unfit ?? '',
    baseline: readBaseline(document),
    incidents: incidents.map(readIncident),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StateError('must be JSON', { cause })
  }
}

function checkDocument(value: unknown): StateDocument {
  if (!validate(value)) {
    const [error] = validate.errors ?? []
    const where = error?.instancePath ? `${error.instancePath} ` : ''
    throw new StateError(`${where}${error?.message ?? 'is not of the schema'}`)
  }
  const { cells, usual, sizeLimits, endpoints, fields } = value
  const rows = cells.requests.length
  const isOf = (length: number, columns: readonly (readonly unknown[])[]) =>
    columns.every((column) => column.length === length)
  const isWhole =
    DIMENSIONS.every((dimension) => isSound(cells[dimension], rows)) &&
    isOf(
      rows,
      CELL_COUNTS.map((name) => cells[name]),
    ) &&
    [usual.endpoint, usual.region, usual.environment].every((column) => isSound(column, usual.timed.length)) &&
    isOf(usual.timed.length, [usual.p50, usual.p90]) &&
    [sizeLimits.endpoint, sizeLimits.version].every((column) => isSound(column, sizeLimits.bytes.length)) &&
    [fields.name, fields.type].every((column) => isSound(column, fields.endpoint.length)) &&
    isOf(fields.endpoint.length, [fields.bodies, fields.empty]) &&
    fields.endpoint.every((at) => at < endpoints.length)
  if (!isWhole) throw new StateError('its columns must have equal lengths, and codes that have values')
  for (const { latency, sizes } of endpoints) {
    for (const { first, counts } of [latency, sizes]) {
      if (first + counts.length > LAST_BIN + 1) throw new StateError(`a histogram must end at bin ${LAST_BIN}`)
    }
  }
  return value
}

function readIncident(incident: WrittenIncident): KnownIncident {
  return {
    ...incident,
    start: Date.parse(incident.start),
    end: Date.parse(incident.end),
    actual: incident.actual ?? Number.NaN,
    expected: incident.expected ?? Number.NaN,
    support: incident.support ?? Number.NaN,
    affected: incident.affected ?? Number.NaN,
    effect: incident.effect ?? Number.NaN,
  }
}

function readBaseline(document: StateDocument): Baseline {
  const { rows, start, end, cells, usual, sizeLimits, endpoints, traffic } = document
  const fields = readFields(document.fields, endpoints.length)
  const dimensionOf = (name: Dimension) => ({ values: cells[name].values, codes: Uint32Array.from(cells[name].codes) })
  const countOf = (name: CellCount) => Uint32Array.from(cells[name])
  return {
    rows,
    start: Date.parse(start),
    end: Date.parse(end),
    cells: {
      rows: cells.requests.length,
      dimensions: {
        service: dimensionOf('service'),
        endpoint: dimensionOf('endpoint'),
        region: dimensionOf('region'),
        environment: dimensionOf('environment'),
        version: dimensionOf('version'),
      },
      counts: {
        requests: countOf('requests'),
        judged: countOf('judged'),
        serverErrors: countOf('serverErrors'),
        clientErrors: countOf('clientErrors'),
        succeeded: countOf('succeeded'),
        silent: countOf('silent'),
        timed: countOf('timed'),
        slow: countOf('slow'),
      },
    },
    usual: readUsual(usual),
    sizeLimits: readSizeLimits(sizeLimits),
    endpoints: endpoints.map((facts, i) => ({ ...facts, fields: fields[i] })),
    traffic: {
      startMs: Date.parse(traffic.start),
      windowMs: traffic.windowSeconds * 1000,
      requests: traffic.requests,
    },
  }
}

function readUsual({ endpoint, region, environment, timed, p50, p90 }: UsualJson): UsualLatency {
  const [regions, environments] = [decode(region), decode(environment)]
  const names = decode(endpoint).map((name, i) =>
    environments[i] === WHOLE ? name : [name, regions[i], environments[i]].join(SEPARATOR),
  )
  return new Map(names.map((name, i) => [name, { timed: timed[i], p50: p50[i], p90: p90[i] }]))
}

function readSizeLimits({ endpoint, version, bytes }: SizeLimitsJson): SizeLimits {
  const versions = decode(version)
  return new Map(decode(endpoint).map((name, i) => [[name, versions[i]].join(SEPARATOR), bytes[i]]))
}

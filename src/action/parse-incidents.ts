/** incidents.json → report. The file may come from a stranger's run: nothing of it is believed before it is checked. */
import { Ajv } from 'ajv'
import { quote } from '../inputs/rules.ts'
import { InputError } from '../logs/input-error.ts'
import type {
  ChartSeries,
  Comparison,
  GoneIncident,
  Incident,
  InputSummary,
  KnownIncident,
  LatencyChange,
  Report,
} from '../types.ts'
import { INCIDENTS_SCHEMA } from './incidents-schema.ts'

type OrNull<Value> = { readonly [Key in keyof Value]: Value[Key] extends number ? number | null : Value[Key] }
type Written<Value> = OrNull<Omit<Value, 'start' | 'end'>> & { readonly start: string; readonly end: string }
/** A run without a baseline says nothing of these. */
type WrittenIncident = Written<Omit<Incident, 'status' | 'before' | 'acknowledged'>> &
  Partial<Pick<Incident, 'status' | 'acknowledged'>> & { readonly before?: number | null }
type WrittenGone = Written<KnownIncident> & {
  readonly now: { readonly requests: number; readonly affected: number | null }
}

interface WrittenComparison extends Omit<Comparison, 'source' | 'ageMs' | 'fixed' | 'untold' | 'latency'> {
  readonly source: Omit<Comparison['source'], 'runId' | 'time'> & {
    readonly runId: number | null
    readonly time: string | null
  }
  readonly fixed: readonly WrittenGone[]
  readonly untold: readonly WrittenGone[]
  readonly latency: readonly (Omit<LatencyChange, 'lower' | 'upper'> & {
    readonly lower: number | null
    readonly upper: number | null
  })[]
}

/** incidents.json, once it is checked. */
interface IncidentsDocument {
  readonly input: Omit<InputSummary, 'start' | 'end' | 'baseline'> & {
    readonly start: string
    readonly end: string
    readonly baseline: string | null
  }
  readonly tests: { readonly judged: number; readonly expectedFalseAlarms: number | null }
  readonly notes: readonly string[]
  readonly incidents: readonly WrittenIncident[]
  readonly comparison?: WrittenComparison
}

const validate = new Ajv({ strict: false, logger: false }).compile<IncidentsDocument>(INCIDENTS_SCHEMA)

const NO_SERIES: ChartSeries = {
  time: new Float64Array(),
  windowMs: 1,
  latencyP50Ms: new Float64Array(),
  latencyP95Ms: new Float64Array(),
  requests: new Float64Array(),
  expectedRequests: new Float64Array(),
  lowerRequests: new Float64Array(),
  upperRequests: new Float64Array(),
  errorShareByEnvironment: [],
  anomaliesByService: [],
}

/**
 * The report that a file tells of, as far as it does: it has no series, rejected lines or single anomalies.
 *
 * @param now ms UTC, from which the age of the baseline follows
 * @throws InputError when the file is not of the schema
 */
export function parseIncidents(text: string, now: number): Report {
  const document = checkDocument(parseJson(text))
  const { input, tests, notes, incidents } = document
  const comparison = document.comparison === undefined ? null : parseComparison(document.comparison, now)
  return {
    input: {
      rows: input.rows,
      rejected: input.rejected,
      files: input.files,
      formats: input.formats,
      start: Date.parse(input.start),
      end: Date.parse(input.end),
      windowSeconds: input.windowSeconds,
      services: input.services,
      endpoints: input.endpoints,
      regions: input.regions,
      environments: input.environments,
      versions: input.versions,
      baseline: input.baseline ?? '',
    },
    tests: { judged: tests.judged, expectedFalseAlarms: tests.expectedFalseAlarms ?? Number.NaN },
    notes,
    incidents: incidents.map((incident) => ({
      ...parseIncident(incident),
      // Whoever compared and does not say so has not seen it before.
      status: comparison === null ? null : (incident.status ?? 'new'),
      before: incident.before ?? Number.NaN,
      acknowledged: incident.acknowledged ?? null,
    })),
    anomalies: [],
    rejected: [],
    series: NO_SERIES,
    comparison,
    state: null,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InputError('incidents.json: must be JSON', { cause })
  }
}

function checkDocument(value: unknown): IncidentsDocument {
  if (validate(value)) return value
  const [fault] = validate.errors ?? []
  const where = fault === undefined || fault.instancePath === '' ? 'it' : quote(fault.instancePath)
  throw new InputError(`incidents.json: must be of schema api-anomaly/incidents@1, but ${where} ${fault?.message}`)
}

function parseIncident(written: WrittenIncident): Omit<Incident, 'status' | 'before' | 'acknowledged'> {
  return {
    id: written.id,
    ...parseKnown(written),
    lower: written.lower ?? Number.NaN,
    upper: written.upper ?? Number.NaN,
    pValue: written.pValue ?? Number.NaN,
    qValue: written.qValue ?? Number.NaN,
    score: written.score ?? Number.NaN,
    detectors: written.detectors,
    explanation: written.explanation,
    contributors: written.contributors.map(({ dimension, value, share }) => ({
      dimension,
      value,
      share: share ?? Number.NaN,
    })),
    related: written.related,
    samples: written.samples.map(({ source, text }) => ({ source, text })),
  }
}

function parseKnown(written: Written<KnownIncident>): KnownIncident {
  return {
    fingerprint: written.fingerprint,
    category: written.category,
    severity: written.severity,
    start: Date.parse(written.start),
    end: Date.parse(written.end),
    scope: written.scope,
    metric: written.metric,
    unit: written.unit,
    actual: written.actual ?? Number.NaN,
    expected: written.expected ?? Number.NaN,
    support: written.support ?? Number.NaN,
    affected: written.affected ?? Number.NaN,
    effect: written.effect ?? Number.NaN,
  }
}

/** The counts are not believed: they follow from the rest. */
function parseComparison(written: WrittenComparison, now: number): Comparison {
  const { name, branch, commit, runId, time } = written.source
  const madeAt = time === null ? Number.NaN : Date.parse(time)
  return {
    source: { name, branch, commit, runId: runId ?? Number.NaN, time: madeAt },
    ageMs: Math.max(0, now - madeAt),
    fixed: written.fixed.map(parseGone),
    untold: written.untold.map(parseGone),
    appeared: written.appeared.map(({ endpoint, requests }) => ({ endpoint, requests })),
    vanished: written.vanished.map(({ endpoint, requests }) => ({ endpoint, requests })),
    changed: written.changed.map(({ endpoint, kind, text }) => ({ endpoint, kind, text })),
    latency: written.latency.map((change) => ({
      endpoint: change.endpoint,
      beforeMs: change.beforeMs,
      afterMs: change.afterMs,
      ratio: change.ratio,
      lower: change.lower ?? Number.NaN,
      upper: change.upper ?? Number.NaN,
      requestsBefore: change.requestsBefore,
      requestsAfter: change.requestsAfter,
    })),
  }
}

function parseGone({ now, ...incident }: WrittenGone): GoneIncident {
  return { incident: parseKnown(incident), requests: now.requests, affected: now.affected ?? Number.NaN }
}

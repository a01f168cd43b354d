/** incidents.json → report. The file may come from a stranger's run: nothing of it is believed before it is checked. */
import { Ajv } from 'ajv'
import { quote } from '../inputs/rules.ts'
import { InputError } from '../logs/input-error.ts'
import type { ChartSeries, Incident, InputSummary, Report } from '../types.ts'
import { INCIDENTS_SCHEMA } from './incidents-schema.ts'

type OrNull<Value> = { readonly [Key in keyof Value]: Value[Key] extends number ? number | null : Value[Key] }
type WrittenIncident = OrNull<Omit<Incident, 'start' | 'end'>> & { readonly start: string; readonly end: string }

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
 * @throws InputError when the file is not of the schema
 */
export function parseIncidents(text: string): Report {
  const document = checkDocument(parseJson(text))
  const { input, tests, notes, incidents } = document
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
    incidents: incidents.map(parseIncident),
    anomalies: [],
    rejected: [],
    series: NO_SERIES,
    comparison: null,
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

function parseIncident(written: WrittenIncident): Incident {
  return {
    id: written.id,
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
    lower: written.lower ?? Number.NaN,
    upper: written.upper ?? Number.NaN,
    support: written.support ?? Number.NaN,
    affected: written.affected ?? Number.NaN,
    effect: written.effect ?? Number.NaN,
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
    status: written.status ?? null,
    acknowledged: written.acknowledged ?? null,
  }
}

import { formatIso } from '../format.ts'
import {
  type Comparison,
  DIMENSIONS,
  type GoneIncident,
  type Incident,
  type InputSummary,
  type Report,
  type Scope,
} from '../types.ts'
import { roundNumber, roundProbability } from './round.ts'
import { countStatuses } from './standing.ts'

/**
 * incidents.json, schema `api-anomaly/incidents@1`: keys in the documented order, times ISO 8601 UTC, unknown is null,
 * two spaces of indent, a newline at the end. The same report gives the same bytes in every engine. What came after that
 * schema was agreed on is there only with a baseline: how this run stands against it, and each incident's status.
 */
export function renderIncidents(report: Report): string {
  const { comparison } = report
  const { judged, expectedFalseAlarms } = report.tests
  const document = {
    schema: 'api-anomaly/incidents@1',
    input: inputJson(report.input),
    tests: { judged: roundNumber(judged), expectedFalseAlarms: roundProbability(expectedFalseAlarms) },
    notes: report.notes,
    incidents: report.incidents.map((incident) => ({
      ...incidentJson(incident),
      ...(comparison === null ? {} : statusJson(incident)),
    })),
    ...(comparison === null ? {} : { comparison: comparisonJson(report, comparison) }),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function inputJson(input: InputSummary) {
  return {
    rows: roundNumber(input.rows),
    rejected: roundNumber(input.rejected),
    files: input.files,
    formats: input.formats,
    start: formatIso(input.start),
    end: formatIso(input.end),
    windowSeconds: roundNumber(input.windowSeconds),
    services: roundNumber(input.services),
    endpoints: roundNumber(input.endpoints),
    regions: roundNumber(input.regions),
    environments: roundNumber(input.environments),
    versions: roundNumber(input.versions),
    baseline: input.baseline === '' ? null : input.baseline,
  }
}

function incidentJson(incident: Incident) {
  return {
    id: incident.id,
    fingerprint: incident.fingerprint,
    category: incident.category,
    severity: incident.severity,
    start: formatIso(incident.start),
    end: formatIso(incident.end),
    scope: scopeJson(incident.scope),
    metric: incident.metric,
    unit: incident.unit,
    actual: roundNumber(incident.actual),
    expected: roundNumber(incident.expected),
    lower: roundNumber(incident.lower),
    upper: roundNumber(incident.upper),
    support: roundNumber(incident.support),
    affected: roundNumber(incident.affected),
    effect: roundNumber(incident.effect),
    pValue: roundProbability(incident.pValue),
    qValue: roundProbability(incident.qValue),
    score: roundNumber(incident.score),
    detectors: incident.detectors,
    explanation: incident.explanation,
    contributors: incident.contributors.map(({ dimension, value, share }) => ({
      dimension,
      value,
      share: roundNumber(share),
    })),
    related: incident.related,
    samples: incident.samples.map(({ source, text }) => ({ source, text })),
  }
}

function statusJson({ status, before, acknowledged }: Incident) {
  return { status, before: roundNumber(before), ...(acknowledged === null ? {} : { acknowledged }) }
}

/** Without the baseline's age: that would differ from run to run, and follows from its time. */
function comparisonJson(report: Report, comparison: Comparison) {
  const { source } = comparison
  return {
    source: {
      name: source.name,
      branch: source.branch,
      commit: source.commit,
      runId: Number.isFinite(source.runId) ? source.runId : null,
      time: formatIso(source.time),
    },
    counts: countStatuses(report, comparison),
    fixed: comparison.fixed.map(goneJson),
    untold: comparison.untold.map(goneJson),
    appeared: comparison.appeared.map(({ endpoint, requests }) => ({ endpoint, requests })),
    vanished: comparison.vanished.map(({ endpoint, requests }) => ({ endpoint, requests })),
    changed: comparison.changed.map(({ endpoint, kind, text }) => ({ endpoint, kind, text })),
    latency: comparison.latency.map((change) => ({
      endpoint: change.endpoint,
      beforeMs: roundNumber(change.beforeMs),
      afterMs: roundNumber(change.afterMs),
      ratio: roundNumber(change.ratio),
      lower: roundNumber(change.lower),
      upper: roundNumber(change.upper),
      requestsBefore: change.requestsBefore,
      requestsAfter: change.requestsAfter,
    })),
  }
}

/** The incident as the baseline had it, and what is in its scope now. */
function goneJson({ incident, requests, affected }: GoneIncident) {
  return {
    fingerprint: incident.fingerprint,
    category: incident.category,
    severity: incident.severity,
    start: formatIso(incident.start),
    end: formatIso(incident.end),
    scope: scopeJson(incident.scope),
    metric: incident.metric,
    unit: incident.unit,
    actual: roundNumber(incident.actual),
    expected: roundNumber(incident.expected),
    support: roundNumber(incident.support),
    affected: roundNumber(incident.affected),
    effect: roundNumber(incident.effect),
    now: { requests, affected: roundNumber(affected) },
  }
}

/** The same dimensions always come in the same order, however the scope was found. */
function scopeJson(scope: Scope): Scope {
  const ordered: Scope = {}
  for (const dimension of DIMENSIONS) {
    const value = scope[dimension]
    if (value !== undefined) ordered[dimension] = value
  }
  return ordered
}

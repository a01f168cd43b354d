import type { Anomaly, Incident, Rejected, Report, Scope } from '../types.ts'
import { redact } from './redact.ts'

/** A commit or an image digest names a version and is no secret. */
const VERSION_HASH = /^(?:sha\d+:)?[0-9a-f]{7,64}$/i

/**
 * The report with every text that came from a log masked: scopes, explanations, samples, rejected lines, notes and the
 * names in the charts. Numbers, ids and file names stay. Doing it twice changes nothing more.
 */
export function redactReport(report: Report): Report {
  // Thousands of anomalies repeat a few scopes and sentences.
  const known = new Map<string, string>()
  const mask = (text: string): string => {
    let masked = known.get(text)
    if (masked === undefined) {
      masked = redact(text)
      known.set(text, masked)
    }
    return masked
  }
  const { series } = report
  return {
    ...report,
    notes: report.notes.map(mask),
    incidents: report.incidents.map((incident) => maskIncident(incident, mask)),
    anomalies: report.anomalies.map((anomaly) => maskAnomaly(anomaly, mask)),
    rejected: report.rejected.map((rejected) => maskRejected(rejected, mask)),
    series: {
      ...series,
      errorShareByEnvironment: series.errorShareByEnvironment.map((row) => ({
        ...row,
        environment: mask(row.environment),
      })),
      anomaliesByService: series.anomaliesByService.map((row) => ({ ...row, service: mask(row.service) })),
    },
  }
}

type Mask = (text: string) => string

function maskIncident(incident: Incident, mask: Mask): Incident {
  return {
    ...incident,
    scope: maskScope(incident.scope, mask),
    explanation: mask(incident.explanation),
    contributors: incident.contributors.map((contributor) => ({
      ...contributor,
      value: maskValue(contributor.dimension, contributor.value, mask),
    })),
    samples: incident.samples.map((sample) => ({ ...sample, text: mask(sample.text) })),
  }
}

function maskAnomaly(anomaly: Anomaly, mask: Mask): Anomaly {
  return { ...anomaly, scope: maskScope(anomaly.scope, mask), explanation: mask(anomaly.explanation) }
}

function maskRejected(rejected: Rejected, mask: Mask): Rejected {
  return { ...rejected, reason: mask(rejected.reason), excerpt: mask(rejected.excerpt) }
}

function maskScope(scope: Scope, mask: Mask): Scope {
  return Object.fromEntries(
    Object.entries(scope).map(([dimension, value]) => [dimension, maskValue(dimension, value, mask)]),
  )
}

function maskValue(dimension: string, value: string, mask: Mask): string {
  return dimension === 'version' && VERSION_HASH.test(value) ? value : mask(value)
}

import type { Anomaly, Comparison, GoneIncident, Incident, Rejected, Report } from '../types.ts'
import { createMask, type Mask, maskScope, maskState, maskValue } from './redact-names.ts'

/**
 * The report with every text that came from a log masked: scopes, explanations, samples, rejected lines, notes, the
 * names in the charts, what is told of a baseline, and the state that is left. Numbers, ids, names of files and what git
 * says of the baseline (branch, commit) stay. Doing it twice changes nothing more.
 */
export function redactReport(report: Report): Report {
  const mask = createMask()
  const { series, comparison, state } = report
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
    comparison: comparison === null ? null : maskComparison(comparison, mask),
    state: state === null ? null : maskState(state, mask),
  }
}

function maskComparison(comparison: Comparison, mask: Mask): Comparison {
  const maskEndpoint = <Fact extends { readonly endpoint: string }>(fact: Fact): Fact => ({
    ...fact,
    endpoint: mask(fact.endpoint),
  })
  const maskGone = (gone: GoneIncident): GoneIncident => ({
    ...gone,
    incident: { ...gone.incident, scope: maskScope(gone.incident.scope, mask) },
  })
  return {
    ...comparison,
    fixed: comparison.fixed.map(maskGone),
    untold: comparison.untold.map(maskGone),
    appeared: comparison.appeared.map(maskEndpoint),
    vanished: comparison.vanished.map(maskEndpoint),
    changed: comparison.changed.map((change) => ({ ...maskEndpoint(change), text: mask(change.text) })),
    latency: comparison.latency.map(maskEndpoint),
  }
}

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

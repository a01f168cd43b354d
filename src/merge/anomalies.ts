import { type Anomaly, type Features, type Finding, type Incident, PAYLOAD } from '../types.ts'
import type { Draft } from './draft.ts'

import { scoreOf } from './incident.ts'
import { scopeOfRow, sourceOf } from './samples.ts'

/** Slices listed per incident: the strongest interval of each. */
const MOST_SLICES = 20

/**
 * The rows of master_anomalies.csv: first, per incident, its own interval and the strongest interval of each slice
 * that it explains; then every answer whose payload is invalid, with the incident that it belongs to, if any.
 */
export function buildAnomalies(
  features: Features,
  incidents: readonly Incident[],
  drafts: readonly Draft[],
): Anomaly[] {
  const rows: Omit<Anomaly, 'id'>[] = []
  for (const incident of incidents) {
    const draft = findDraft(features, incident, drafts)
    rows.push({
      incident: incident.id,
      category: incident.category,
      severity: incident.severity,
      detector: incident.detectors[0],
      start: incident.start,
      end: incident.end,
      scope: incident.scope,
      metric: incident.metric,
      actual: incident.actual,
      expected: incident.expected,
      lower: incident.lower,
      upper: incident.upper,
      support: incident.support,
      pValue: incident.pValue,
      qValue: incident.qValue,
      score: incident.score,
      source: '',
      explanation: incident.explanation,
    })
    for (const finding of strongestBySlice(draft?.findings ?? [])) rows.push(rowOfFinding(features, incident, finding))
  }
  rows.push(...silentRecords(features, incidents))
  return rows.map((row, i) => ({ id: `A${i + 1}`, ...row }))
}

function findDraft({ grid }: Features, incident: Incident, drafts: readonly Draft[]): Draft | undefined {
  return drafts.find(
    (draft) =>
      draft.metric === incident.metric &&
      draft.category === incident.category &&
      JSON.stringify(draft.scope) === JSON.stringify(incident.scope) &&
      Math.max(grid.startMs + draft.from * grid.windowMs, grid.firstMs) === incident.start,
  )
}

function strongestBySlice(findings: readonly Finding[]): Finding[] {
  const seen = new Set<number>()
  return findings
    .filter(({ slice, logP }) => logP < 0 && !seen.has(slice) && seen.add(slice) !== undefined)
    .slice(0, MOST_SLICES)
}

function rowOfFinding({ grid, sliceTable }: Features, incident: Incident, finding: Finding): Omit<Anomaly, 'id'> {
  const pValue = Math.max(1e-300, Math.exp(finding.logP))
  return {
    incident: incident.id,
    category: finding.category,
    severity: incident.severity,
    detector: finding.detector,
    start: grid.startMs + finding.from * grid.windowMs,
    end: grid.startMs + finding.to * grid.windowMs,
    scope: sliceTable.slices[finding.slice].scope,
    metric: finding.metric,
    actual: finding.actual,
    expected: finding.expected,
    lower: Number.NaN,
    upper: Number.NaN,
    support: finding.support,
    pValue,
    qValue: Number.NaN,
    score: scoreOf(pValue),
    source: '',
    explanation: `Evidence for ${incident.id}.`,
  }
}

function* silentRecords(features: Features, incidents: readonly Incident[]): Generator<Omit<Anomaly, 'id'>> {
  const { table } = features
  const silent = incidents
    .filter(({ category }) => category === 'silent_failure')
    .map((incident) => ({ incident, inside: features.scopeTest(incident.scope) }))
  for (let row = 0; row < table.rows; row++) {
    if (table.payload[row] !== PAYLOAD.invalid || table.status[row] < 200 || table.status[row] > 299) continue
    const time = table.time[row]
    const owner = silent.find(
      ({ incident, inside }) => time >= incident.start && time < incident.end && inside(row),
    )?.incident
    yield {
      incident: owner?.id ?? '',
      category: 'silent_failure',
      severity: owner?.severity ?? 'low',
      detector: 'silent',
      start: time,
      end: time,
      scope: scopeOfRow(features, row),
      metric: 'silent_failure_share',
      actual: Number.NaN,
      expected: Number.NaN,
      lower: Number.NaN,
      upper: Number.NaN,
      support: 1,
      pValue: Number.NaN,
      qValue: Number.NaN,
      score: owner?.score ?? 0,
      source: sourceOf(features, row),
      explanation: table.reasons[table.reason[row]],
    }
  }
}

import { acknowledge } from './merge/acknowledge.ts'
import { buildAnomalies } from './merge/anomalies.ts'
import type { Draft } from './merge/draft.ts'
import type { Evidence } from './merge/evidence.ts'
import { buildIncidents } from './merge/incident.ts'
import { joinFragments } from './merge/join.ts'
import { type OutlierEvidence, mergeOutliers } from './merge/outliers.ts'
import { isLargeEnough } from './merge/severity.ts'
import { mergeShares, type Thresholds } from './merge/shares.ts'
import { mergeTraffic, type TrafficEvidence } from './merge/traffic.ts'
import type { Anomaly, Ignore, Incident, Minimum, ShareFindings, ShareMetric } from './types.ts'

export interface MergeInputs {
  readonly evidence: Evidence
  readonly shares: ReadonlyMap<ShareMetric, ShareFindings>
  readonly objectives: ReadonlyMap<ShareMetric, ShareFindings>
  /** Drafts that need no scope search: broken latency objectives. */
  readonly fixed: readonly Draft[]
  readonly traffic: TrafficEvidence
  readonly outliers: OutlierEvidence
  readonly thresholds: Thresholds
  readonly minimum: Minimum
  readonly ignore: readonly Ignore[]
  /** ms UTC, for `until` of ignored incidents. */
  readonly now: number
  /** `the baseline log`, or `''`. */
  readonly baseline: string
}

/** The watch list is for a curious reader, not a second report. */
const MOST_WATCHED = 10

/** Findings → incidents: scope, interval, severity, words; and the rows of the table of anomalies. */
export function mergeFindings(inputs: MergeInputs): { incidents: Incident[]; anomalies: Anomaly[]; notes: string[] } {
  const { evidence, thresholds, minimum } = inputs
  const drafts: Draft[] = [...inputs.fixed]
  for (const [metric, findings] of inputs.shares) drafts.push(...mergeShares(evidence, metric, findings, thresholds))
  for (const [metric, findings] of inputs.objectives) drafts.push(...mergeShares(evidence, metric, findings, thresholds))
  drafts.push(...mergeTraffic(evidence, inputs.traffic, thresholds))

  const joined = joinFragments(drafts)
  const large = joined.filter((draft) => isLargeEnough(draft, minimum))
  const complete = mergeOutliers(large, inputs.outliers, thresholds)
  const watched = complete.filter((draft) => !draft.significant).sort((a, b) => a.logP - b.logP)
  const kept = [...complete.filter((draft) => draft.significant), ...watched.slice(0, MOST_WATCHED)]

  const built = buildIncidents(kept, {
    evidence,
    baseline: inputs.baseline,
    expectedTraffic: inputs.traffic.expected,
    readings: inputs.outliers.readings,
  })
  const { incidents, notes } = acknowledge(built, inputs.ignore, inputs.now)
  const small = joined.filter((draft) => draft.significant).length - large.filter((draft) => draft.significant).length
  if (small > 0) {
    notes.push(`${small === 1 ? '1 deviation was' : `${small} deviations were`} beyond chance but too small to matter and left out (see \`minimum\` in the configuration).`)
  }
  if (watched.length > MOST_WATCHED) notes.push(`The watch list was cut to the ${MOST_WATCHED} strongest of ${watched.length}.`)
  return { incidents, anomalies: buildAnomalies(evidence, incidents, kept), notes }
}

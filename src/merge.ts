import { acknowledge } from './merge/acknowledge.ts'
import { buildAnomalies } from './merge/anomalies.ts'
import type { Draft } from './merge/draft.ts'
import { buildIncidents } from './merge/incident.ts'
import { joinFragments } from './merge/join.ts'
import { draftBrokenLatency, uniteObjectives } from './merge/objectives.ts'
import { mergeOutliers } from './merge/outliers.ts'
import { isLargeEnough } from './merge/severity.ts'
import { mergeShares } from './merge/shares.ts'
import { mergeTraffic } from './merge/traffic.ts'
import type { Anomaly, Detected, Features, Incident, Settings, Verdicts } from './types.ts'

/** The watch list is for a curious reader, not a second report. */
const MOST_WATCHED = 10

export interface Merged {
  readonly incidents: readonly Incident[]
  readonly anomalies: readonly Anomaly[]
  readonly notes: readonly string[]
}

/** Evidence and verdicts → incidents with scope, interval, severity and words; and the rows of the table of anomalies. */
export function mergeFindings(features: Features, found: Detected, verdicts: Verdicts, settings: Settings): Merged {
  const unusual: Draft[] = []
  for (const [metric, findings] of found.shares) unusual.push(...mergeShares(features, metric, findings, verdicts))
  unusual.push(...mergeTraffic(features, found, verdicts))
  const joined = joinFragments(unusual)
  const large = joined.filter((draft) => isLargeEnough(draft, settings.minimum))

  // A promise that is broken is an incident however small.
  const broken: Draft[] = found.brokenLatency.map((latency) => draftBrokenLatency(latency, features, verdicts))
  for (const [metric, findings] of found.objectives) broken.push(...mergeShares(features, metric, findings, verdicts))
  const united = uniteObjectives(
    large,
    broken.filter((draft) => draft.significant),
  )

  const slow = found.shares.get('slow_share')
  const complete = mergeOutliers(united, features, found.outliers, verdicts, slow, settings.minimum)
  const watched = complete.filter((draft) => !draft.significant).sort((a, b) => a.logP - b.logP)
  const kept = [...complete.filter((draft) => draft.significant), ...watched.slice(0, MOST_WATCHED)]

  const built = buildIncidents(kept, features, found)
  const { incidents, notes } = acknowledge(built, settings.ignore, settings.now)
  const small = countSignificant(joined) - countSignificant(large)
  if (small > 0) {
    const what = small === 1 ? '1 deviation was' : `${small} deviations were`
    notes.push(`${what} beyond chance but too small to matter and left out (see \`minimum\` in the configuration).`)
  }
  if (watched.length > MOST_WATCHED) {
    notes.push(`The watch list was cut to the ${MOST_WATCHED} strongest of ${watched.length}.`)
  }
  return { incidents, anomalies: buildAnomalies(features, incidents, kept), notes }
}

const countSignificant = (drafts: readonly Draft[]) => drafts.filter((draft) => draft.significant).length

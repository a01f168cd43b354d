/** Annotations: the worst incidents, where GitHub shows them beside the run. */
import {
  formatAffected,
  formatComparison,
  formatCount,
  formatScope,
  formatTimeRange,
  incidentTitle,
} from '../format.ts'
import type { AnnotationLevel } from '../io/actions.ts'
import { terminalText, truncate } from '../report/escape.ts'
import { isNews, listFound } from '../report/standing.ts'
import type { Incident, Report, Severity } from '../types.ts'

export interface Annotation {
  readonly level: AnnotationLevel
  readonly title: string
  readonly message: string
}

/** GitHub shows ten of each level per step; one place is left for what the step itself has to say. */
const MOST_PER_LEVEL = 9
const MAX_LENGTH = 400
const LEVELS: Readonly<Record<Severity, AnnotationLevel | null>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: null,
}

/**
 * The worst incidents, at most nine of a level, and one line about those left out. What the baseline has too is no news
 * and gets none.
 */
export function buildAnnotations(report: Report): Annotation[] {
  const annotations: Annotation[] = []
  const counts = new Map<AnnotationLevel, number>()
  let leftOut = 0
  for (const incident of listFound(report).filter(isNews)) {
    const level = LEVELS[incident.severity]
    if (level === null) continue
    const count = (counts.get(level) ?? 0) + 1
    counts.set(level, count)
    if (count > MOST_PER_LEVEL) leftOut++
    else annotations.push(annotate(level, incident))
  }
  if (leftOut > 0) {
    const message = `${formatCount(leftOut)} more are in the job summary and in incidents.json.`
    annotations.push({ level: 'notice', title: 'More API anomalies', message })
  }
  return annotations
}

function annotate(level: AnnotationLevel, incident: Incident): Annotation {
  const status = incident.status === null ? '' : `, ${incident.status}`
  const title = `${incident.severity}${status}: ${incidentTitle(incident)} in ${formatScope(incident.scope)}`
  const when = formatTimeRange(incident.start, incident.end)
  const message = `${when}: ${formatComparison(incident)}; ${formatAffected(incident)}. ${incident.explanation}`
  return { level, title: clean(title), message: clean(message) }
}

function clean(text: string): string {
  return truncate(terminalText(text), MAX_LENGTH)
}

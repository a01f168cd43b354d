import {
  formatAffected,
  formatComparison,
  formatCount,
  formatProbability,
  formatScope,
  formatShare,
  formatTimeRange,
  formatValue,
  incidentTitle,
} from '../format.ts'
import type { Contributor, Detector, Incident, Severity } from '../types.ts'
import { codeSpan, htmlCode, prose } from './escape.ts'

/** A sign beside the word, for those who skim. */
export const SEVERITY_SIGNS: Readonly<Record<Severity, string>> = {
  critical: '🔴',
  high: '🟠',
  medium: '🟡',
  low: '⚪',
}

const DETECTOR_TITLES: Readonly<Record<Detector, string>> = {
  silent: 'payload checks',
  errors: 'error shares',
  latency: 'slow-request shares',
  traffic: 'traffic against its expectation',
  forest: 'several metrics together',
  objective: 'an objective of the configuration',
}

/** The folded block of one incident: what happened, how sure that is, who contributes, what it looked like. */
export function renderEvidence(incident: Incident): string {
  const where = htmlCode(formatScope(incident.scope))
  const when = formatTimeRange(incident.start, incident.end)
  const sign = SEVERITY_SIGNS[incident.severity]
  const lines = [
    '<details>',
    `<summary>${sign} <b>${incidentTitle(incident)}</b> in ${where}, ${when} (${htmlCode(incident.id, 20)})</summary>`,
    '',
    prose(incident.explanation, quotedValues(incident)),
    '',
    `- **Actual against expected:** ${formatComparison(incident)}${band(incident)}`,
    `- **Requests:** ${formatAffected(incident)}`,
  ]
  // What the scope says already is no news.
  const contributors = incident.contributors.filter(({ dimension, value }) => incident.scope[dimension] !== value)
  if (contributors.length > 0) {
    lines.push(`- **What drives it:** ${contributors.slice(0, 5).map(contributorText).join('; ')}`)
  }
  lines.push(`- **Seen by:** ${incident.detectors.map((detector) => DETECTOR_TITLES[detector]).join(', ')}`)
  lines.push(`- **Chance alone:** ${chance(incident)}`)
  if (incident.related.length > 0) {
    lines.push(`- **At the same time and place:** ${incident.related.map((id) => prose(id)).join(', ')}`)
  }
  if (incident.samples.length > 0) lines.push(`- **${incident.samples.length === 1 ? 'Sample' : 'Samples'}:**`)
  for (const { source, text } of incident.samples.slice(0, 5)) lines.push(`  - ${codeSpan(source)}: ${codeSpan(text)}`)
  lines.push(`- **Fingerprint:** ${codeSpan(incident.fingerprint)} (the same in later runs)`)
  return `${lines.join('\n')}\n\n</details>\n`
}

/** The log fields that an explanation may quote. */
function quotedValues({ scope, contributors }: Incident): string[] {
  const values = [...Object.values(scope), ...contributors.map((contributor) => contributor.value)]
  return [...new Set(values)]
}

function band({ lower, upper, unit, expected }: Incident): string {
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || !Number.isFinite(expected)) return ''
  const from = unit === 'requests' ? formatCount(lower) : formatValue(lower, unit)
  return `; usual range ${from} to ${formatValue(upper, unit)}`
}

function contributorText({ dimension, value, share }: Contributor): string {
  return `${dimension} ${codeSpan(value)} ${formatShare(share)}`
}

function chance({ pValue, qValue }: Incident): string {
  if (!Number.isFinite(pValue)) return 'not tested; an objective is broken or it was not there, whatever is usual'
  const bound = Number.isFinite(qValue) ? `, at most ${formatProbability(qValue)} after counting all tests` : ''
  return `p = ${formatProbability(pValue)}${bound}`
}

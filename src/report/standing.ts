/** How a report stands against its baseline: counts, and what the baseline is called. */
import { formatAge, formatCount } from '../format.ts'
import type { Comparison, GoneIncident, Incident, Report, Status } from '../types.ts'

/** Incidents above the watch list. */
export function listFound({ incidents }: Pick<Report, 'incidents'>): Incident[] {
  return incidents.filter(({ severity }) => severity !== 'low')
}

/** Whether an incident is news: not known from the baseline. Without one everything is. */
export function isNews({ status }: Incident): boolean {
  return status !== 'known'
}

/** Gone incidents above the watch list: that an accepted one is gone is told by its ignore entry. */
export function listGone(gone: readonly GoneIncident[]): GoneIncident[] {
  return gone.filter(({ incident }) => incident.severity !== 'low')
}

/** Incidents above the watch list by status, and those of the baseline that are gone. */
export function countStatuses(report: Report, comparison: Comparison): Readonly<Record<Status | 'fixed', number>> {
  const found = listFound(report)
  const count = (status: Status) => found.filter((incident) => incident.status === status).length
  return { new: count('new'), worse: count('worse'), known: count('known'), fixed: listGone(comparison.fixed).length }
}

/** `2 new, 1 worse, 3 known, 1 fixed`, without those of which there is none; `''` when there is nothing. */
export function formatStatuses(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${formatCount(count)} ${status}`)
    .join(', ')
}

/** How the parts of a baseline's name are made safe where they are shown. */
export interface Wording {
  /** A branch or a commit. */
  name(text: string): string
  /** A file with its number of rows. */
  phrase(text: string): string
}

const PLAIN: Wording = { name: (text) => text, phrase: (text) => text }
/** As git prints it. */
const SHORT_COMMIT = 7

/**
 * What a run was compared with: `main at abc1234 (2 h ago)`, or the files where no run is known. It is not escaped
 * unless the wording does so.
 */
export function describeBaseline({ source, ageMs }: Comparison, wording: Wording = PLAIN): string {
  const age = formatAge(ageMs)
  const { branch, commit } = source
  const at = commit === '' ? '' : wording.name(commit.slice(0, SHORT_COMMIT))
  const named =
    branch === '' ? (at === '' ? '' : `commit ${at}`) : `${wording.name(branch)}${at === '' ? '' : ` at ${at}`}`
  return `${named === '' ? wording.phrase(source.name) : named}${age === '' ? '' : ` (${age})`}`
}

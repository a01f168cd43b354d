/** Gates: from which incidents on a run fails, and from which it warns. */
import { formatAmount } from './format.ts'
import { type Incident, type Report, SEVERITIES, type Severity } from './types.ts'

/** What a gate may be: a severity counts all incidents, `new-` only those that are new or worse than in the baseline. */
export const GATE_WORDS = [
  'none',
  'low',
  'medium',
  'high',
  'critical',
  'new-low',
  'new-medium',
  'new-high',
  'new-critical',
] as const satisfies readonly ('none' | Severity | `new-${Severity}`)[]
export type Gate = Exclude<(typeof GATE_WORDS)[number], 'none'>

/** null: nothing does. */
export interface Gates {
  readonly failOn: Gate | null
  readonly warnOn: Gate | null
}

/** What the gates say of a report. */
export interface GateVerdict {
  /** Why the run fails; `''` when it does not. */
  readonly failure: string
  /** What is to be said loudly though nothing fails, a sentence each. */
  readonly warnings: readonly string[]
}

/**
 * Holds a report against the gates. A gate that asks for what is new and has no baseline fails nothing, and that is a
 * warning; one that is reached and warns is silent when the run fails anyhow.
 */
export function judgeGates(report: Report, { failOn, warnOn }: Gates): GateVerdict {
  const failure = failOn === null ? '' : describeReached(report, 'fail-on', failOn)
  const warning = warnOn === null || failure !== '' ? '' : describeReached(report, 'warn-on', warnOn)
  return { failure, warnings: [...describeUnjudged(report, { failOn, warnOn }), ...(warning === '' ? [] : [warning])] }
}

/** The gates that cannot be judged, a sentence each. */
export function describeUnjudged(report: Report, { failOn, warnOn }: Gates): string[] {
  if (hasBaseline(report)) return []
  const named = [failOn === null ? '' : `fail-on ${failOn}`, warnOn === null ? '' : `warn-on ${warnOn}`]
  return named
    .filter((name) => name.includes('new-'))
    .map((name) => `'${name}' could not be judged: without a baseline nothing tells what is new.`)
}

/** How many incidents have each status, without the watch list (severity low). */
export interface StatusCounts {
  readonly new: number
  readonly worse: number
  readonly known: number
  readonly fixed: number
}

/** @returns null without a baseline */
export function countStatuses({ incidents, comparison }: Report): StatusCounts | null {
  if (comparison === null) return null
  const found = incidents.filter(({ severity }) => severity !== 'low')
  const count = (wanted: Incident['status']) => found.filter(({ status }) => status === wanted).length
  const fixed = comparison.fixed.filter(({ incident }) => incident.severity !== 'low').length
  return { new: count('new'), worse: count('worse'), known: count('known'), fixed }
}

/** A report that was read from a file may have no comparison, but its incidents have their status. */
function hasBaseline({ comparison, incidents }: Report): boolean {
  return comparison !== null || incidents.some(({ status }) => status !== null)
}

function describeReached({ incidents }: Report, name: string, gate: Gate): string {
  const reached = incidents.filter((incident) => isReached(incident, gate))
  if (reached.length === 0) return ''
  const worst = SEVERITIES.find((severity) => reached.some((incident) => incident.severity === severity))
  const isOne = reached.length === 1
  return `API anomalies reached '${name}' ${gate}: ${formatAmount(reached.length, 'incident')}, ${isOne ? 'which is' : 'the worst is'} ${worst}`
}

function isReached({ severity, status, acknowledged }: Incident, gate: Gate): boolean {
  const at = SEVERITIES.indexOf(severity)
  const least = SEVERITIES.findIndex((candidate) => gate === candidate || gate === `new-${candidate}`)
  if (at > least) return false
  return !gate.startsWith('new-') || ((status === 'new' || status === 'worse') && acknowledged === null)
}

import { matchesScope } from '../scopes.ts'
import { type Acknowledgement, type Ignore, type Incident, SEVERITIES } from '../types.ts'

/** An expected one is plainly acknowledged. */
const AS: Readonly<Record<Acknowledgement, string>> = {
  expected: '',
  'false alarm': ' as a false alarm',
  'new normal': ' as the new normal',
}

/** Moves accepted incidents to the watch list and says so; warns of entries that have expired or match nothing. */
export function acknowledge(
  incidents: readonly Incident[],
  ignore: readonly Ignore[],
  now: number,
): { incidents: Incident[]; notes: string[] } {
  const notes: string[] = []
  const used = new Set<Ignore>()
  const active = ignore.filter((entry) => !(entry.until <= now))
  const result = incidents.map((incident) => {
    const entry = active.find((candidate) => matches(candidate, incident))
    if (entry === undefined) return incident
    used.add(entry)
    const why = entry.reason === '' ? '' : `: ${entry.reason}`
    const explanation = `${incident.explanation} Acknowledged${AS[entry.verdict]}${why}.`
    return { ...incident, severity: 'low' as const, acknowledged: entry.verdict, explanation }
  })
  for (const entry of ignore) {
    const name = entry.fingerprint ?? entry.category ?? 'scope'
    if (!active.includes(entry))
      notes.push(`The ignore entry for ${name} has expired on ${new Date(entry.until).toISOString().slice(0, 10)}.`)
    else if (!used.has(entry)) notes.push(`The ignore entry for ${name} matches no incident.`)
  }
  result.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.start - b.start)
  return { incidents: renumber(result), notes }
}

function matches(entry: Ignore, incident: Incident): boolean {
  if (entry.fingerprint !== null) return entry.fingerprint === incident.fingerprint
  if (entry.category !== null && entry.category !== incident.category) return false
  return matchesScope(incident.scope, entry.scope)
}

/** Ids follow the order of the report; references follow the ids. */
function renumber(incidents: readonly Incident[]): Incident[] {
  const ids = new Map(incidents.map(({ id }, i) => [id, `I${i + 1}`]))
  return incidents.map((incident) => ({
    ...incident,
    id: ids.get(incident.id)!,
    related: incident.related.flatMap((id) => ids.get(id) ?? []),
  }))
}

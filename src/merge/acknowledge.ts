import { DIMENSIONS, type Ignore, type Incident, SEVERITIES } from '../types.ts'

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
    return { ...incident, severity: 'low' as const, explanation: `${incident.explanation} Acknowledged${why}.` }
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
  return DIMENSIONS.every((dimension) => {
    const pattern = entry.scope[dimension]
    return pattern === undefined || matchesPattern(incident.scope[dimension] ?? '', pattern)
  })
}

/** `*` stands for any run of characters; compared piece by piece, so that no pattern can be slow. */
function matchesPattern(value: string, pattern: string): boolean {
  const pieces = pattern.split('*')
  if (pieces.length === 1) return value === pattern
  if (!value.startsWith(pieces[0])) return false
  let at = pieces[0].length
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  const last = pieces.at(-1)!
  return value.length - last.length >= at && value.endsWith(last)
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

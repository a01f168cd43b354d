import type { Incident, Report, Scope } from '../../src/types.ts'

/** A planted event, as in truth.json. */
export interface Event {
  readonly start: string
  readonly end: string
  readonly category: Incident['category']
  readonly scope: Scope
  readonly metric: string
  readonly size: number
}

/** How a report answers to what was planted. */
export interface Score {
  /** Per event: found at medium or above, in time, with the right category and scope. */
  readonly found: readonly boolean[]
  /** Per event: the incident that matches it in time and category, whatever its scope and severity. */
  readonly nearest: readonly (Incident | null)[]
  /** Incidents above low that overlap no event of their category. */
  readonly surplus: readonly Incident[]
}

/** Matches incidents to events by category and overlap in time; an exact scope is needed to count as found. */
export function scoreReport({ incidents }: Report, events: readonly Event[]): Score {
  const reported = incidents.filter(({ severity }) => severity !== 'low')
  const overlaps = (incident: Incident, event: Event) =>
    incident.category === event.category &&
    incident.start < Date.parse(event.end) &&
    incident.end > Date.parse(event.start)
  const exact = (incident: Incident, event: Event) => sameScope(incident.scope, event.scope)
  return {
    found: events.map((event) => reported.some((incident) => overlaps(incident, event) && exact(incident, event))),
    nearest: events.map((event) => {
      const near = incidents.filter((incident) => overlaps(incident, event))
      return near.find((incident) => exact(incident, event)) ?? near[0] ?? null
    }),
    surplus: reported.filter((incident) => !events.some((event) => overlaps(incident, event))),
  }
}

function sameScope(a: Scope, b: Scope): boolean {
  const text = (scope: Scope) => JSON.stringify(Object.entries(scope).sort())
  return text(a) === text(b)
}

/** A scope for the scoreboard. */
export function formatPlace(scope: Scope): string {
  const parts = Object.entries(scope).map(([dimension, value]) => `${dimension} ${value}`)
  return parts.length === 0 ? 'all traffic' : parts.join(' · ')
}

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

/** What somebody says is wrong: an incident of ours, an alarm of a peer. */
export interface Claim {
  readonly category: Incident['category']
  readonly scope: Scope
  /** ms UTC; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/** How claims answer to what was planted. */
export interface Score<C extends Claim = Incident> {
  /** Per event: found at medium or above, in time, with the right category and scope. */
  readonly found: readonly boolean[]
  /** Per event: the claim that matches it in time and category, whatever its scope; one above low before others. */
  readonly nearest: readonly (C | null)[]
  /** Claims above low that overlap no event of their category. */
  readonly surplus: readonly C[]
}

/** Whether a scope is an event's. */
export type ScopeTest = (scope: Scope, event: Event) => boolean

const hasSameWords: ScopeTest = (scope, event) => sameScope(scope, event.scope)

/**
 * Matches incidents to events by category and overlap in time; an exact scope is needed to count as found.
 *
 * @param isExact whether an incident's scope is the event's; by default when it has the same words
 */
export function scoreReport({ incidents }: Report, events: readonly Event[], isExact: ScopeTest = hasSameWords): Score {
  const reported = incidents.filter(({ severity }) => severity !== 'low')
  const score = scoreClaims(reported, events, isExact)
  const any = scoreClaims(incidents, events, isExact)
  return { ...score, nearest: score.nearest.map((incident, i) => incident ?? any.nearest[i]) }
}

/** The same for claims that have no severity. */
export function scoreClaims<C extends Claim>(
  claims: readonly C[],
  events: readonly Event[],
  isExact: ScopeTest = hasSameWords,
): Score<C> {
  const overlaps = (claim: Claim, event: Event) =>
    claim.category === event.category && claim.start < Date.parse(event.end) && claim.end > Date.parse(event.start)
  const exact = (claim: Claim, event: Event) => isExact(claim.scope, event)
  return {
    found: events.map((event) => claims.some((claim) => overlaps(claim, event) && exact(claim, event))),
    nearest: events.map((event) => {
      const near = claims.filter((claim) => overlaps(claim, event))
      return near.find((claim) => exact(claim, event)) ?? near[0] ?? null
    }),
    surplus: claims.filter((claim) => !events.some((event) => overlaps(claim, event))),
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

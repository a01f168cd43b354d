import { betaBinomialUpperTail } from '../math/distributions.ts'
import { completeScope, overlapOf, type Places, relateScopes, type ScopeRelation } from '../scopes.ts'
import type { Incident, KnownIncident, Status } from '../types.ts'

/** An incident is worse when its effect has grown by this factor, not by a few points of chance or taste. */
const WORSE_FACTOR = 1.5
/** And, for shares, when the baseline's own share would give as much in fewer than one of a thousand runs: ln 0.001. */
const WORSE_LOG_P = -6.907755
/** Scopes that share this part of their requests are two names of one place. */
const SAME_PART = 0.5
/** A drop is also worse when at most this part is left of the traffic that was left. */
const LEFT_PART = 0.5

/** An incident of the baseline that is the same as one of this log, and how this one's scope lies to it. */
export interface Match {
  readonly before: KnownIncident
  readonly relation: Exclude<ScopeRelation, 'other'>
}

/**
 * The baseline's incident that one of this log is the same as: of the same kind, in the same scope or else in the
 * nearest one that shares most of its requests, holds it or is held by it (the same fault is named a little
 * differently in another log).
 *
 * @param places of both logs
 */
export function findMatch(incident: KnownIncident, before: readonly KnownIncident[], places: Places): Match | null {
  const scope = completeScope(incident.scope, places)
  let best: Match | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of before) {
    if (!isSameKind(incident, candidate)) continue
    const nested = relateScopes(scope, completeScope(candidate.scope, places))
    const isAlike = nested !== 'equal' && overlapOf(incident.scope, candidate.scope, places) >= SAME_PART
    const relation = isAlike ? 'equal' : nested
    if (relation === 'other') continue
    const distance = nested === 'equal' ? 0 : isAlike ? 0.5 : 1 + Math.abs(sizeOf(incident) - sizeOf(candidate))
    if (distance >= bestDistance) continue
    best = { before: candidate, relation }
    bestDistance = distance
  }
  return best
}

/** @param match null: the baseline has nothing like it */
export function judgeStatus(incident: Incident, match: Match | null): Status {
  if (match === null) return 'new'
  return match.relation === 'wider' || isWorse(incident, match.before) ? 'worse' : 'known'
}

function isWorse(now: KnownIncident, before: KnownIncident): boolean {
  switch (now.category) {
    case 'traffic_drop':
      if (now.effect >= before.effect) return false
      return now.effect <= WORSE_FACTOR * before.effect || 1 + now.effect <= LEFT_PART * (1 + before.effect)
    case 'traffic_surge':
      return now.effect >= WORSE_FACTOR * before.effect
    case 'latency_surge':
      // A ratio of medians: what is over 1 is the effect.
      return now.effect - 1 >= WORSE_FACTOR * (before.effect - 1)
    case 'outlier':
      return false
    default: {
      if (now.actual - now.expected < WORSE_FACTOR * (before.actual - before.expected)) return false
      const [bad, good] = [before.affected, before.support - before.affected]
      return betaBinomialUpperTail(now.affected, now.support, bad + 0.5, Math.max(0, good) + 0.5) <= WORSE_LOG_P
    }
  }
}

/** Errors of clients and of servers are one category, and two kinds. */
function isSameKind(a: KnownIncident, b: KnownIncident): boolean {
  return a.category === b.category && (a.category !== 'error_spike' || a.metric === b.metric)
}

const sizeOf = ({ scope }: KnownIncident) => Object.keys(scope).length

import type { Minimum, Severity } from '../types.ts'
import type { Draft } from './draft.ts'

/** A share below `minimum.share` still counts when it is this many times the expected one, with a few bad requests. */
const RARE_RATIO = 20
const RARE_BAD = 5
/** A surge of one or two windows is a bot or a retry until traffic doubles. */
const SHORT_SURGE_WINDOWS = 2
const SHORT_SURGE = 1

/** Whether an incident is large enough to matter. */
export function isLargeEnough(draft: Draft, minimum: Minimum): boolean {
  const { actual, expected, effect, support, affected } = draft
  switch (draft.metric) {
    case 'requests':
    case 'traffic_share':
      if (draft.category === 'traffic_drop') return effect <= -minimum.traffic
      return (
        effect >=
        (draft.to - draft.from <= SHORT_SURGE_WINDOWS ? Math.max(SHORT_SURGE, minimum.traffic) : minimum.traffic)
      )
    case 'slow_share':
      return support >= minimum.requests && effect >= minimum.latency && actual >= expected + minimum.share
    case 'multivariate':
      return support >= minimum.requests
    default:
      if (support < minimum.requests || affected < 2) return false
      if (actual >= expected + minimum.share && actual >= 2 * expected) return true
      return affected >= RARE_BAD && actual >= RARE_RATIO * expected
  }
}

/**
 * Effect and reach: critical is at least half of the scope's requests bad, traffic down by 80 % or latency fourfold,
 * with 5 % of all requests in reach; high a tenth bad, traffic halved or tripled, latency doubled, with 1 % in reach,
 * or a critical effect with less. Client errors are the clients' and never above medium.
 */
export function judgeSeverity(draft: Draft): Severity {
  if (!draft.significant) return 'low'
  const { metric, effect, actual, reach } = draft
  if (metric === 'client_error_share' || metric === 'multivariate') return 'medium'
  let critical = actual >= 0.5
  let high = actual >= 0.1
  if (metric === 'requests' || metric === 'traffic_share') {
    critical = effect <= -0.8
    high = effect <= -0.5 || effect >= 2
  } else if (metric === 'slow_share') {
    critical = effect >= 4
    high = effect >= 2
  }
  if (critical) return reach >= 0.05 ? 'critical' : 'high'
  return high && reach >= 0.01 ? 'high' : 'medium'
}

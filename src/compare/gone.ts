import { betaBinomialLowerTail } from '../math/distributions.ts'
import { type Features, type GoneIncident, type KnownIncident, SHARE_COLUMNS, type ShareMetric } from '../types.ts'

/** The incident, were it still there, would show as little as this log does in fewer than one of a hundred: ln 0.01. */
const GONE_LOG_P = -4.60517
/** With fewer requests in the scope, that traffic is as usual again says nothing. */
const FEWEST_REQUESTS = 30

/** Looks for an incident of the baseline that was not found in this log: whether it is gone, or cannot be told. */
export function judgeGone(incident: KnownIncident, features: Features): { gone: GoneIncident; isFixed: boolean } {
  const { table, scopeTest, shareTest } = features
  const inside = scopeTest(incident.scope)
  const { metric } = incident
  const test = isShareMetric(metric) ? shareTest(metric) : null
  let requests = 0
  let affected = 0
  for (let row = 0; row < table.rows; row++) {
    if (!inside(row)) continue
    const outcome = test === null ? 0 : test(row)
    if (outcome === -1) continue
    requests++
    affected += outcome
  }
  if (test === null) {
    return { gone: { incident, requests, affected: Number.NaN }, isFixed: requests >= FEWEST_REQUESTS }
  }
  const good = Math.max(0, incident.support - incident.affected)
  const logP = requests === 0 ? 0 : betaBinomialLowerTail(affected, requests, incident.affected + 0.5, good + 0.5)
  return { gone: { incident, requests, affected }, isFixed: logP <= GONE_LOG_P }
}

function isShareMetric(metric: string): metric is ShareMetric {
  return metric in SHARE_COLUMNS
}

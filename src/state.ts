import { formatAmount } from './format.ts'
import type { Baseline, Incident, State, StateSource } from './types.ts'

/**
 * What a run leaves for those that compare themselves with it. A run that brought a critical or high incident must not
 * be a baseline, or the regression would be usual from then on; one that was known before, or acknowledged, may.
 *
 * @param incidents with their status; without a baseline all of them count as new
 */
export function buildState(source: StateSource, baseline: Baseline, incidents: readonly Incident[]): State {
  const grave = incidents.filter(
    ({ severity, status, acknowledged }) =>
      (severity === 'critical' || severity === 'high') && status !== 'known' && acknowledged === null,
  )
  const kept = incidents.filter(({ severity, acknowledged }) => severity !== 'low' || acknowledged === 'expected')
  return {
    source,
    unfit: grave.length === 0 ? '' : `it brought ${formatAmount(grave.length, 'critical or high incident')}`,
    baseline,
    incidents: kept.map((incident) => ({
      fingerprint: incident.fingerprint,
      category: incident.category,
      severity: incident.severity,
      start: incident.start,
      end: incident.end,
      scope: incident.scope,
      metric: incident.metric,
      unit: incident.unit,
      actual: incident.actual,
      expected: incident.expected,
      support: incident.support,
      affected: incident.affected,
      effect: incident.effect,
    })),
  }
}

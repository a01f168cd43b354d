import type { Finding, Metric, Sensitivity, TestCount, Verdicts } from './types.ts'

/** Expected false alarms per run, by sensitivity. A reviewer mutes a bot after its second one. */
export const FALSE_ALARMS_PER_RUN: Readonly<Record<Sensitivity, number>> = { low: 0.0005, normal: 0.005, high: 0.05 }

/** What would be rejected at a level this many times laxer is watched, not reported. */
export const WATCH_FACTOR = 200

/** How the budget of false alarms is split: what hurts users most gets most. Sums to 1. */
const METRIC_WEIGHT: Readonly<Record<Metric, number>> = {
  silent_failure_share: 0.18,
  server_error_share: 0.18,
  slow_share: 0.18,
  requests: 0.2,
  traffic_share: 0.13,
  client_error_share: 0.03,
  multivariate: 0.1,
}
/** Few slices are broad and many are narrow: each level gets its part, or the many would leave nothing to the few. */
const LEVEL_WEIGHT = [0.3, 0.4, 0.3] as const

/**
 * Turns evidence into verdicts at a bounded expected number of false alarms per run, not at a false discovery rate:
 * one true incident rejects dozens of nested intervals, and under Benjamini–Hochberg each would license false ones.
 * A finding is significant when p ≤ γ·w/m, with m the tests of its metric and level that could reject, and w its part
 * of the budget (weighted Bonferroni; Tarone 1990 for leaving out tests that cannot reject).
 *
 * @param gamma expected false alarms per run, > 0
 */
export function decide(tests: readonly TestCount[], gamma: number): Verdicts {
  const counts = new Map<string, { metric: Metric; level: 0 | 1 | 2; judged: number }>()
  for (const { metric, level, judged } of tests) {
    if (judged === 0) continue
    const key = `${metric}/${level}`
    counts.set(key, { metric, level, judged: judged + (counts.get(key)?.judged ?? 0) })
  }
  const levelWeights = new Map<Metric, number>()
  for (const { metric, level } of counts.values()) {
    levelWeights.set(metric, (levelWeights.get(metric) ?? 0) + LEVEL_WEIGHT[level])
  }
  let judged = 0
  let expectedFalseAlarms = 0
  const budgets = new Map<string, { log: number; weight: number }>()
  for (const [key, count] of counts) {
    const weight = (METRIC_WEIGHT[count.metric] * LEVEL_WEIGHT[count.level]) / levelWeights.get(count.metric)!
    budgets.set(key, { log: Math.log((gamma * weight) / count.judged), weight })
    judged += count.judged
    expectedFalseAlarms += gamma * weight
  }
  const budgetOf = (finding: Pick<Finding, 'metric' | 'level'>) => {
    const budget = budgets.get(`${finding.metric}/${finding.level}`)
    if (budget === undefined) throw new Error(`no tests were counted for ${finding.metric} at level ${finding.level}`)
    return budget
  }
  const logWatch = Math.log(WATCH_FACTOR)
  return {
    threshold: (finding) => budgetOf(finding).log,
    isSignificant: (finding) => finding.logP <= budgetOf(finding).log,
    isWatched: (finding) => finding.logP <= budgetOf(finding).log + logWatch,
    qValue: (finding) => Math.min(1, gamma * Math.exp(finding.logP - budgetOf(finding).log)),
    judged,
    expectedFalseAlarms,
  }
}

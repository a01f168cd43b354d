import { attainedLevel } from './math/attained-level.ts'
import { octaveOf } from './math/octave.ts'
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

/** Tests that attain little of their level get no more than this many times the level that all of them could be rejected at. */
const MOST_GAIN = 256
/** Halvings of the span of possible levels, as a ratio: the last one decides about 2 %. */
const HALVINGS = 8

/**
 * The natural logarithm of the greatest level at which tests may be rejected so that no more than the budget is expected:
 * a greater level is attained no less often.
 */
function spend(budget: number, tests: readonly TestCount[]): number {
  const exceeds = (logLevel: number) => {
    const level = Math.exp(logLevel)
    return tests.reduce((sum, test) => sum + countWorth(test, level), 0) * level > budget
  }
  let low = Math.log(budget / tests.reduce((sum, { judged }) => sum + judged, 0))
  if (tests.every(({ counted }) => counted === undefined)) return low
  let high = low + Math.log(MOST_GAIN)
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (exceeds(middle)) high = middle
    else low = middle
  }
  return low
}

/** With this many expected or more, counts lie so close that a test attains most of its level: all of it, to be careful. */
const MANY_EXPECTED = 8

/** How many tests they are worth that attain the whole level. */
function countWorth({ judged, counted }: TestCount, level: number): number {
  if (counted === undefined) return judged
  let worth = 0
  for (const { expected, spread, tests } of counted) {
    const attained = expected < MANY_EXPECTED ? attainedLevel(expected, spread, level) : level
    worth += tests * Math.min(1, attained / level)
  }
  return Math.min(judged, worth)
}

/** The octave of tests that share one budget whatever their length. */
const ANY_LENGTH = -1

/**
 * Turns evidence into verdicts at a bounded expected number of false alarms per run, not at a false discovery rate:
 * one true incident rejects dozens of nested intervals, and under Benjamini–Hochberg each would license false ones.
 * A finding is significant when p ≤ γ·w/m, with m the tests of its metric and level that could reject, and w its part
 * of the budget (weighted Bonferroni; Tarone 1990 for leaving out tests that cannot reject). Tests that attain only a part of
 * their level count as that part: the threshold is where what chance can exceed adds up to the budget. Where intervals of many
 * lengths are judged each octave of lengths gets the same part: how long a fault lasts is unknown in scale, and the many
 * short intervals would leave nothing to the few long ones.
 *
 * @param gamma expected false alarms per run, > 0
 */
export function decide(tests: readonly TestCount[], gamma: number): Verdicts {
  const counts = new Map<string, { metric: Metric; level: 0 | 1 | 2; octaves: Map<number, TestCount[]> }>()
  for (const test of tests) {
    const { metric, level, octave = ANY_LENGTH, judged } = test
    if (judged === 0) continue
    const key = `${metric}/${level}`
    const { octaves } = counts.get(key) ?? { octaves: new Map<number, TestCount[]>() }
    octaves.set(octave, [...(octaves.get(octave) ?? []), test])
    counts.set(key, { metric, level, octaves })
  }
  const levelWeights = new Map<Metric, number>()
  for (const { metric, level } of counts.values()) {
    levelWeights.set(metric, (levelWeights.get(metric) ?? 0) + LEVEL_WEIGHT[level])
  }
  let judged = 0
  let expectedFalseAlarms = 0
  const thresholds = new Map<string, number>()
  /** For octaves in which nothing was judged, and where tests share one budget whatever their length. */
  const strictest = new Map<string, number>()
  for (const [key, { metric, level, octaves }] of counts) {
    const weight = (METRIC_WEIGHT[metric] * LEVEL_WEIGHT[level]) / levelWeights.get(metric)!
    for (const [octave, together] of octaves) {
      const threshold = spend((gamma * weight) / octaves.size, together)
      thresholds.set(`${key}/${octave}`, threshold)
      strictest.set(key, Math.min(threshold, strictest.get(key) ?? 0))
      judged += together.reduce((sum, test) => sum + test.judged, 0)
    }
    expectedFalseAlarms += gamma * weight
  }
  const thresholdOf = ({ metric, level, from, to }: Pick<Finding, 'metric' | 'level' | 'from' | 'to'>) => {
    const key = `${metric}/${level}`
    const threshold = thresholds.get(`${key}/${octaveOf(to - from)}`) ?? strictest.get(key)
    if (threshold === undefined) throw new Error(`no tests were counted for ${metric} at level ${level}`)
    return threshold
  }
  const logWatch = Math.log(WATCH_FACTOR)
  return {
    threshold: thresholdOf,
    isSignificant: (finding) => finding.logP <= thresholdOf(finding),
    isWatched: (finding) => finding.logP <= thresholdOf(finding) + logWatch,
    qValue: (finding) => Math.min(1, gamma * Math.exp(finding.logP - thresholdOf(finding))),
    judged,
    expectedFalseAlarms,
  }
}

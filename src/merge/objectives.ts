import { quantileSorted } from '../math/stats.ts'
import { type BrokenLatency, DIMENSIONS, type Features, type Finding, type Verdicts } from '../types.ts'
import type { Draft } from './draft.ts'

/** A broken latency objective as a draft over the whole log: actual and promised p95 in milliseconds. */
export function draftBrokenLatency(broken: BrokenLatency, features: Features, verdicts: Verdicts): Draft {
  const { table, grid } = features
  const scope = { endpoint: broken.endpoint }
  const inside = features.scopeTest(scope)
  const durations: number[] = []
  for (let row = 0; row < table.rows; row++) {
    if (inside(row) && !Number.isNaN(table.durationMs[row])) durations.push(table.durationMs[row])
  }
  const p95 = quantileSorted(Float64Array.from(durations).sort(), 0.95)
  const finding: Finding = {
    category: 'latency_surge',
    metric: 'slow_share',
    detector: 'objective',
    slice: 0,
    level: 1,
    from: 0,
    to: grid.windows,
    logP: broken.logP,
    actual: broken.slow / broken.total,
    expected: 0.05,
    support: broken.total,
  }
  return {
    category: 'latency_surge',
    metric: 'slow_share',
    detectors: ['objective'],
    scope,
    from: 0,
    to: grid.windows,
    actual: p95,
    expected: broken.limitMs,
    lower: 0,
    upper: broken.limitMs,
    support: broken.total,
    affected: broken.slow,
    effect: p95 / broken.limitMs,
    logP: broken.logP,
    qValue: verdicts.qValue(finding),
    significant: verdicts.isSignificant(finding),
    reach: broken.total / Math.max(1, table.rows),
    findings: [],
  }
}

/** A broken objective that an incident of the same metric and scope already tells is one more detector of it. */
export function uniteObjectives(incidents: readonly Draft[], broken: readonly Draft[]): Draft[] {
  const result = [...incidents]
  for (const draft of broken) {
    const at = result.findIndex(
      (other) =>
        other.significant &&
        other.metric === draft.metric &&
        DIMENSIONS.every((d) => other.scope[d] === draft.scope[d]),
    )
    if (at < 0) result.push(draft)
    else result[at] = { ...result[at], detectors: [...result[at].detectors, 'objective'] }
  }
  return result
}

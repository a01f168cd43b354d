import type { Draft } from './draft.ts'

/**
 * Joins drafts of one metric, direction and scope that touch, or that a lull no longer than the shorter of them parts:
 * a reader sees one incident there.
 */
export function joinFragments(drafts: readonly Draft[]): Draft[] {
  const result: Draft[] = []
  for (const draft of [...drafts].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const at = result.findIndex((other) => isSame(other, draft) && draft.from - other.to <= lull(other, draft))
    if (at < 0) result.push(draft)
    else result[at] = join(result[at], draft)
  }
  return result
}

const lull = (a: Draft, b: Draft) => Math.min(a.to - a.from, b.to - b.from)

function isSame(a: Draft, b: Draft): boolean {
  return a.category === b.category && a.metric === b.metric && JSON.stringify(a.scope) === JSON.stringify(b.scope)
}

function join(a: Draft, b: Draft): Draft {
  const stronger = a.logP <= b.logP ? a : b
  const support = a.support + b.support
  // What is missing weighs too: a fragment without a single request is the strongest drop there is.
  const weightOf = (draft: Draft) =>
    draft.category === 'traffic_drop' ? draft.support + draft.affected : draft.support
  const weight = Math.max(1, weightOf(a) + weightOf(b))
  const weigh = (value: (draft: Draft) => number) => (value(a) * weightOf(a) + value(b) * weightOf(b)) / weight
  const counts = a.metric === 'requests'
  return {
    ...stronger,
    detectors: [...new Set([...a.detectors, ...b.detectors])],
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    support,
    affected: a.affected + b.affected,
    actual: counts ? a.actual + b.actual : weigh((draft) => draft.actual),
    expected: counts ? a.expected + b.expected : weigh((draft) => draft.expected),
    lower: counts ? a.lower + b.lower : stronger.lower,
    upper: counts ? a.upper + b.upper : stronger.upper,
    effect: counts
      ? (a.actual + b.actual) / Math.max(a.expected + b.expected, 1e-9) - 1
      : weigh((draft) => draft.effect),
    significant: a.significant || b.significant,
    findings: [...a.findings, ...b.findings].sort((x, y) => x.logP - y.logP),
  }
}

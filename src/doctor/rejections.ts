import type { Rejected } from '../types.ts'

export interface Rejections {
  /** The rule that the lines broke, without their values. */
  readonly reason: string
  readonly count: number
  readonly example: Rejected
}

/** Rejected lines by the rule that they broke, most frequent first. */
export function groupRejections(rejected: readonly Rejected[]): Rejections[] {
  const byReason = new Map<string, Rejections>()
  for (const line of rejected) {
    // The value is the line's own; the rule is what lines share.
    const reason = line.reason.replace(/, got .*$/s, '')
    const known = byReason.get(reason)
    byReason.set(reason, { reason, count: (known?.count ?? 0) + 1, example: known?.example ?? line })
  }
  return [...byReason.values()].sort((a, b) => b.count - a.count)
}

import { sum } from '../math/stats.ts'
import type { Finding } from '../types.ts'
import { isBeyondDoubt } from './masks.ts'
import type { ShareInput, ShareKind } from './share-input.ts'
import { precisionOf, type Weigh } from './share-judge.ts'

/** An interval of at least this part of the log has a say in how much shares are thought to wander. */
const LASTING_PART = 1 / 16

export const isLong = ({ from, to }: Pick<Finding, 'from' | 'to'>, windows: number) =>
  to - from >= LASTING_PART * windows && to - from < windows

/** Whether a finding of a round that knows nothing of a lasting one's time confirms it. */
export function confirms(finding: Finding, lasting: Finding, windows: number): boolean {
  const isInside = finding.from >= lasting.from && finding.to <= lasting.to
  return isInside && isLong(finding, windows) && isBeyondDoubt(finding)
}

/**
 * Weighs what lasts as if shares wandered as they usually do: by the spread that was measured it may look faint, or like
 * nothing at all, for it may have taught that spread itself.
 */
export function createUsualWeigh({ typicalSpread }: ShareKind): Weigh {
  return ({ bad, total, share, doubt }, from, to) => {
    // What has a long memory (Hurst's exponent ¾) averages out like the root of the length, not like the length.
    const spread = typicalSpread / Math.sqrt(to - from)
    return { bad, total, share, precision: precisionOf(spread * share * (1 - share) + doubt) }
  }
}

/**
 * The suspect that stands out most, where that is beyond doubt. It must leave as many requests outside as it holds, for
 * they are what it is held against.
 *
 * @param suspects long intervals, by `createUsualWeigh`
 * @param inputs by slice
 */
export function findLasting(suspects: readonly Finding[], inputs: readonly (ShareInput | null)[]): Finding | null {
  let strongest: Finding | null = null
  for (const suspect of suspects) {
    if (!isBeyondDoubt(suspect) || (strongest !== null && suspect.logP >= strongest.logP)) continue
    if (sum(inputs[suspect.slice]!.series.total) >= 2 * suspect.support) strongest = suspect
  }
  return strongest
}

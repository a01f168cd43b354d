import { betaBinomialLowerTail, betaBinomialUpperTail } from '../math/distributions.ts'
import { sum } from '../math/stats.ts'
import type { Finding } from '../types.ts'
import { isBeyondDoubt } from './masks.ts'
import type { ShareInput, ShareKind } from './share-input.ts'

/** An interval of at least this part of the log has a say in how much shares are thought to wander. */
const LASTING_PART = 1 / 16

const isLong = ({ from, to }: Finding, windows: number) => to - from >= LASTING_PART * windows

/** Whether a finding of a round that knows nothing of a lasting one's time confirms it. */
export function confirms(finding: Finding, lasting: Finding, windows: number): boolean {
  const isInside = finding.from >= lasting.from && finding.to <= lasting.to
  return isInside && isLong(finding, windows) && isBeyondDoubt(finding)
}

/**
 * The finding that lasts and stands out most if shares wandered as they usually do, where that is beyond doubt: by the
 * spread that was measured it may look faint, for it may have taught that spread itself. It must leave as many requests
 * outside as it holds, for they are what it is held against. Null when there is none, and for shares that drift by nature:
 * without that time in it the spread would be too narrow for the rest.
 *
 * @param inputs by slice
 */
export function findLasting(
  { typicalSpread, drifts }: ShareKind,
  findings: readonly Finding[],
  inputs: readonly (ShareInput | null)[],
  windows: number,
): Finding | null {
  if (drifts) return null
  let strongest: Finding | null = null
  let least = 0
  for (const finding of findings) {
    const { slice, from, to, actual, expected, support } = finding
    if (!isLong(finding, windows) || to - from === windows) continue
    if (sum(inputs[slice]!.series.total) < 2 * support) continue
    // What has a long memory (Hurst's exponent ¾) averages out like the root of the length, not like the length.
    const spread = typicalSpread / Math.sqrt(to - from)
    const precision = 1 / (spread * expected * (1 - expected)) - 1
    const [alpha, beta] = [expected * precision, (1 - expected) * precision]
    const tail = actual > expected ? betaBinomialUpperTail : betaBinomialLowerTail
    const logP = tail(Math.round(actual * support), support, alpha, beta)
    if (!isBeyondDoubt({ ...finding, logP }) || logP >= least) continue
    strongest = finding
    least = logP
  }
  return strongest
}

import { betaBinomialLowerTail, betaBinomialUpperTail } from '../math/distributions.ts'
import type { Finding } from '../types.ts'
import { isBeyondDoubt } from './masks.ts'
import type { ShareInput, ShareKind } from './share-input.ts'

/** An interval of at least this part of the log has a say in how much shares are thought to wander. */
const LASTING_PART = 1 / 16

export const isLong = ({ from, to }: Finding, windows: number) => to - from >= LASTING_PART * windows

/** What moves from window to window averages out at least so far over as long. */
const AVERAGED = 4
/** What is likelier than this even under the spread that it made itself is not looked at twice. */
const SCREEN_LOG_P = Math.log(1e-4)

/**
 * The strongest finding that lasts and would be beyond doubt if shares wandered as they usually do: it
 * may have taught the spread that hides it. It must leave as many requests outside as it holds, for they are what it is
 * held against. Null when there is none, and for shares that drift by nature: without that time in it the spread would be
 * too narrow for the rest.
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
  const spread = typicalSpread / AVERAGED
  let strongest: Finding | null = null
  for (const finding of findings) {
    const { slice, from, to, logP, actual, expected, support } = finding
    if (!isLong(finding, windows) || to - from === windows || logP > SCREEN_LOG_P) continue
    if (strongest !== null && logP >= strongest.logP) continue
    if (sumOf(inputs[slice]!.series.total) < 2 * support) continue
    const precision = 1 / (spread * expected * (1 - expected)) - 1
    const [alpha, beta] = [expected * precision, (1 - expected) * precision]
    const tail = actual > expected ? betaBinomialUpperTail : betaBinomialLowerTail
    if (isBeyondDoubt({ ...finding, logP: tail(Math.round(actual * support), support, alpha, beta) }))
      strongest = finding
  }
  return strongest
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

import type { ShareInput, UnknownHours } from './share-input.ts'
import type { Expectation, ShareModel } from './share-model.ts'
import { expectFromSides } from './share-sides.ts'

/** Intervals up to this long are held against the hours beside them where their share is not known. */
const LONGEST_BESIDE_HOURS = 6

/** How an interval lies in hours in which its share is not known. */
export interface Strangeness {
  /** Part (0..1) of the interval's requests in such hours. */
  readonly part: number
  /** Variances of the logit: in such hours, and by the bend away from the hours around. */
  readonly spread: number
  readonly drift: number
  /** What the hours beside say; null where they cannot, or the interval is too long for it. */
  readonly beside: ReturnType<typeof expectFromSides>
}

/** @returns asks of an interval [from, to) with this expectation; null outside of such hours */
export function createStrangeness(
  model: ShareModel,
  input: ShareInput | null,
  windowMs: number,
): (expectation: Expectation, from: number, to: number) => Strangeness | null {
  const unknown = input?.unknown
  if (unknown === undefined || !unknown.windows.includes(1)) return () => null
  const { total } = input!.series
  let sums: Float64Array | null = null
  return (expectation, from, to) => {
    sums ??= sumUnknown(unknown, total)
    const part = (sums[to] - sums[from]) / Math.max(1, expectation.total)
    if (part <= 0) return null
    const hours = ((to - from) * windowMs) / 3_600_000
    return {
      part,
      spread: unknown.spread,
      drift: (unknown.driftPerHour * hours) ** 2,
      beside: hours <= LONGEST_BESIDE_HOURS ? expectFromSides(model, expectation, from, to) : null,
    }
  }
}

/** Requests of the first w windows that came in such hours. */
function sumUnknown(unknown: UnknownHours, total: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(total.length + 1)
  for (let w = 0; w < total.length; w++) sums[w + 1] = sums[w] + unknown.windows[w] * total[w]
  return sums
}

import type { Calendar } from './calendar.ts'
import type { ShareInput, ShareKind } from './share-input.ts'
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

/** A kind of day is known from outside an interval when so much of what the interval has of it was seen there. */
const SEEN_OUTSIDE = 0.25

/** @returns asks of an interval [from, to) with this expectation; null outside of such hours */
export function createStrangeness(
  model: ShareModel,
  input: ShareInput | null,
  kind: ShareKind,
  calendar: Calendar,
): (expectation: Expectation, from: number, to: number) => Strangeness | null {
  const unknown = input?.unknown
  if (unknown === undefined || !unknown.windows.includes(1)) {
    return kind.drifts && calendar.kindsKnown && !input?.baseline ? createUnseenDays(model, kind, calendar) : () => null
  }
  const { total } = input!.series
  let sums: Float64Array | null = null
  return (expectation, from, to) => {
    sums ??= sumMarked(unknown.windows, total)
    const part = (sums[to] - sums[from]) / Math.max(1, expectation.total)
    if (part <= 0) return null
    const hours = ((to - from) * calendar.windowMs) / 3_600_000
    return {
      part,
      spread: unknown.spread,
      drift: (unknown.driftPerHour * hours) ** 2,
      beside: hours <= LONGEST_BESIDE_HOURS ? expectFromSides(model, expectation, from, to) : null,
    }
  }
}

/** A version that came on a Sunday and has had one week since: what its weekdays are like only they themselves tell. */
function createUnseenDays({ series, sumTotal }: ShareModel, kind: ShareKind, calendar: Calendar) {
  const { windows, kindOf } = calendar
  let weekends: Float64Array | null = null
  return ({ total }: Expectation, from: number, to: number): Strangeness | null => {
    weekends ??= sumMarked(kindOf, series.total)
    const ofWeekends = weekends[to] - weekends[from]
    const elsewhere = weekends[windows] - ofWeekends
    const ofWeekdays = total - ofWeekends
    const weekdaysElsewhere = sumTotal[windows] - total - elsewhere
    const unseen =
      (elsewhere < SEEN_OUTSIDE * ofWeekends ? ofWeekends : 0) +
      (weekdaysElsewhere < SEEN_OUTSIDE * ofWeekdays ? ofWeekdays : 0)
    return unseen === 0 ? null : { part: unseen / total, spread: kind.typicalSpread, drift: 0, beside: null }
  }
}

/** Requests of the first w windows, of those that are marked. */
function sumMarked(marked: Uint8Array, total: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(total.length + 1)
  for (let w = 0; w < total.length; w++) sums[w + 1] = sums[w] + marked[w] * total[w]
  return sums
}

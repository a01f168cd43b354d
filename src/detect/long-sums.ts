import type { ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { createStrides, type ModelColumns, type Strides } from './model-columns.ts'

/** Sums over an interval's windows of what their expectations are made of, see `fitPhases`. */
export interface LongSums {
  fixed: number
  weight: number
}

/** What intervals of a day or more are summed up by. */
export interface LongParts {
  readonly strides: Strides
  readonly phaseBad: Float64Array
  readonly phaseTotal: Float64Array
  readonly phaseStrength: number
}

/**
 * Sums up [from, to), a day or more, whose windows share phases: all of the interval is left out of each. The windows of
 * one phase and kind of day have one expectation, so that this costs O(phases) however long the interval is.
 */
export function sumLong(
  { strides, phaseBad, phaseTotal, phaseStrength }: LongParts,
  { phases, phaseOf, kindsKnown }: Calendar,
  from: number,
  to: number,
  into: LongSums,
): void {
  // Weekdays alone leave nothing out of weekends.
  const hasWeekend = kindsKnown && strides.weekends[to] > strides.weekends[from]
  const [total, otherTotal] = strides.total
  const [used, otherUsed] = strides.used
  const [bad, otherBad] = strides.bad
  const days = Math.floor((to - from) / phases) * phases
  const more = to - days
  const end = from + phases
  let phase = phaseOf[from]
  let fixed = 0
  let weight = 0
  for (let first = from; first < end; first++) {
    const last = first + days + (first < more ? phases : 0)
    const requests = total[last] - total[first]
    const kindTotal = phaseTotal[phase] - (used[last] - used[first]) + phaseStrength
    const kindBad = phaseBad[phase] - (bad[last] - bad[first])
    if (hasWeekend) {
      const otherRequests = otherTotal[last] - otherTotal[first]
      const otherKindTotal = phaseTotal[phases + phase] - (otherUsed[last] - otherUsed[first]) + phaseStrength
      const otherKindBad = phaseBad[phases + phase] - (otherBad[last] - otherBad[first])
      const anyTotal = kindTotal + otherKindTotal - phaseStrength
      const anyBad = phaseStrength * (kindBad + otherKindBad)
      // One division serves both kinds.
      const per = 1 / (kindTotal * otherKindTotal * anyTotal)
      const part = requests * otherKindTotal * per
      const otherPart = otherRequests * kindTotal * per
      fixed += part * (kindBad * anyTotal + anyBad) + otherPart * (otherKindBad * anyTotal + anyBad)
      weight += (part + otherPart) * phaseStrength * phaseStrength
    } else if (kindsKnown) {
      const anyTotal = kindTotal + phaseTotal[phases + phase]
      const part = requests / (kindTotal * anyTotal)
      fixed += part * (kindBad * anyTotal + phaseStrength * (kindBad + phaseBad[phases + phase]))
      weight += part * phaseStrength * phaseStrength
    } else {
      const part = requests / kindTotal
      fixed += part * kindBad
      weight += part * phaseStrength
    }
    phase = phase + 1 < phases ? phase + 1 : 0
  }
  into.fixed = fixed
  into.weight = weight
}

/** The doubt of [from, to), summed up in the same way. */
export function sumLongDoubt(
  { strides, phaseTotal, phaseStrength }: LongParts,
  { phases, phaseOf, kindsKnown }: Calendar,
  from: number,
  to: number,
): number {
  const [used, otherUsed] = strides.used
  const [squares, otherSquares] = strides.squares
  const days = Math.floor((to - from) / phases) * phases
  const more = to - days
  const end = from + phases
  let doubt = 0
  for (let first = from; first < end; first++) {
    const last = first + days + (first < more ? phases : 0)
    const phase = phaseOf[first]
    const kindTotal = phaseTotal[phase] - (used[last] - used[first])
    const otherTotal = phaseTotal[phases + phase] - (otherUsed[last] - otherUsed[first])
    const anyTotal = kindTotal + otherTotal
    const anyWeight = phaseStrength / (anyTotal + phaseStrength)
    const weight = kindsKnown ? (anyWeight * phaseStrength) / (kindTotal + phaseStrength) : anyWeight
    const otherWeight = (anyWeight * phaseStrength) / (otherTotal + phaseStrength)
    const seasonal = (squares[last] - squares[first]) * (1 - weight) * (1 - weight)
    const otherSeasonal = (otherSquares[last] - otherSquares[first]) * (1 - otherWeight) * (1 - otherWeight)
    doubt += (seasonal + otherSeasonal) / Math.max(anyTotal, 1)
  }
  return doubt
}

/** Sums by phase of the first days, in the columns. */
export function sumStrides(
  { bad, total }: ShareSeries,
  calendar: Calendar,
  masked: Uint8Array | null,
  columns: ModelColumns,
): Strides {
  const { windows, phases, kindOf, kindsKnown } = calendar
  columns.strides ??= createStrides(calendar)
  const strides = columns.strides
  for (let kind = 0; kind < (kindsKnown ? 2 : 1); kind++) {
    const sumTotal = strides.total[kind]
    const sumUsed = strides.used[kind]
    const sumBad = strides.bad[kind]
    const sumSquares = strides.squares[kind]
    for (let w = 0; w < windows; w++) {
      const isOwn = kindOf[w] === kind
      const n = isOwn ? total[w] : 0
      const isUsed = isOwn && (masked === null || masked[w] !== 1)
      sumTotal[w + phases] = sumTotal[w] + n
      sumUsed[w + phases] = sumUsed[w] + (isUsed ? n : 0)
      sumBad[w + phases] = sumBad[w] + (isUsed ? bad[w] : 0)
      sumSquares[w + phases] = sumSquares[w] + n * n
    }
  }
  return strides
}

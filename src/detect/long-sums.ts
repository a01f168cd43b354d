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
  readonly phaseStrength: number
  /** Fills the squares, once. */
  readonly squareWindows: () => void
}

/**
 * Sums up [from, to), a day or more, whose windows share phases: all of the interval is left out of each. The windows of
 * one hour (or one phase, where that is longer) and kind of day have one expectation, so that this costs O(hours of a day)
 * however long the interval and however narrow the windows are.
 */
export function sumLong(
  { strides, phaseStrength }: LongParts,
  { phases, phasesPerHour, phaseOf, kindsKnown }: Calendar,
  from: number,
  to: number,
  into: LongSums,
): void {
  // Weekdays alone leave nothing out of weekends.
  const hasWeekend = kindsKnown && strides.weekends[to] > strides.weekends[from]
  const [total, otherTotal] = strides.total
  const [used, otherUsed] = strides.used
  const [bad, otherBad] = strides.bad
  const [phaseTotal, otherPhaseTotal] = strides.phaseTotal
  const [phaseBad, otherPhaseBad] = strides.phaseBad
  const days = Math.floor((to - from) / phases) * phases
  const more = to - days
  const end = from + phases
  let phase = phaseOf[from]
  let fixed = 0
  let weight = 0
  for (let first = from, last = from; first < end; first = last) {
    last = endOfHour(first, phasesPerHour, more, end)
    const far = days + (first < more ? phases : 0)
    const next = phase + last - first
    const requests = total[last + far] - total[first + far] - (total[last] - total[first])
    const kindTotal = phaseTotal[next] - phaseTotal[phase] - inside(used, first, last, far) + phaseStrength
    const kindBad = phaseBad[next] - phaseBad[phase] - inside(bad, first, last, far)
    if (hasWeekend) {
      const otherRequests = inside(otherTotal, first, last, far)
      const otherKindTotal =
        otherPhaseTotal[next] - otherPhaseTotal[phase] - inside(otherUsed, first, last, far) + phaseStrength
      const otherKindBad = otherPhaseBad[next] - otherPhaseBad[phase] - inside(otherBad, first, last, far)
      const anyTotal = kindTotal + otherKindTotal - phaseStrength
      const anyBad = phaseStrength * (kindBad + otherKindBad)
      // One division serves both kinds.
      const per = 1 / (kindTotal * otherKindTotal * anyTotal)
      const part = requests * otherKindTotal * per
      const otherPart = otherRequests * kindTotal * per
      fixed += part * (kindBad * anyTotal + anyBad) + otherPart * (otherKindBad * anyTotal + anyBad)
      weight += (part + otherPart) * phaseStrength * phaseStrength
    } else if (kindsKnown) {
      const anyTotal = kindTotal + otherPhaseTotal[next] - otherPhaseTotal[phase]
      const part = requests / (kindTotal * anyTotal)
      const anyBad = kindBad + otherPhaseBad[next] - otherPhaseBad[phase]
      fixed += part * (kindBad * anyTotal + phaseStrength * anyBad)
      weight += part * phaseStrength * phaseStrength
    } else {
      const part = requests / kindTotal
      fixed += part * kindBad
      weight += part * phaseStrength
    }
    phase = next < phases ? next : next - phases
  }
  into.fixed = fixed
  into.weight = weight
}

/** The doubt of [from, to), summed up in the same way. */
export function sumLongDoubt(
  { strides, phaseStrength, squareWindows }: LongParts,
  { phases, phasesPerHour, phaseOf, kindsKnown }: Calendar,
  from: number,
  to: number,
): number {
  squareWindows()
  const [used, otherUsed] = strides.used
  const [squares, otherSquares] = strides.squares
  const [phaseTotal, otherPhaseTotal] = strides.phaseTotal
  const days = Math.floor((to - from) / phases) * phases
  const more = to - days
  const end = from + phases
  let phase = phaseOf[from]
  let doubt = 0
  for (let first = from, last = from; first < end; first = last) {
    last = endOfHour(first, phasesPerHour, more, end)
    const far = days + (first < more ? phases : 0)
    const next = phase + last - first
    const kindTotal = phaseTotal[next] - phaseTotal[phase] - inside(used, first, last, far)
    const otherTotal = otherPhaseTotal[next] - otherPhaseTotal[phase] - inside(otherUsed, first, last, far)
    const anyTotal = kindTotal + otherTotal
    const anyWeight = phaseStrength / (anyTotal + phaseStrength)
    const weight = kindsKnown ? (anyWeight * phaseStrength) / (kindTotal + phaseStrength) : anyWeight
    const otherWeight = (anyWeight * phaseStrength) / (otherTotal + phaseStrength)
    const seasonal = inside(squares, first, last, far) * (1 - weight) * (1 - weight)
    const otherSeasonal = inside(otherSquares, first, last, far) * (1 - otherWeight) * (1 - otherWeight)
    // Windows that share an expectation err alike: as often as there are of them.
    doubt += ((last - first) * (seasonal + otherSeasonal)) / Math.max(anyTotal, 1)
    phase = next < phases ? next : next - phases
  }
  return doubt
}

/** Where the hour that begins at a window ends: at the latest where the interval's last, shorter day does. */
function endOfHour(first: number, phasesPerHour: number, more: number, end: number): number {
  const last = Math.min(first + phasesPerHour, end)
  return first < more && last > more ? more : last
}

/** What windows [first, last) hold in the days of an interval, see Strides. */
function inside(column: Float64Array, first: number, last: number, far: number): number {
  return column[last + far] - column[first + far] - (column[last] - column[first])
}

/** Fills the columns' strides for a series; those of squares when they are first asked for. */
export function sumStrides(
  { bad, total }: ShareSeries,
  calendar: Calendar,
  masked: Uint8Array | null,
  phaseStrength: number,
  columns: ModelColumns,
): LongParts {
  const { windows, phases, kindOf, kindsKnown } = calendar
  columns.strides ??= createStrides(calendar)
  const strides = columns.strides
  strides.used = masked === null ? strides.total : strides.usedOfMasked
  const kinds = kindsKnown ? [0, 1] : [0]
  for (const kind of kinds) {
    const sumTotal = strides.total[kind]
    const sumBad = strides.bad[kind]
    for (let w = 0, at = phases; w < windows; w++, at++) {
      const isOwn = kindOf[w] === kind
      sumTotal[at + 1] = sumTotal[at] + sumTotal[w + 1] - sumTotal[w] + (isOwn ? total[w] : 0)
      const teaches = isOwn && (masked === null || masked[w] !== 1)
      sumBad[at + 1] = sumBad[at] + sumBad[w + 1] - sumBad[w] + (teaches ? bad[w] : 0)
    }
    if (masked !== null) {
      const sumUsed = strides.usedOfMasked[kind]
      for (let w = 0, at = phases; w < windows; w++, at++) {
        const teaches = kindOf[w] === kind && masked[w] !== 1
        sumUsed[at + 1] = sumUsed[at] + sumUsed[w + 1] - sumUsed[w] + (teaches ? total[w] : 0)
      }
    }
    sumAround(columns.phaseTotal, kind, phases, strides.phaseTotal[kind])
    sumAround(columns.phaseBad, kind, phases, strides.phaseBad[kind])
  }
  let areSquared = false
  return {
    strides,
    phaseStrength,
    squareWindows() {
      if (areSquared) return
      areSquared = true
      for (const kind of kinds) {
        const sumSquares = strides.squares[kind]
        for (let w = 0, at = phases; w < windows; w++, at++) {
          const own = kindOf[w] === kind ? total[w] * total[w] : 0
          sumSquares[at + 1] = sumSquares[at] + sumSquares[w + 1] - sumSquares[w] + own
        }
      }
    },
  }
}

/** Sums over the phases of a kind of day, twice around. */
function sumAround(values: Float64Array, kind: number, phases: number, into: Float64Array): void {
  for (let phase = 0; phase < 2 * phases; phase++)
    into[phase + 1] = into[phase] + values[kind * phases + (phase % phases)]
}

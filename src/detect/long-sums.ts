import type { ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { createStrides, type ModelColumns, type Strides } from './model-columns.ts'

/** Sums over an interval's windows of what their expectations are made of, see `fitShareModel`. */
export interface LongSums {
  readonly fixed: number
  readonly weight: number
  readonly doubt: number
}

/**
 * Sums over intervals of a day or more, whose windows share phases: all of the interval is left out of each phase.
 *
 * @param columns with the sums of all windows by phase
 * @param phaseStrength finite
 * @returns `sum`, in O(length); and `approximate`, the same but for rounding and without the doubt, in O(phases)
 */
export function createLongSums(
  { bad, total }: ShareSeries,
  calendar: Calendar,
  masked: Uint8Array | null,
  phaseStrength: number,
  columns: ModelColumns,
): {
  readonly sum: (from: number, to: number) => LongSums
  readonly approximate: (from: number, to: number) => Pick<LongSums, 'fixed' | 'weight'>
} {
  const { windows, phases, phaseOf, kindOf, kindsKnown } = calendar
  const { phaseBad, phaseTotal, outBad, outTotal, partFixed, partWeight, partSeen } = columns
  let strides: Strides | null = null
  return { sum, approximate }

  function sum(from: number, to: number): LongSums {
    const { outBad, outTotal, known, partFixed, partWeight, partSeen } = columns
    outBad.fill(0)
    outTotal.fill(0)
    for (let w = from; w < to; w++) {
      if (masked !== null && masked[w] === 1) continue
      const at = kindOf[w] * phases + phaseOf[w]
      outBad[at] += bad[w]
      outTotal[at] += total[w]
    }
    known.fill(0)
    let [fixed, weight, doubt] = [0, 0, 0]
    for (let w = from; w < to; w++) {
      const n = total[w]
      if (n === 0) continue
      const at = kindOf[w] * phases + phaseOf[w]
      if (known[at] === 0) {
        expectPhase(at, (1 - kindOf[w]) * phases + phaseOf[w])
        known[at] = 1
      }
      fixed += n * partFixed[at]
      weight += n * partWeight[at]
      const seasonalPart = n * (1 - partWeight[at])
      doubt += (seasonalPart * seasonalPart) / partSeen[at]
    }
    return { fixed, weight, doubt }
  }

  /** The expectation of one phase on one kind of day, `other` being the same phase on the other kind. */
  function expectPhase(at: number, other: number): void {
    const kindBad = phaseBad[at] - outBad[at]
    const kindTotal = phaseTotal[at] - outTotal[at]
    const allBad = kindBad + phaseBad[other] - outBad[other]
    const allTotal = kindTotal + phaseTotal[other] - outTotal[other]
    const own = allTotal / (allTotal + phaseStrength)
    partFixed[at] = allBad > 0 ? own * (allBad / allTotal) : 0
    partWeight[at] = 1 - own
    if (kindsKnown && kindTotal > 0) {
      const alike = kindTotal / (kindTotal + phaseStrength)
      partFixed[at] = (kindBad > 0 ? alike * (kindBad / kindTotal) : 0) + (1 - alike) * partFixed[at]
      partWeight[at] *= 1 - alike
    }
    partSeen[at] = Math.max(allTotal, 1)
  }

  /** The windows of one phase and kind of day have one expectation. */
  function approximate(from: number, to: number) {
    const sums = sumStrides()
    const strength = phaseStrength
    const days = Math.floor((to - from) / phases)
    const more = to - days * phases
    const firstPhase = phaseOf[from]
    const [total0, total1] = sums.total
    const [useBad0, useBad1] = sums.useBad
    const [useTotal0, useTotal1] = sums.useTotal
    let fixed = 0
    let weight = 0
    for (let first = from, phase = firstPhase; first < from + phases; first++) {
      const end = first + (first < more ? days + 1 : days) * phases
      const n0 = total0[end] - total0[first]
      const out0 = phaseTotal[phase] - (useTotal0[end] - useTotal0[first]) + strength
      const bad0 = phaseBad[phase] - (useBad0[end] - useBad0[first])
      if (kindsKnown) {
        const n1 = total1[end] - total1[first]
        const out1 = phaseTotal[phases + phase] - (useTotal1[end] - useTotal1[first])
        const bad1 = phaseBad[phases + phase] - (useBad1[end] - useBad1[first])
        const all = out0 + out1
        const part0 = n0 / out0
        const part1 = n1 / (out1 + strength)
        const usual = (strength * (part0 + part1)) / all
        fixed += part0 * bad0 + part1 * bad1 + usual * (bad0 + bad1)
        weight += usual * strength
      } else {
        const part = n0 / out0
        fixed += part * bad0
        weight += part * strength
      }
      phase = phase + 1 < phases ? phase + 1 : 0
    }
    return { fixed, weight }
  }

  function sumStrides(): Strides {
    if (strides !== null) return strides
    columns.strides ??= createStrides(calendar)
    const sums = columns.strides
    for (let kind = 0; kind < (kindsKnown ? 2 : 1); kind++) {
      const strideTotal = sums.total[kind]
      const strideUseBad = sums.useBad[kind]
      const strideUseTotal = sums.useTotal[kind]
      for (let w = 0; w < windows; w++) {
        const own = kindOf[w] === kind ? 1 : 0
        const use = masked?.[w] === 1 ? 0 : own
        strideTotal[w + phases] = strideTotal[w] + own * total[w]
        strideUseBad[w + phases] = strideUseBad[w] + use * bad[w]
        strideUseTotal[w + phases] = strideUseTotal[w] + use * total[w]
      }
    }
    strides = sums
    return sums
  }
}

import type { ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import type { ModelColumns } from './model-columns.ts'
import type { ShareLimits } from './share-limits.ts'

/**
 * Sums over windows of what each one's own expectation is made of (`fixed`, `weight` and `doubt` of the columns), with
 * its own counts left out of its phase; and the sums by phase that they come from.
 *
 * @param level the overall share
 * @returns between which limits the expected shares lie
 */
export function fitPhases(
  { bad, total }: ShareSeries,
  { windows, phases, phasesPerHour, phaseOf, kindOf, kindsKnown }: Calendar,
  masked: Uint8Array | null,
  phaseStrength: number,
  level: number,
  columns: ModelColumns,
): Pick<ShareLimits, 'low' | 'high' | 'lowOfDays' | 'highOfDays'> {
  const { phaseBad, phaseTotal, fixed: fixedSum, weight: weightSum, doubt: doubtSum } = columns
  phaseBad.fill(0)
  phaseTotal.fill(0)
  for (let w = 0; w < windows; w++) {
    if (total[w] === 0 || masked?.[w] === 1) continue
    const at = kindOf[w] * phases + phaseOf[w]
    phaseBad[at] += bad[w]
    phaseTotal[at] += total[w]
  }

  let fixed = 0
  let weight = 0
  let doubt = 0
  let low = Number.POSITIVE_INFINITY
  let high = 0
  for (let w = 0; w < windows; w++) {
    const n = total[w]
    if (n > 0) {
      const at = kindOf[w] * phases + phaseOf[w]
      const other = (1 - kindOf[w]) * phases + phaseOf[w]
      const use = masked?.[w] === 1 ? 0 : 1
      // First all days, then days of the same kind, each shrunk to the one before.
      const kindBad = phaseBad[at] - use * bad[w]
      const kindTotal = phaseTotal[at] - use * n
      const allBad = kindBad + phaseBad[other]
      const allTotal = kindTotal + phaseTotal[other]
      const anyDay = 1 / (allTotal + phaseStrength)
      let ownFixed = allBad * anyDay
      let ownWeight = phaseStrength * anyDay
      if (kindsKnown) {
        const alike = 1 / (kindTotal + phaseStrength)
        ownFixed = (kindBad + phaseStrength * ownFixed) * alike
        ownWeight *= phaseStrength * alike
      }
      fixed += n * ownFixed
      weight += n * ownWeight
      const seasonalPart = n * (1 - ownWeight)
      doubt += (seasonalPart * seasonalPart) / Math.max(allTotal, 1)
      const share = ownFixed + ownWeight * level
      if (share < low) low = share
      if (share > high) high = share
    }
    fixedSum[w + 1] = fixed
    weightSum[w + 1] = weight
    doubtSum[w + 1] = doubt
  }

  const mostBad = mostInAnHour(phaseBad, phases, phasesPerHour)
  const mostTotal = mostInAnHour(phaseTotal, phases, phasesPerHour)
  // own·k/n is k/(n + strength), which is largest when all that was seen of a phase is bad and little else was seen.
  const most = 1 - phaseStrength / (mostTotal + phaseStrength)
  const ownMost = Math.min(most, mostBad / phaseStrength)
  return {
    low,
    high,
    lowOfDays: (1 - most) * (kindsKnown ? 1 - most : 1) * level,
    highOfDays: level + (kindsKnown ? 2 : 1) * ownMost,
  }
}

/** The most that phases of an hour hold, of days of both kinds: wherever in the day it begins. */
function mostInAnHour(values: Float64Array, phases: number, phasesPerHour: number): number {
  const both = (phase: number) => values[phase % phases] + values[phases + (phase % phases)]
  let sum = 0
  for (let phase = 0; phase < phasesPerHour; phase++) sum += both(phase)
  let most = sum
  for (let phase = 0; phase < phases; phase++) {
    sum += both(phase + phasesPerHour) - both(phase)
    if (sum > most) most = sum
  }
  return most
}

/** Requests that the same hour of other weeks needs before it counts as much as this hour of all days. */
const WEEK_STRENGTH = 30

/** Sums over windows of what the same hour of other weeks says of each (`week` and `weekTotal` of the columns). */
export function fitWeeks(
  { bad, total }: ShareSeries,
  { windows, weekly }: Calendar,
  masked: Uint8Array | null,
  columns: ModelColumns,
): void {
  const { week, weekTotal } = columns
  const weekBad = columns.weekBad.fill(0)
  const weekSeen = columns.weekSeen.fill(0)
  for (let w = 0, hour = 0; w < windows; w++, hour = hour + 1 < weekly ? hour + 1 : 0) {
    if (masked?.[w] === 1) continue
    weekBad[hour] += bad[w]
    weekSeen[hour] += total[w]
  }
  for (let w = 0, hour = 0; w < windows; w++, hour = hour + 1 < weekly ? hour + 1 : 0) {
    const use = masked?.[w] === 1 ? 0 : 1
    const k = weekBad[hour] - use * bad[w]
    const n = weekSeen[hour] - use * total[w]
    const seen = n / (n + WEEK_STRENGTH)
    week[w + 1] = week[w] + (n > 0 ? (total[w] * seen * k) / n : 0)
    weekTotal[w + 1] = weekTotal[w] + total[w] * seen
  }
}

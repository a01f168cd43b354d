import type { ShareEvidence, ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'

/** What the expected share of an interval is, and how sure that is. */
export interface Expectation {
  /** Bad and all requests of the interval itself. */
  readonly bad: number
  readonly total: number
  /** Expected share, 0..1. */
  readonly share: number
  /** The same from other weeks at this hour, where the log is long enough; else equal to `share`. */
  readonly weeklyShare: number
  /** 1 / (requests that the expectation is worth): its uncertainty from sampling. */
  readonly doubt: number
  /** Part (0..1) of the expectation that comes from the overall level, not from the phase. */
  readonly overall: number
}

export interface ShareModel {
  readonly series: ShareSeries
  /** Expectation of windows [from, to), from everything outside them. */
  expect(from: number, to: number): Expectation
  /** The expected share alone: the same bits as `expect` gives, for those who ask for every interval. */
  expectShare(from: number, to: number): number
  /** `sumBad[w]` and `sumTotal[w]` are the series' sums over the first w windows. */
  readonly sumBad: Float64Array
  readonly sumTotal: Float64Array
  /** Limits of the expected share of intervals, none of which needs a look at its windows. */
  readonly limits: ShareLimits
  /** False when fewer than `events` bad requests are expected of [from, to) for certain. */
  canExpect(events: number, from: number, to: number): boolean
}

/**
 * With μ = `level` + x the overall share outside an interval, its expected share lies in [low + min(x, 0),
 * high + max(x, 0)]: it is a mean of its windows' expectations, each of which is linear in μ with a weight of at most 1.
 */
export interface ShareLimits {
  /** The overall share with nothing left out, and the requests that it is worth: Infinity when it does not depend on what is left out. */
  readonly level: number
  readonly requests: number
  /** For intervals shorter than a day (or any, without seasons). */
  readonly low: number
  readonly high: number
  /** For intervals of a day or more: at `level`. */
  readonly lowOfDays: number
  readonly highOfDays: number
  /** Windows from which on the limits of days hold; Infinity without seasons. */
  readonly day: number
}

export interface ShareModelOptions {
  /** 1 where a window is no example of what is usual (it lies in an incident that is already known). */
  readonly masked: Uint8Array | null
  /** Pseudo-counts (Jeffreys, and what siblings say). */
  readonly prior: ShareEvidence
  /** When given, only this (a baseline log) says what is usual, not the rest of the series. */
  readonly baseline: ShareEvidence | null
  /** Requests that a phase of the day needs before it counts as much as the overall share; Infinity: no seasons. */
  readonly phaseStrength: number
}

/** Requests that the same hour of other weeks needs before it counts as much as this hour of all days. */
const WEEK_STRENGTH = 30

/** Columns over all windows in which one model after the other is fitted: a model is lost when the next one is. */
export interface ModelColumns {
  readonly sumBad: Float64Array
  readonly sumTotal: Float64Array
  readonly sumUseBad: Float64Array
  readonly sumUseTotal: Float64Array
  readonly phaseBad: Float64Array
  readonly phaseTotal: Float64Array
  readonly outBad: Float64Array
  readonly outTotal: Float64Array
  readonly fixed: Float64Array
  readonly weight: Float64Array
  readonly doubt: Float64Array
  readonly week: Float64Array
  readonly weekTotal: Float64Array
}

export function createModelColumns({ windows, phases, weekly }: Calendar): ModelColumns {
  const sums = () => new Float64Array(windows + 1)
  const seasonal = () => new Float64Array(phases > 0 ? windows + 1 : 0)
  const ofWeeks = () => new Float64Array(weekly > 0 ? windows + 1 : 0)
  const byPhase = () => new Float64Array(2 * phases)
  return {
    sumBad: sums(),
    sumTotal: sums(),
    sumUseBad: sums(),
    sumUseTotal: sums(),
    phaseBad: byPhase(),
    phaseTotal: byPhase(),
    outBad: byPhase(),
    outTotal: byPhase(),
    fixed: seasonal(),
    weight: seasonal(),
    doubt: seasonal(),
    week: ofWeeks(),
    weekTotal: ofWeeks(),
  }
}

/**
 * The expected share of every interval of one slice: the overall share outside the interval, moved towards the share
 * of the same phase on other days (within weekdays and weekends where both are known) by how much of it was seen.
 *
 * Per window the expectation is linear in the overall share μ: fixed + weight·μ, each window's own counts left out,
 * so that an interval costs O(1) by prefix sums. Intervals of a day or more leave all their windows out, in O(length).
 *
 * @param columns where the model is kept: give the same to the next fit when this one is done with
 */
export function fitShareModel(
  series: ShareSeries,
  calendar: Calendar,
  options: ShareModelOptions,
  columns: ModelColumns = createModelColumns(calendar),
): ShareModel {
  const { bad, total } = series
  const { windows, phases, weekly, phaseOf, kindOf, kindsKnown } = calendar
  const { masked, prior, baseline, phaseStrength } = options
  const seasonal = phases > 0 && baseline === null && Number.isFinite(phaseStrength)
  const withWeeks = weekly > 0 && baseline === null

  const { sumBad, sumTotal } = columns
  const sumUseBad = masked === null ? sumBad : columns.sumUseBad
  const sumUseTotal = masked === null ? sumTotal : columns.sumUseTotal
  sumSeries(bad, null, sumBad)
  sumSeries(total, null, sumTotal)
  if (masked !== null) {
    sumSeries(bad, masked, sumUseBad)
    sumSeries(total, masked, sumUseTotal)
  }
  const knownBad = (baseline?.bad ?? sumUseBad[windows]) + prior.bad
  const knownTotal = (baseline?.total ?? sumUseTotal[windows]) + prior.total
  const level = knownBad / knownTotal

  const { phaseBad, phaseTotal, outBad, outTotal } = columns
  const { fixed: fixedSum, weight: weightSum, doubt: doubtSum } = columns
  let [low, high] = [level, level]
  let [lowOfDays, highOfDays] = [level, level]
  if (seasonal) {
    phaseBad.fill(0)
    phaseTotal.fill(0)
    for (let w = 0; w < windows; w++) {
      if (total[w] === 0 || masked?.[w] === 1) continue
      const at = kindOf[w] * phases + phaseOf[w]
      phaseBad[at] += bad[w]
      phaseTotal[at] += total[w]
    }
    fitPhases()
  }
  if (withWeeks) fitWeeks()

  const limits: ShareLimits = {
    level,
    requests: baseline === null ? knownTotal : Number.POSITIVE_INFINITY,
    low,
    high,
    lowOfDays,
    highOfDays,
    day: seasonal ? phases : Number.POSITIVE_INFINITY,
  }

  return {
    series,
    sumBad,
    sumTotal,
    limits,
    expect(from, to) {
      const k = sumBad[to] - sumBad[from]
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallRequests(from, to)
      const outsideShare = overallShare(from, to)
      if (!seasonal || n === 0) {
        const weeklyShare = n === 0 ? outsideShare : blendWeek(outsideShare, from, to, n)
        return { bad: k, total: n, share: outsideShare, weeklyShare, doubt: 1 / outside, overall: 1 }
      }
      const sums = sumsOf(from, to)
      const share = (sums.fixed + sums.weight * outsideShare) / n
      const overall = sums.weight / n
      const doubt = (overall * overall) / outside + sums.doubt / (n * n)
      return { bad: k, total: n, share, weeklyShare: blendWeek(share, from, to, n), doubt, overall }
    },
    expectShare(from, to) {
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallShare(from, to)
      if (!seasonal || n === 0) return outside
      if (to - from < phases) return (fixedSum[to] - fixedSum[from] + (weightSum[to] - weightSum[from]) * outside) / n
      const sums = sumsOf(from, to)
      return (sums.fixed + sums.weight * outside) / n
    },
    canExpect(events, from, to) {
      const n = sumTotal[to] - sumTotal[from]
      if (n === 0) return false
      const most = to - from < limits.day ? limits.high : limits.highOfDays
      return n * (most + mostRise(limits, n)) * SLACK >= events
    },
  }

  function overallRequests(from: number, to: number): number {
    if (baseline !== null) return knownTotal
    return sumUseTotal[windows] - (sumUseTotal[to] - sumUseTotal[from]) + prior.total
  }

  function overallShare(from: number, to: number): number {
    if (baseline !== null) return level
    const outside = sumUseBad[windows] - (sumUseBad[to] - sumUseBad[from]) + prior.bad
    return outside / overallRequests(from, to)
  }

  /** Sums over windows of what each one's own expectation is made of, with its own counts left out of its phase. */
  function fitPhases(): void {
    let [fixed, weight, doubt] = [0, 0, 0]
    low = Number.POSITIVE_INFINITY
    high = 0
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
        const own = allTotal / (allTotal + phaseStrength)
        let ownFixed = allBad > 0 ? own * (allBad / allTotal) : 0
        let ownWeight = 1 - own
        if (kindsKnown && kindTotal > 0) {
          const alike = kindTotal / (kindTotal + phaseStrength)
          ownFixed = kindBad > 0 ? alike * (kindBad / kindTotal) + (1 - alike) * ownFixed : (1 - alike) * ownFixed
          ownWeight *= 1 - alike
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
    let mostBad = 0
    let mostTotal = 0
    for (let phase = 0; phase < phases; phase++) {
      mostBad = Math.max(mostBad, phaseBad[phase] + phaseBad[phases + phase])
      mostTotal = Math.max(mostTotal, phaseTotal[phase] + phaseTotal[phases + phase])
    }
    // own·k/n is k/(n + strength), which is largest when all that was seen of a phase is bad and little else was seen.
    const most = 1 - phaseStrength / (mostTotal + phaseStrength)
    const ownMost = Math.min(most, mostBad / phaseStrength)
    lowOfDays = (1 - most) * (kindsKnown ? 1 - most : 1) * level
    highOfDays = level + (kindsKnown ? 2 : 1) * ownMost
  }

  function fitWeeks(): void {
    const { week, weekTotal } = columns
    const weekBad = new Float64Array(weekly)
    const weekSeen = new Float64Array(weekly)
    for (let w = 0; w < windows; w++) {
      if (masked?.[w] === 1) continue
      weekBad[w % weekly] += bad[w]
      weekSeen[w % weekly] += total[w]
    }
    for (let w = 0; w < windows; w++) {
      const use = masked?.[w] === 1 ? 0 : 1
      const k = weekBad[w % weekly] - use * bad[w]
      const n = weekSeen[w % weekly] - use * total[w]
      const seen = n / (n + WEEK_STRENGTH)
      week[w + 1] = week[w] + (n > 0 ? (total[w] * seen * k) / n : 0)
      weekTotal[w + 1] = weekTotal[w] + total[w] * seen
    }
  }

  function sumsOf(from: number, to: number): Sums {
    if (to - from < phases) {
      return {
        fixed: fixedSum[to] - fixedSum[from],
        weight: weightSum[to] - weightSum[from],
        doubt: doubtSum[to] - doubtSum[from],
      }
    }
    return sumLong(from, to)
  }

  /** As `fitPhases`, but with the whole interval left out of each phase. */
  function sumLong(from: number, to: number): Sums {
    outBad.fill(0)
    outTotal.fill(0)
    for (let w = from; w < to; w++) {
      if (total[w] === 0 || masked?.[w] === 1) continue
      const at = kindOf[w] * phases + phaseOf[w]
      outBad[at] += bad[w]
      outTotal[at] += total[w]
    }
    let [fixed, weight, doubt] = [0, 0, 0]
    for (let w = from; w < to; w++) {
      const n = total[w]
      if (n === 0) continue
      const at = kindOf[w] * phases + phaseOf[w]
      const other = (1 - kindOf[w]) * phases + phaseOf[w]
      const kindBad = phaseBad[at] - outBad[at]
      const kindTotal = phaseTotal[at] - outTotal[at]
      const allBad = kindBad + phaseBad[other] - outBad[other]
      const allTotal = kindTotal + phaseTotal[other] - outTotal[other]
      const own = allTotal / (allTotal + phaseStrength)
      let ownFixed = allBad > 0 ? own * (allBad / allTotal) : 0
      let ownWeight = 1 - own
      if (kindsKnown && kindTotal > 0) {
        const alike = kindTotal / (kindTotal + phaseStrength)
        ownFixed = kindBad > 0 ? alike * (kindBad / kindTotal) + (1 - alike) * ownFixed : (1 - alike) * ownFixed
        ownWeight *= 1 - alike
      }
      fixed += n * ownFixed
      weight += n * ownWeight
      const seasonalPart = n * (1 - ownWeight)
      doubt += (seasonalPart * seasonalPart) / Math.max(allTotal, 1)
    }
    return { fixed, weight, doubt }
  }

  function blendWeek(share: number, from: number, to: number, n: number): number {
    if (!withWeeks) return share
    const seen = (columns.weekTotal[to] - columns.weekTotal[from]) / n
    return (columns.week[to] - columns.week[from]) / n + (1 - seen) * share
  }
}

/** By how much leaving n requests out can raise the overall share: as if none of them were bad. */
export function mostRise({ level, requests }: ShareLimits, n: number): number {
  const rest = requests - n
  return rest > 0 ? (level * n) / rest : Number.POSITIVE_INFINITY
}

/** Limits are held this much (relatively) wider than they are, for sums that were rounded. */
const SLACK = 1 + 1e-9

/** Sums of the first w values, without those that a mask leaves out. */
function sumSeries(values: ArrayLike<number>, masked: Uint8Array | null, sums: Float64Array): void {
  let sum = 0
  for (let w = 0; w < values.length; w++) {
    if (masked?.[w] !== 1) sum += values[w]
    sums[w + 1] = sum
  }
}

interface Sums {
  readonly fixed: number
  readonly weight: number
  readonly doubt: number
}

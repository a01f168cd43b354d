import type { ShareEvidence, ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { createLongSums } from './long-sums.ts'
import { createModelColumns, type ModelColumns } from './model-columns.ts'
import { mostRise, type ShareLimits } from './share-limits.ts'

/** What the expected share of an interval is, and how sure that is. */
export interface Expectation {
  /** Bad and all requests of the interval itself. */
  readonly bad: number
  readonly total: number
  /** Expected share, 0..1. */
  readonly share: number
  /** 1 / (requests that the expectation is worth): its uncertainty from sampling. */
  readonly doubt: number
  /** Part (0..1) of the expectation that comes from the overall level, not from the phase. */
  readonly overall: number
}

export interface ShareModel {
  readonly series: ShareSeries
  /** Expectation of windows [from, to), from everything outside them. */
  expect(from: number, to: number): Expectation
  /** A share moved towards that of other weeks at this hour, where the log is long enough; else the same share. */
  blendWeeks(share: number, from: number, to: number): number
  /** The expected share alone: the same bits as `expect` gives. */
  expectShare(from: number, to: number): number
  /** The expected share but for rounding (some 1e-13 of it), in O(phases) however long the interval is. */
  approximateShare(from: number, to: number): number
  /** `sumBad[w]` and `sumTotal[w]` are the series' sums over the first w windows. */
  readonly sumBad: Float64Array
  readonly sumTotal: Float64Array
  /** Limits of the expected share of intervals, none of which needs a look at its windows. */
  readonly limits: ShareLimits
  /** False when fewer than `events` bad requests are expected of [from, to) for certain. */
  canExpect(events: number, from: number, to: number): boolean
  /** The same of every interval of so many windows. */
  canExpectOf(events: number, length: number): boolean
  /** The most requests in a window. */
  readonly busiest: number
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
  let busiest = 0
  for (let w = 0; w < windows; w++) if (total[w] > busiest) busiest = total[w]
  if (masked !== null) {
    sumSeries(bad, masked, sumUseBad)
    sumSeries(total, masked, sumUseTotal)
  }
  const knownBad = (baseline?.bad ?? sumUseBad[windows]) + prior.bad
  const knownTotal = (baseline?.total ?? sumUseTotal[windows]) + prior.total
  const level = knownBad / knownTotal

  const { phaseBad, phaseTotal } = columns
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

  const long = createLongSums(series, calendar, masked, phaseStrength, columns)
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
    busiest,
    limits,
    expect(from, to) {
      const k = sumBad[to] - sumBad[from]
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallRequests(from, to)
      const outsideShare = overallShare(from, to)
      if (!seasonal || n === 0) return { bad: k, total: n, share: outsideShare, doubt: 1 / outside, overall: 1 }
      const sums = to - from < phases ? null : long.sum(from, to)
      const fixed = sums?.fixed ?? fixedSum[to] - fixedSum[from]
      const weight = sums?.weight ?? weightSum[to] - weightSum[from]
      const doubt = sums?.doubt ?? doubtSum[to] - doubtSum[from]
      const overall = weight / n
      return {
        bad: k,
        total: n,
        share: (fixed + weight * outsideShare) / n,
        doubt: (overall * overall) / outside + doubt / (n * n),
        overall,
      }
    },
    blendWeeks(share, from, to) {
      const n = sumTotal[to] - sumTotal[from]
      if (!withWeeks || n === 0) return share
      const seen = (columns.weekTotal[to] - columns.weekTotal[from]) / n
      return (columns.week[to] - columns.week[from]) / n + (1 - seen) * share
    },
    expectShare(from, to) {
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallShare(from, to)
      if (!seasonal || n === 0) return outside
      if (to - from < phases) return (fixedSum[to] - fixedSum[from] + (weightSum[to] - weightSum[from]) * outside) / n
      const sums = long.sum(from, to)
      return (sums.fixed + sums.weight * outside) / n
    },
    approximateShare(from, to) {
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallShare(from, to)
      if (!seasonal || n === 0) return outside
      if (to - from < phases) return (fixedSum[to] - fixedSum[from] + (weightSum[to] - weightSum[from]) * outside) / n
      const sums = long.approximate(from, to)
      return (sums.fixed + sums.weight * outside) / n
    },
    canExpect(events, from, to) {
      const n = sumTotal[to] - sumTotal[from]
      if (n === 0) return false
      if (seasonal && to - from < phases) {
        const expected = fixedSum[to] - fixedSum[from] + (weightSum[to] - weightSum[from]) * overallShare(from, to)
        return expected * SLACK >= events
      }
      return canExpectOf(events, n, to - from)
    },
    canExpectOf(events, length) {
      return canExpectOf(events, busiest * length, length)
    },
  }

  function canExpectOf(events: number, n: number, length: number): boolean {
    return n * ((length < limits.day ? limits.high : limits.highOfDays) + mostRise(limits, n)) * SLACK >= events
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
          ownFixed = (kindBad > 0 ? alike * (kindBad / kindTotal) : 0) + (1 - alike) * ownFixed
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
    const weekBad = columns.weekBad.fill(0)
    const weekSeen = columns.weekSeen.fill(0)
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

import { prefixSum } from '../math/stats.ts'
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
 */
export function fitShareModel(series: ShareSeries, calendar: Calendar, options: ShareModelOptions): ShareModel {
  const { bad, total } = series
  const { windows, phases, weekly, phaseOf, kindOf } = calendar
  const { masked, prior, baseline, phaseStrength } = options
  const seasonal = phases > 0 && baseline === null && Number.isFinite(phaseStrength)

  const levels = calendar.kindsKnown ? [true, false] : [true]
  const useBad = new Float64Array(windows)
  const useTotal = new Float64Array(windows)
  for (let w = 0; w < windows; w++) {
    if (masked?.[w] === 1) continue
    useBad[w] = bad[w]
    useTotal[w] = total[w]
  }
  const sumBad = prefixSum(bad)
  const sumTotal = prefixSum(total)
  const sumUseBad = prefixSum(useBad)
  const sumUseTotal = prefixSum(useTotal)

  const phaseBad = new Float64Array(2 * phases)
  const phaseTotal = new Float64Array(2 * phases)
  if (seasonal) {
    for (let w = 0; w < windows; w++) {
      phaseBad[kindOf[w] * phases + phaseOf[w]] += useBad[w]
      phaseTotal[kindOf[w] * phases + phaseOf[w]] += useTotal[w]
    }
  }

  const overallShare = (from: number, to: number): { share: number; requests: number } => {
    const seen = baseline ?? {
      bad: sumUseBad[windows] - (sumUseBad[to] - sumUseBad[from]),
      total: sumUseTotal[windows] - (sumUseTotal[to] - sumUseTotal[from]),
    }
    const requests = seen.total + prior.total
    return { share: (seen.bad + prior.bad) / requests, requests }
  }

  /** Adds window w's expectation, with (ownBad, ownTotal) left out of its phase, to `sums`. */
  const addWindow = (w: number, outBad: Float64Array | null, outTotal: Float64Array | null, sums: Sums) => {
    const n = total[w]
    if (n === 0) return
    const phase = phaseOf[w]
    const kind = kindOf[w]
    let fixed = 0
    let weight = 1
    let seen = 0
    // First all days, then days of the same kind, each shrunk to the one before.
    for (const both of levels) {
      let phaseK = phaseBad[kind * phases + phase]
      let phaseN = phaseTotal[kind * phases + phase]
      if (both) {
        phaseK += phaseBad[(1 - kind) * phases + phase]
        phaseN += phaseTotal[(1 - kind) * phases + phase]
      }
      if (outBad === null || outTotal === null) {
        phaseK -= useBad[w]
        phaseN -= useTotal[w]
      } else {
        phaseK -= outBad[kind * phases + phase] + (both ? outBad[(1 - kind) * phases + phase] : 0)
        phaseN -= outTotal[kind * phases + phase] + (both ? outTotal[(1 - kind) * phases + phase] : 0)
      }
      const own = phaseN / (phaseN + phaseStrength)
      fixed = phaseN > 0 ? own * (phaseK / phaseN) + (1 - own) * fixed : fixed
      weight *= 1 - own
      if (both) seen = phaseN
    }
    sums.fixed += n * fixed
    sums.weight += n * weight
    sums.doubt += (n * (1 - weight)) ** 2 / Math.max(seen, 1)
  }

  const fixedSum = new Float64Array(windows + 1)
  const weightSum = new Float64Array(windows + 1)
  const doubtSum = new Float64Array(windows + 1)
  const weekSum = new Float64Array(windows + 1)
  const weekTotal = new Float64Array(windows + 1)
  if (seasonal) {
    const sums = { fixed: 0, weight: 0, doubt: 0 }
    for (let w = 0; w < windows; w++) {
      addWindow(w, null, null, sums)
      fixedSum[w + 1] = sums.fixed
      weightSum[w + 1] = sums.weight
      doubtSum[w + 1] = sums.doubt
    }
  }
  if (weekly > 0 && baseline === null) {
    for (let w = 0; w < windows; w++) {
      let k = 0
      let n = 0
      for (let other = w % weekly; other < windows; other += weekly) {
        if (other === w) continue
        k += useBad[other]
        n += useTotal[other]
      }
      const seen = n / (n + WEEK_STRENGTH)
      weekSum[w + 1] = weekSum[w] + (n > 0 ? (total[w] * seen * k) / n : 0)
      weekTotal[w + 1] = weekTotal[w] + total[w] * seen
    }
  }

  const sumsOf = (from: number, to: number): Sums => {
    if (to - from < phases) {
      return {
        fixed: fixedSum[to] - fixedSum[from],
        weight: weightSum[to] - weightSum[from],
        doubt: doubtSum[to] - doubtSum[from],
      }
    }
    const outBad = new Float64Array(2 * phases)
    const outTotal = new Float64Array(2 * phases)
    for (let w = from; w < to; w++) {
      outBad[kindOf[w] * phases + phaseOf[w]] += useBad[w]
      outTotal[kindOf[w] * phases + phaseOf[w]] += useTotal[w]
    }
    const sums = { fixed: 0, weight: 0, doubt: 0 }
    for (let w = from; w < to; w++) addWindow(w, outBad, outTotal, sums)
    return sums
  }

  return {
    series,
    expect(from, to) {
      const k = sumBad[to] - sumBad[from]
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallShare(from, to)
      if (!seasonal || n === 0) {
        const doubt = 1 / outside.requests
        const weeklyShare = n === 0 ? outside.share : blendWeek(outside.share, from, to, n)
        return { bad: k, total: n, share: outside.share, weeklyShare, doubt, overall: 1 }
      }
      const sums = sumsOf(from, to)
      const share = (sums.fixed + sums.weight * outside.share) / n
      const overall = sums.weight / n
      const doubt = (overall * overall) / outside.requests + sums.doubt / (n * n)
      return { bad: k, total: n, share, weeklyShare: blendWeek(share, from, to, n), doubt, overall }
    },
  }

  function blendWeek(share: number, from: number, to: number, n: number): number {
    const seen = (weekTotal[to] - weekTotal[from]) / n
    return (weekSum[to] - weekSum[from]) / n + (1 - seen) * share
  }
}

interface Sums {
  fixed: number
  weight: number
  doubt: number
}

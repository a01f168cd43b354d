import type { ShareEvidence, ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { type LongParts, type LongSums, sumLong, sumLongDoubt, sumStrides } from './long-sums.ts'
import { createModelColumns, type ModelColumns } from './model-columns.ts'
import { fitPhases, fitWeeks } from './phase-sums.ts'
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

export type MutableExpectation = { -readonly [Key in keyof Expectation]: Expectation[Key] }

export function createExpectation(): MutableExpectation {
  return { bad: 0, total: 0, share: 0.5, doubt: 0.5, overall: 0.5 }
}

export interface ShareModel {
  readonly series: ShareSeries
  /**
   * Expectation of windows [from, to), from everything outside them.
   *
   * @param into where to put it, for those who ask often
   */
  expect(from: number, to: number, into?: MutableExpectation): Expectation
  /** A share moved towards that of other weeks at this hour, where the log is long enough; else the same share. */
  blendWeeks(share: number, from: number, to: number): number
  /** The expected share alone: the same bits as `expect` gives. */
  expectShare(from: number, to: number): number
  /** `sumBad[w]` and `sumTotal[w]` are the series' sums over the first w windows. */
  readonly sumBad: Float64Array
  readonly sumTotal: Float64Array
  /** Limits of the expected share of intervals, none of which needs a look at its windows. */
  readonly limits: ShareLimits
  /**
   * Lists the blocks of so many windows in which `events` bad requests may be expected: block i is the i-th from the
   * beginning, and those that are left out expect fewer for certain.
   *
   * @param into where to put their numbers, ascending
   * @returns how many there are
   */
  listBlocks(events: number, length: number, into: Int32Array): number
  /** The most requests in a window. */
  readonly busiest: number
  /** Its first window with a request, and the end of the last one. */
  readonly born: number
  readonly died: number
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

/**
 * The expected share of every interval of one slice: the overall share outside the interval, moved towards the share
 * of the same phase on other days (within weekdays and weekends where both are known) by how much of it was seen.
 *
 * Per window the expectation is linear in the overall share μ: fixed + weight·μ, each window's own counts left out,
 * so that an interval costs O(1) by prefix sums. Intervals of a day or more leave all their windows out, in O(phases).
 *
 * @param columns where the model is kept: give the same to the next fit when this one is done with
 */
export function fitShareModel(
  series: ShareSeries,
  calendar: Calendar,
  options: ShareModelOptions,
  columns: ModelColumns = createModelColumns(calendar),
): ShareModel {
  const { windows, phases, weekly } = calendar
  const { masked, prior, baseline, phaseStrength } = options
  const seasonal = phases > 0 && baseline === null && Number.isFinite(phaseStrength)
  const withWeeks = weekly > 0 && baseline === null

  const { sumBad, sumTotal } = columns
  const { busiest, born, died } = sumSeries(series, sumBad, sumTotal)
  const sumUseBad = masked === null ? sumBad : columns.sumUseBad
  const sumUseTotal = masked === null ? sumTotal : columns.sumUseTotal
  if (masked !== null) sumUnmasked(series, masked, sumUseBad, sumUseTotal)
  const knownBad = (baseline?.bad ?? sumUseBad[windows]) + prior.bad
  const knownTotal = (baseline?.total ?? sumUseTotal[windows]) + prior.total
  const level = knownBad / knownTotal

  const { fixed: fixedSum, weight: weightSum, doubt: doubtSum } = columns
  const limits: ShareLimits = {
    level,
    requests: baseline === null ? knownTotal : Number.POSITIVE_INFINITY,
    ...(seasonal
      ? fitPhases(series, calendar, masked, phaseStrength, level, columns)
      : { low: level, high: level, lowOfDays: level, highOfDays: level }),
    day: seasonal ? phases : Number.POSITIVE_INFINITY,
  }
  const long: LongSums = { fixed: 0, weight: 0 }
  let parts: LongParts | null = null
  let weeksAreFitted = false

  return {
    series,
    sumBad,
    sumTotal,
    busiest,
    born,
    died,
    limits,
    expect(from, to, into = createExpectation()) {
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallRequests(from, to)
      const outsideShare = baseline === null ? overallBad(from, to) / outside : level
      into.bad = sumBad[to] - sumBad[from]
      into.total = n
      into.share = outsideShare
      into.doubt = 1 / outside
      into.overall = 1
      if (!seasonal || n === 0) return into
      let fixed = 0
      let weight = 0
      let doubt = 0
      if (to - from < phases) {
        fixed = fixedSum[to] - fixedSum[from]
        weight = weightSum[to] - weightSum[from]
        doubt = doubtSum[to] - doubtSum[from]
      } else {
        sumLong(longParts(), calendar, from, to, long)
        fixed = long.fixed
        weight = long.weight
        doubt = sumLongDoubt(longParts(), calendar, from, to)
      }
      const overall = weight / n
      into.share = (fixed + weight * outsideShare) / n
      into.doubt = (overall * overall) / outside + doubt / (n * n)
      into.overall = overall
      return into
    },
    blendWeeks(share, from, to) {
      const n = sumTotal[to] - sumTotal[from]
      if (!withWeeks || n === 0) return share
      // Few slices have an interval that is worth the question.
      if (!weeksAreFitted) fitWeeks(series, calendar, masked, columns)
      weeksAreFitted = true
      const seen = (columns.weekTotal[to] - columns.weekTotal[from]) / n
      return (columns.week[to] - columns.week[from]) / n + (1 - seen) * share
    },
    expectShare(from, to) {
      const n = sumTotal[to] - sumTotal[from]
      const outside = overallShare(from, to)
      if (!seasonal || n === 0) return outside
      if (to - from < phases) return (fixedSum[to] - fixedSum[from] + (weightSum[to] - weightSum[from]) * outside) / n
      sumLong(longParts(), calendar, from, to, long)
      return (long.fixed + long.weight * outside) / n
    },
    listBlocks(events, length, into) {
      const blocks = Math.floor(windows / length)
      const most = busiest * length
      const isDays = length >= limits.day
      const rise = mostRise(limits, most)
      const highest = ((isDays ? limits.highOfDays : limits.high) + rise) * SLACK
      // Where a block could hold all requests there is no limit.
      if (most * highest < events) return 0
      const hasParts = seasonal && !isDays
      const mostOutside = level + rise
      let count = 0
      for (let block = 0, from = 0; block < blocks; block++, from += length) {
        const n = sumTotal[from + length] - sumTotal[from]
        if (n * highest < events || n === 0) continue
        if (hasParts) {
          const fixed = fixedSum[from + length] - fixedSum[from]
          const weight = weightSum[from + length] - weightSum[from]
          if ((fixed + weight * mostOutside) * SLACK < events) continue
        }
        into[count++] = block
      }
      return count
    },
  }

  function longParts(): LongParts {
    parts ??= sumStrides(series, calendar, masked, phaseStrength, columns)
    return parts
  }

  function overallRequests(from: number, to: number): number {
    if (baseline !== null) return knownTotal
    return sumUseTotal[windows] - (sumUseTotal[to] - sumUseTotal[from]) + prior.total
  }

  function overallBad(from: number, to: number): number {
    return sumUseBad[windows] - (sumUseBad[to] - sumUseBad[from]) + prior.bad
  }

  function overallShare(from: number, to: number): number {
    return baseline === null ? overallBad(from, to) / overallRequests(from, to) : level
  }
}

/** Limits are held this much (relatively) wider than they are, for sums that were rounded. */
const SLACK = 1 + 1e-9

/** Sums of the first w windows, and what is found on the way. */
function sumSeries(
  { bad, total }: ShareSeries,
  sumBad: Float64Array,
  sumTotal: Float64Array,
): Pick<ShareModel, 'busiest' | 'born' | 'died'> {
  let allBad = 0
  let all = 0
  let busiest = 0
  let born = 0
  let died = 0
  for (let w = 0; w < total.length; w++) {
    const n = total[w]
    allBad += bad[w]
    all += n
    if (n > busiest) busiest = n
    if (n > 0) {
      if (died === 0) born = w
      died = w + 1
    }
    sumBad[w + 1] = allBad
    sumTotal[w + 1] = all
  }
  return { busiest, born, died }
}

/** The same of the windows that a mask does not leave out. */
function sumUnmasked(
  { bad, total }: ShareSeries,
  masked: Uint8Array,
  sumBad: Float64Array,
  sumTotal: Float64Array,
): void {
  let allBad = 0
  let all = 0
  for (let w = 0; w < total.length; w++) {
    if (masked[w] !== 1) {
      allBad += bad[w]
      all += total[w]
    }
    sumBad[w + 1] = allBad
    sumTotal[w + 1] = all
  }
}

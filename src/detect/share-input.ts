import type { Category, Detector, Metric, ShareEvidence, ShareSeries, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'

/** A metric that is "k bad of n" and how its share is known to wander. */
export interface ShareKind {
  readonly metric: Metric
  readonly detector: Detector
  /** Which way is an anomaly, and what it is called. */
  readonly above: Category | null
  readonly below: Category | null
  /** φ (see dispersion.ts) where the log cannot tell, and the least that is believed. */
  readonly typicalSpread: number
  readonly leastSpread: number
  /** What two runs differ by for no reason: added to φ when the expectation comes from a baseline log. */
  readonly spreadBetweenRuns: number
  /** Requests that the siblings' share is worth when a slice's own past says nothing. */
  readonly siblingStrength: number
  /** Whether a share that is too high from the first row to the last is judged against siblings: only for faults that are faults wherever they stand. */
  readonly standing: boolean
  /** Whether caches, load and custom move the share for days on end: what lasts may then be no more than that. */
  readonly drifts: boolean
  /** Bad requests that must have been expected before more of them are too many: what hardly occurs cannot surge. */
  readonly leastExpectedAbove: number
  /** Without seasons the time of day moves a share: standard deviation of its logit for each hour of an interval. */
  readonly driftPerHour: number
}

/** Hours in which a slice's share may be another one for a reason that the log cannot know. */
export interface UnknownHours {
  /** 1 per such window. Unless it is all windows, they teach nothing about the others. */
  readonly windows: Uint8Array
  /** Variance of the logit in those hours. */
  readonly spread: number
  /** By how much the logit bends away from the hours around: standard deviation for each hour of an interval. */
  readonly driftPerHour: number
}

/** One slice's series for one metric, with what is known of it from elsewhere. */
export interface ShareInput {
  readonly series: ShareSeries
  /** Counts of the same slice in the baseline log; null without one. */
  readonly baseline: ShareEvidence | null
  readonly unknown?: UnknownHours
}

/** All that a metric is judged by. */
export interface ShareSubject {
  readonly kind: ShareKind
  readonly slices: readonly Slice[]
  /** By slice, null where it has nothing to judge. */
  readonly inputs: readonly (ShareInput | null)[]
  readonly calendar: Calendar
  /** Bad and all requests of a slice; null where it has nothing to judge. */
  sumOf(slice: number): ShareEvidence | null
}

export function createShareSubject(given: Omit<ShareSubject, 'sumOf'>): ShareSubject {
  const sums = new Map<number, ShareEvidence>()
  return {
    ...given,
    sumOf(slice) {
      const input = given.inputs[slice]
      if (input === null) return null
      const sum = sums.get(slice) ?? sumShares(input.series)
      sums.set(slice, sum)
      return sum
    },
  }
}

export function sumShares({ bad, total }: ShareSeries): ShareEvidence {
  let sumBad = 0
  let sumTotal = 0
  for (let w = 0; w < total.length; w++) {
    sumBad += bad[w]
    sumTotal += total[w]
  }
  return { bad: sumBad, total: sumTotal }
}

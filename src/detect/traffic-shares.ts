import { prefixSum } from '../math/stats.ts'
import type { Finding, ShareFindings, Slice, TrafficShares } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { createShareSubject, type ShareInput, type ShareKind, type ShareSubject } from './share-input.ts'
import { fitShareModel } from './share-model.ts'
import { markUnknownShares } from './weekends.ts'

const KIND: ShareKind = {
  metric: 'traffic_share',
  detector: 'traffic',
  above: 'traffic_surge',
  below: 'traffic_drop',
  typicalSpread: 0.04,
  leastSpread: 0.0025,
  spreadBetweenRuns: 0,
  siblingStrength: 0,
  // A single client that fetches a rare page is no surge of it, just as a birth is none.
  leastExpectedAbove: 5,
  standing: false,
  drifts: true,
  driftPerHour: 0.12,
}
/**
 * Variance of the logarithm of a weekend's traffic in multiples of a weekday's, from one service (or environment) to
 * another: most lie between a quarter and all of it, which is two standard deviations of 0.7 apart. While it is weekend
 * in one region and a weekday in others, its share moves by as much.
 */
const WEEKEND_VARIANCE = 0.7 ** 2
/** A weekend at a tenth of a weekday comes over about six hours, and bends the share's logit by up to a half within them. */
const WEEKEND_DRIFT_PER_HOUR = 0.08
/** Both directions are one test each. */
const DIRECTIONS = 2

/**
 * Traffic of a slice given its parent: k requests of the parent's n. Weekends, ramp-ups and common shocks cancel; if
 * all children fall alike, that is the parent's incident.
 *
 * @param requests windows × slices
 * @param position which of a slice's parents: pairs have two
 */
export function createTrafficSubject(
  requests: Uint32Array,
  slices: readonly Slice[],
  calendar: Calendar,
  position: number,
): ShareSubject {
  const count = calendar.windows
  const requestsOf = (slice: number) => requests.subarray(slice * count, (slice + 1) * count)
  const firsts = slices.map((_, slice) => requestsOf(slice).findIndex((n) => n > 0))
  const [unknownOfPlaces, unknownWeekends] = [true, false].map((isPlace) => markUnknownShares(calendar, isPlace))
  const inputs = slices.map((slice, index): ShareInput | null => {
    const parent = slice.parents[position]
    // Versions are born and die by deployment: their traffic is no anomaly.
    if (parent === undefined || slice.scope.version !== undefined) return null
    // A birth is no surge: a slice is judged from its first request on.
    const isBornLater = firsts[index] > firsts[parent]
    const total = isBornLater ? requestsOf(parent).slice().fill(0, 0, firsts[index]) : requestsOf(parent)
    const series = { bad: requestsOf(index), total }
    const isPlace = slice.scope.region !== undefined && slices[parent].scope.region === undefined
    const windows = isPlace ? unknownOfPlaces : unknownWeekends
    const unknown = { windows, spread: WEEKEND_VARIANCE, driftPerHour: WEEKEND_DRIFT_PER_HOUR }
    return { series, baseline: null, unknown }
  })
  return createShareSubject({ kind: KIND, slices, inputs, calendar })
}

/** What it takes to tell whether a slice's own requests moved. */
export interface TrafficOfAll {
  /** Windows × slices. */
  readonly requests: Uint32Array
  readonly slices: readonly Slice[]
  readonly calendar: Calendar
  /** Requests per window expected of the whole. */
  readonly expectedWhole: Float64Array
  /** The smallest relative change that matters, e.g. 0.2. */
  readonly leastChange: number
}

/**
 * Joins what was found given each parent: a pair has two and must stand out from both. A share can also move because a
 * sibling's traffic did. So a finding counts only when the slice's own requests moved the same way against what the
 * whole's forecast makes one expect of it.
 *
 * @param byParent what was found given the first parent, and given the second
 */
export function joinTrafficShares(
  byParent: readonly ShareFindings[],
  { requests, slices, calendar, expectedWhole, leastChange }: TrafficOfAll,
): TrafficShares {
  const requestsOf = (slice: number) => requests.subarray(slice * calendar.windows, (slice + 1) * calendar.windows)
  const wholeSum = prefixSum(expectedWhole)
  const models = new Map<number, ReturnType<typeof fitShareModel>>()
  const shareOfWhole = (slice: number, from: number, to: number) => {
    let model = models.get(slice)
    if (model === undefined) {
      const series = { bad: requestsOf(slice), total: requestsOf(0) }
      model = fitShareModel(series, calendar, {
        masked: null,
        prior: { bad: 0.5, total: 1 },
        baseline: null,
        phaseStrength: 20,
      })
      models.set(slice, model)
    }
    return model.expect(from, to).share
  }
  const expected = (slice: number, from: number, to: number) => {
    const whole = wholeSum[to] - wholeSum[from]
    return slice === 0 ? whole : whole * shareOfWhole(slice, from, to)
  }

  const second = new Map<string, Finding>()
  for (const finding of byParent[1].findings)
    second.set(`${finding.slice}/${finding.from}/${finding.to}/${finding.category}`, finding)
  const findings: Finding[] = []
  for (const finding of byParent[0].findings) {
    const other = second.get(`${finding.slice}/${finding.from}/${finding.to}/${finding.category}`)
    if (slices[finding.slice].level === 2 && other === undefined) continue
    const weaker = other !== undefined && other.logP > finding.logP ? other : finding
    const requests = weaker.actual * weaker.support
    const change = requests / expected(weaker.slice, weaker.from, weaker.to) - 1
    if (weaker.category === 'traffic_drop' ? change < -leastChange : change > leastChange) findings.push(weaker)
  }
  const tests = byParent[0].tests.map((test) => ({ ...test, judged: test.judged * DIRECTIONS }))
  return { findings, tests, byParent, expected }
}

import { type Detected, DIMENSIONS, type Features, type Finding, type Scope, type Verdicts } from '../types.ts'
import type { Draft } from './draft.ts'

import { refineInterval } from './interval.ts'

const MOST_DRAFTS = 20
/** As for shares: natural log units that a further dimension must earn. */
const DIMENSION_COST = 3

/**
 * Peels traffic incidents off: the strongest finding's scope is the slice whose missing (or surplus) requests have the
 * greatest Poisson likelihood ratio; the requests are then put back (taken out) everywhere, and the remaining findings
 * are judged again on the repaired counts. So a region's outage is neither its endpoints' drop nor its siblings' surge.
 */
export function mergeTraffic(features: Features, found: Detected, verdicts: Verdicts): Draft[] {
  const { windows, grid, sliceTable } = features
  const { slices } = sliceTable
  const traffic = found.trafficShares
  const wholeJudged = found.forecast.judged
  const wholeLogP = found.forecast.logP
  const actual = windows.requests
  const repaired = Float64Array.from(actual)
  const strength = (finding: Finding) => finding.logP - verdicts.threshold(finding)
  const byStrength = (a: Finding, b: Finding) => strength(a) - strength(b)
  let active = [...found.forecast.findings, ...traffic.findings]
    .filter((finding) => verdicts.isWatched(finding))
    .sort(byStrength)
  const drafts: Draft[] = []
  const sum = (counts: ArrayLike<number>, slice: number, from: number, to: number) => {
    let total = 0
    for (let w = from; w < to; w++) total += counts[slice * grid.windows + w]
    return total
  }

  while (active.length > 0 && drafts.length < MOST_DRAFTS) {
    const seed = active[0]
    const above = seed.category === 'traffic_surge'
    let { from, to } = seed
    let slice = searchSlice(from, to, above, seed.slice)
    ;[from, to] = refine(slice, seed.from, seed.to)
    const better = searchSlice(from, to, above, slice)
    if (better !== slice) {
      slice = better
      ;[from, to] = refine(slice, seed.from, seed.to)
    }
    const requests = sum(actual, slice, from, to)
    const expected = traffic.expected(slice, from, to)
    const limit = verdicts.threshold(seed)
    const strongest: Finding = { ...seed, logP: Math.min(seed.logP, ownLogP(slice, from, to, above)) }
    const shown = describe(slice, from, to, seed, limit)
    repair(slice, from, to, requests / Math.max(expected, 1e-9))

    const explained: Finding[] = []
    const rest: Finding[] = []
    for (const finding of active) {
      const still = finding === seed ? null : rejudge(finding, from, to)
      if (still === null) explained.push(finding)
      else rest.push(still)
    }
    active = rest.sort(byStrength)
    const whole = above ? sum(actual, 0, from, to) : traffic.expected(0, from, to)
    drafts.push({
      category: seed.category,
      detectors: ['traffic'],
      scope: slices[slice].scope,
      from,
      to,
      ...shown,
      support: requests,
      affected: Math.round(Math.abs(expected - requests)),
      effect: requests / Math.max(expected, 1e-9) - 1,
      logP: strongest.logP,
      qValue: verdicts.qValue(strongest),
      significant: verdicts.isSignificant(strongest),
      reach: Math.min(1, (above ? requests : expected) / Math.max(whole, 1)),
      findings: explained,
    })
  }
  return drafts

  function searchSlice(from: number, to: number, above: boolean, fallback: number): number {
    let best = fallback
    let bestScore = Number.NEGATIVE_INFINITY
    for (const [index, { scope }] of slices.entries()) {
      if (scope.version !== undefined || (index === 0 && !wholeJudged)) continue
      const requests = sum(repaired, index, from, to)
      const expected = traffic.expected(index, from, to)
      if (above ? requests <= expected : requests >= expected) continue
      const ratio =
        (requests > 0 ? requests * Math.log(requests / Math.max(expected, 1e-9)) : 0) - (requests - expected)
      const score = ratio - descriptionLength(scope)
      if (score > bestScore) {
        bestScore = score
        best = index
      }
    }
    return best
  }

  function descriptionLength(scope: Scope): number {
    let length = 0
    for (const dimension of DIMENSIONS) {
      if (scope[dimension] !== undefined)
        length += DIMENSION_COST + Math.log(features.table.dimensions[dimension].values.length - 1)
    }
    return length
  }

  function refine(slice: number, from: number, to: number): [number, number] {
    const ratio = sum(actual, slice, from, to) / Math.max(traffic.expected(slice, from, to), 1e-9)
    const middle = (1 + Math.max(ratio, 0.02)) / 2
    const gain = (w: number) =>
      repaired[slice * grid.windows + w] * Math.log(middle) - traffic.expected(slice, w, w + 1) * (middle - 1)
    return refineInterval((w) => (grid.covered[w] === 1 ? gain(w) : 0), grid.windows, from, to)
  }

  /** Given its parents, or for the whole given its forecast; 0 (certain) where it was not judged. */
  function ownLogP(slice: number, from: number, to: number, above: boolean): number {
    if (slice === 0) return wholeJudged ? wholeLogP(actual.subarray(0, grid.windows), from, to, above) : 0
    return shareLogP(slice, from, to, above, actual)
  }

  /** The weaker of the judgements given each parent, on some table of counts. */
  function shareLogP(slice: number, from: number, to: number, above: boolean, counts: ArrayLike<number>): number {
    let weakest = Number.NEGATIVE_INFINITY
    for (const [position, parent] of slices[slice].parents.entries()) {
      const findings = traffic.byParent[position]
      const judge = findings.judges[slice]
      if (!judge) return 0
      const { share, precision } = judge.judge(from, to)
      const requests = Math.round(sum(counts, slice, from, to))
      const total = Math.max(requests, Math.round(sum(counts, parent, from, to)))
      if (total === 0 || (above ? requests <= total * share : requests >= total * share)) return 0
      weakest = Math.max(weakest, findings.logP(requests, total, share, precision, above))
    }
    return weakest
  }

  /** Replaces the incident's counts by what they would have been, in every slice that shares requests with it. */
  function repair(slice: number, from: number, to: number, ratio: number): void {
    const scope = slices[slice].scope
    for (const [index, other] of slices.entries()) {
      if (DIMENSIONS.some((d) => scope[d] !== undefined && other.scope[d] !== undefined && scope[d] !== other.scope[d]))
        continue
      const within = DIMENSIONS.every((d) => scope[d] === undefined || scope[d] === other.scope[d])
      for (let w = from; w < to; w++) {
        const at = index * grid.windows + w
        if (within) repaired[at] = ratio < 0.1 ? traffic.expected(index, w, w + 1) : repaired[at] / ratio
        else repaired[at] = Math.max(0, repaired[at] + commonRequests(slice, index, w) * (1 - ratio))
      }
    }
  }

  /** Requests expected to lie in both slices, of which neither holds the other's constraints, or the second holds the first. */
  function commonRequests(slice: number, other: number, w: number): number {
    const own = traffic.expected(slice, w, w + 1)
    const names = Object.keys(slices[other].scope)
    if (names.every((name) => name in slices[slice].scope)) return own
    const whole = traffic.expected(0, w, w + 1)
    return whole > 0 ? (own * traffic.expected(other, w, w + 1)) / whole : 0
  }

  function rejudge(finding: Finding, from: number, to: number): Finding | null {
    if (finding.to <= from || finding.from >= to) return finding
    const above = finding.category === 'traffic_surge'
    const requests = sum(repaired, finding.slice, finding.from, finding.to)
    const expected = traffic.expected(finding.slice, finding.from, finding.to)
    if (above ? requests <= expected * 1.1 : requests >= expected * 0.9) return null
    const logP =
      finding.metric === 'requests'
        ? wholeLogP(repaired.subarray(0, grid.windows), finding.from, finding.to, above)
        : shareLogP(finding.slice, finding.from, finding.to, above, repaired)
    const still = { ...finding, logP }
    return verdicts.isWatched(still) ? still : null
  }

  /** The numbers to show, with the band that the verdict would have let pass. */
  function describe(slice: number, from: number, to: number, seed: Finding, limit: number) {
    const requests = sum(actual, slice, from, to)
    const expected = traffic.expected(slice, from, to)
    if (slice === 0) {
      const scaled = (factor: number) =>
        Float64Array.from({ length: grid.windows }, (_, w) => traffic.expected(0, w, w + 1) * factor)
      // The band is that of the interval which was judged, when the refined one would have passed.
      const above = requests > expected
      const refined = wholeLogP(actual.subarray(0, grid.windows), from, to, above) <= limit || seed.slice !== 0
      const [first, end] = refined ? [from, to] : [seed.from, seed.to]
      return {
        metric: 'requests' as const,
        actual: requests,
        expected,
        lower: expected * edge((factor) => wholeLogP(scaled(factor), first, end, false) <= limit, 1, 0),
        upper: expected * edge((factor) => wholeLogP(scaled(factor), first, end, true) <= limit, 1, 16),
      }
    }
    const parent = slices[slice].parents[0]
    const findings = traffic.byParent[0]
    const { share, precision } = findings.judges[slice]!.judge(from, to)
    const total = Math.round(sum(actual, parent, from, to))
    const passes = (k: number, upper: boolean) => findings.logP(k, total, share, precision, upper) > limit
    let lower = Math.floor(total * share)
    let upper = Math.ceil(total * share)
    for (let step = 2 ** Math.ceil(Math.log2(total + 1)); step >= 1; step /= 2) {
      if (lower - step >= 0 && passes(lower - step, false)) lower -= step
      if (upper + step <= total && passes(upper + step, true)) upper += step
    }
    return {
      metric: 'traffic_share' as const,
      actual: total > 0 ? requests / total : Number.NaN,
      expected: share,
      lower: total > 0 ? lower / total : Number.NaN,
      upper: total > 0 ? upper / total : Number.NaN,
    }
  }
}

/** The factor between `from` (which passes) and `to` at which `rejects` begins to hold, to three digits. */
function edge(rejects: (factor: number) => boolean, from: number, to: number): number {
  if (!rejects(to)) return to
  let passes = from
  let rejected = to
  for (let i = 0; i < 14; i++) {
    const middle = (passes + rejected) / 2
    if (rejects(middle)) rejected = middle
    else passes = middle
  }
  return passes
}

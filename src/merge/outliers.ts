import {
  DIMENSIONS,
  type Features,
  type Finding,
  type Minimum,
  type OutlierFindings,
  type Scope,
  type ShareFindings,
  type ShareJudge,
  type Verdicts,
} from '../types.ts'
import { type Draft, isSlowOddity } from './draft.ts'
import { refineInterval } from './interval.ts'
import { rowsOf } from './rows.ts'
import { isLargeEnough } from './severity.ts'
import { measureSlowdown } from './slowdown.ts'

/**
 * Adds to the drafts what no single metric shows. Where another incident touches it in time and shares requests with it,
 * an oddity is only evidence of that one: its windows are odd because of what is already told. One of which all is that
 * answers take longer than the other metrics say is told as such, if by enough longer to matter.
 *
 * @param slow how slow requests were found to be; undefined where latency was not judged
 */
export function mergeOutliers(
  drafts: readonly Draft[],
  features: Features,
  outliers: OutlierFindings,
  verdicts: Verdicts,
  slow: ShareFindings | undefined,
  minimum: Minimum,
): Draft[] {
  const { slices } = features.sliceTable
  const scopeOf = (slice: number) => slices[slice].scope
  let result = drafts.map((draft) => {
    const slice = slices.findIndex(({ scope }) => JSON.stringify(scope) === JSON.stringify(draft.scope))
    const confirmed = outliers.confirms(slice, draft.from, draft.to)
    return confirmed ? { ...draft, detectors: [...draft.detectors, 'forest' as const] } : draft
  })
  const toldBy = (slice: number, { from, to }: Interval) =>
    result.findIndex(
      (draft) => draft.from <= to && draft.to >= from && isTelling(draft) && fits(draft.scope, scopeOf(slice)),
    )

  const active = outliers.findings.filter((finding) => verdicts.isWatched(finding)).sort((a, b) => a.logP - b.logP)
  for (const strongest of [...active, ...outliers.watched]) {
    if (toldBy(strongest.slice, strongest) >= 0) continue
    const significant = strongest.logP < 0 && verdicts.isSignificant(strongest)
    const finding = strongest.logP < 0 ? locate(strongest, active, features, outliers, verdicts) : strongest
    const same = active.filter((other) => other.slice === finding.slice)
    const { from, to } = extentOf(finding, same.filter(verdicts.isSignificant), outliers)
    const teller = toldBy(finding.slice, { from, to })
    if (teller >= 0) {
      const { detectors, findings } = result[teller]
      result[teller] = {
        ...result[teller],
        detectors: [...new Set([...detectors, finding.detector])],
        findings: [...findings, finding],
      }
      continue
    }
    const scope = scopeOf(finding.slice)
    const oddity: Draft = {
      category: 'outlier',
      metric: 'multivariate',
      detectors: ['forest'],
      scope,
      from,
      to,
      actual: finding.actual,
      expected: finding.expected,
      lower: 0,
      upper: finding.logP < 0 ? outliers.passing(verdicts.threshold(finding)) : Number.NaN,
      support: finding.support,
      affected: finding.support,
      effect: Number.NaN,
      logP: strongest.logP,
      qValue: strongest.logP < 0 ? verdicts.qValue(strongest) : 1,
      significant,
      reach: reachOf(features, finding.slice, from, to),
      findings: [finding, ...same.filter((other) => other !== finding && other.from < to && other.to > from)],
    }
    // Its own watched slowness is part of it.
    const isPart = (draft: Draft) =>
      !draft.significant &&
      draft.metric === 'slow_share' &&
      draft.from < to &&
      draft.to > from &&
      fits(draft.scope, scope)
    const judge = slow?.judges[finding.slice]
    const slowness =
      judge && strongest.logP < 0 && outliers.isSlowness(finding.slice, from, to)
        ? draftSlowness(oddity, judge, features, result.filter(isPart))
        : null
    if (slowness !== null && isLargeEnough(slowness, minimum)) {
      result = [...result.filter((draft) => !isPart(draft)), slowness]
    } else {
      result.push(oddity)
    }
  }
  return result
}

/** An oddity told by how slow its requests are. */
function draftSlowness(oddity: Draft, judge: ShareJudge, features: Features, own: readonly Draft[]): Draft {
  const { bad, total, share } = judge.judge(oddity.from, oddity.to)
  return {
    ...oddity,
    category: 'latency_surge',
    metric: 'slow_share',
    detectors: [...new Set([...oddity.detectors, ...own.flatMap(({ detectors }) => detectors)])],
    actual: bad / total,
    expected: share,
    // It is not the share by itself that passed a limit.
    upper: Number.NaN,
    support: total,
    affected: bad,
    effect: measureSlowdown(features, oddity),
    findings: [...oddity.findings, ...own.flatMap(({ findings }) => findings)],
  }
}

type Interval = Pick<Finding, 'from' | 'to'>

/** What is merely watched tells nothing, unless it is an oddity itself. */
const isTelling = (draft: Draft) => draft.significant || draft.category === 'outlier' || isSlowOddity(draft)

/** The windows that speak for it, around the finding; of what merely ranks high the finding's own. */
function extentOf(finding: Finding, others: readonly Finding[], outliers: OutlierFindings): Interval {
  const gains = finding.logP < 0 ? outliers.gains(finding.slice, finding.from, finding.to) : null
  if (gains === null) return grow(finding, others)
  const [from, to] = refineInterval((w) => gains[w], gains.length, finding.from, finding.to)
  return { from, to }
}

/** From the finding on over all that touch it and are no longer: the extent of an oddity that outlasts one block. */
function grow(finding: Finding, others: readonly Finding[]): Interval {
  const length = finding.to - finding.from
  let { from, to } = finding
  const pieces = others.filter((other) => other.to - other.from <= length)
  for (let grown = true; grown; ) {
    const near = pieces.filter((piece) => piece.from <= to && piece.to >= from)
    const first = Math.min(from, ...near.map((piece) => piece.from))
    const last = Math.max(to, ...near.map((piece) => piece.to))
    grown = first < from || last > to
    from = first
    to = last
  }
  return { from, to }
}

/** Whether requests can lie in both scopes. */
function fits(a: Scope, b: Scope): boolean {
  return DIMENSIONS.every((d) => a[d] === undefined || b[d] === undefined || a[d] === b[d])
}

/** Requests of a slice over all requests in windows [from, to). */
function reachOf({ windows }: Features, slice: number, from: number, to: number): number {
  let own = 0
  let all = 0
  for (let w = from; w < to; w++) {
    own += windows.requests[slice * windows.windows + w]
    all += windows.requests[w]
  }
  return own / Math.max(1, all)
}

/**
 * The finding whose slice is the oddity's scope: of the slices that are odd at that time the narrowest part (odd beyond
 * chance by itself) beside which the rest of a broader one is as usual, and from there the broadest one of which the rest is odd as well.
 */
function locate(
  strongest: Finding,
  active: readonly Finding[],
  features: Features,
  outliers: OutlierFindings,
  verdicts: Verdicts,
): Finding {
  const near = active.filter(({ from, to }) => from < strongest.to && to > strongest.from)
  const { from, to } = extentOf(strongest, [], outliers)
  const spreads = (part: Finding, broader: Finding) => outliers.spreads(part.slice, broader.slice, from, to)
  let found = strongest
  for (const part of near) {
    if (verdicts.isSignificant(part) && holds(features, found, part) && !spreads(part, found)) found = part
  }
  for (const broader of near) if (holds(features, broader, found) && spreads(found, broader)) found = broader
  return found
}

/** Whether one finding's slice has all requests of the other's, and more, in that one's time. */
function holds(features: Features, broader: Finding, part: Finding): boolean {
  const { slices } = features.sliceTable
  if (slices[broader.slice].requests <= slices[part.slice].requests) return false
  const [inside, outside] = [part, broader].map(({ slice }) => features.scopeTest(slices[slice].scope))
  const [first, end] = rowsOf(features, part.from, part.to)
  for (let row = first; row < end; row++) if (inside(row) && !outside(row)) return false
  return true
}

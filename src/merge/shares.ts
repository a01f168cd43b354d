import { median } from '../math/stats.ts'
import {
  type Features,
  type Finding,
  type Scope,
  SHARE_COLUMNS,
  type ShareFindings,
  type ShareJudge,
  type ShareMetric,
  type Verdicts,
} from '../types.ts'
import type { Draft } from './draft.ts'
import { refineInterval } from './interval.ts'
import { rowsOf } from './rows.ts'
import { scoreScope, searchScopes } from './scope.ts'
import { buildScopeSeries } from './scope-series.ts'
import { ratioOf, usualRatio } from './slowdown.ts'

/** More incidents of one metric than these are not told apart: nobody would read them. */
const MOST_DRAFTS = 40

/**
 * Peels incidents off one share metric's findings: the strongest finding is given its scope and interval, its rows are
 * taken out of every slice, and what the remaining findings still show without them is judged again. What an incident
 * explains is gone by then, whether it was a parent, a child or a neighbour.
 */
export function mergeShares(
  features: Features,
  metric: ShareMetric,
  found: ShareFindings,
  verdicts: Verdicts,
): Draft[] {
  const { windows, grid } = features
  const columns = SHARE_COLUMNS[metric]
  const badOf = windows[columns.bad].slice()
  const totalOf = windows[columns.total].slice()
  const removed = new Uint8Array(features.table.rows)
  const ground = { features, findings: found, metric, removed }
  const strength = (finding: Finding) => finding.logP - verdicts.threshold(finding)
  const byStrength = (a: Finding, b: Finding) => strength(a) - strength(b)
  let active = found.findings.filter((finding) => verdicts.isWatched(finding)).sort(byStrength)
  const drafts: Draft[] = []

  while (active.length > 0 && drafts.length < MOST_DRAFTS) {
    const seed = active[0]
    const place = locate(seed)
    const { requests, reach, ratios } = takeOut(place)

    const explained: Finding[] = []
    const rest: Finding[] = []
    for (const finding of active) {
      const still = finding === seed ? null : rejudge(finding, place.from, place.to)
      if (still === null) explained.push(finding)
      else rest.push(still)
    }
    active = rest.sort(byStrength)

    const { scope, from, to, bad, total, share } = place
    drafts.push({
      category: seed.category,
      metric,
      detectors: [seed.detector],
      scope,
      from,
      to,
      actual: total > 0 ? bad / total : Number.NaN,
      expected: share,
      lower: 0,
      upper: bandEdge(found, place, verdicts.threshold({ ...seed, level: levelOf(scope), from, to })),
      support: total,
      affected: bad,
      effect: metric === 'slow_share' ? median(ratios) / usualRatio(features, place, removed) : bad / total - share,
      logP: Math.min(seed.logP, place.logP),
      // Only the seed is a test that was counted: the place was looked for.
      qValue: verdicts.qValue(seed),
      significant: verdicts.isSignificant(seed),
      reach: requests / Math.max(1, reach),
      findings: explained,
    })
  }
  return drafts

  /** Scope and interval of a finding: searched together, twice, or the finding's own where that stands out less. */
  function locate(seed: Finding): Place {
    const first = search(seed.from, seed.to)
    const place = search(first.from, first.to)
    if (verdicts.isWatched({ ...seed, logP: place.logP })) return place
    const { scope } = features.sliceTable.slices[seed.slice]
    return { ...judgeAt(scope, sumScope(scope), judgeOf(scope, null), seed.from, seed.to), logP: seed.logP }
  }

  /** The place that explains most of the scopes that come near the best in windows [from, to), each in an interval of its own. */
  function search(from: number, to: number): Place {
    const places = searchScopes(ground, from, to).map((scope) => settle(scope, from, to))
    const scores = places.map(({ scope, from, to }) => (places.length === 1 ? 0 : scoreScope(ground, scope, from, to)))
    return places[scores.indexOf(Math.max(...scores))]
  }

  function settle(scope: Scope, from: number, to: number): Place {
    const series = sumScope(scope)
    const judge = judgeOf(scope, series)
    const [start, end] = refine(series, judge, from, to, grid.windows)
    return judgeAt(scope, series, judge, start, end)
  }

  /** Counts by window without removed rows: a slice's are at hand. */
  function sumScope(scope: Scope): ScopeSeries {
    const slice = findSlice(scope)
    if (slice < 0) return buildScopeSeries(features, metric, scope, removed)
    const [start, end] = [slice * grid.windows, (slice + 1) * grid.windows]
    return { bad: badOf.slice(start, end), total: totalOf.slice(start, end) }
  }

  /** −1 when the scope is none of the slices. */
  function findSlice(scope: Scope): number {
    const key = JSON.stringify(scope)
    return features.sliceTable.slices.findIndex((candidate) => JSON.stringify(candidate.scope) === key)
  }

  /** A slice's own judge knows which of its windows are no example of what is usual. */
  function judgeOf(scope: Scope, series: ScopeSeries | null): ShareJudge {
    const slice = findSlice(scope)
    const judge = slice < 0 ? null : found.judges[slice]
    if (judge) return judge
    const baseline = features.baselineOf?.(metric, scope) ?? null
    return found.fit(series ?? sumScope(scope), baseline, levelOf(scope))
  }

  function judgeAt(scope: Scope, series: ScopeSeries, judge: ShareJudge, from: number, to: number): Place {
    const { share, precision } = judge.judge(from, to)
    let bad = 0
    let total = 0
    for (let w = from; w < to; w++) {
      bad += series.bad[w]
      total += series.total[w]
    }
    const logP = total > 0 && bad > total * share ? found.logP(bad, total, share, precision, true) : 0
    return { scope, from, to, bad, total, share, precision, logP }
  }

  /** Takes an incident's rows out of every slice. */
  function takeOut({ scope, from, to }: Place): { requests: number; reach: number; ratios: number[] } {
    const inside = features.scopeTest(scope)
    const test = features.shareTest(metric)
    const [first, end] = rowsOf(features, from, to)
    let requests = 0
    const ratios: number[] = []
    for (let row = first; row < end; row++) {
      if (removed[row] === 1 || !inside(row)) continue
      requests++
      const outcome = test(row)
      if (outcome === -1) continue
      removed[row] = 1
      if (metric === 'slow_share') ratios.push(ratioOf(features, row))
      features.visitSlices(row, (slice) => {
        const at = slice * grid.windows + features.windowOf[row]
        totalOf[at]--
        badOf[at] -= outcome
      })
    }
    return { requests, reach: end - first, ratios }
  }

  /** The finding as it stands without the removed rows; null when nothing is left to explain. */
  function rejudge(finding: Finding, from: number, to: number): Finding | null {
    if (finding.to <= from || finding.from >= to) return finding
    let bad = 0
    let total = 0
    for (let w = finding.from; w < finding.to; w++) {
      bad += badOf[finding.slice * grid.windows + w]
      total += totalOf[finding.slice * grid.windows + w]
    }
    if (bad / Math.max(total, 1) === finding.actual && total === finding.support) return finding
    const { share, precision } = found.judges[finding.slice]!.judge(finding.from, finding.to)
    if (total === 0 || bad <= total * share) return null
    const still = {
      ...finding,
      logP: found.logP(bad, total, share, precision, true),
      actual: total > 0 ? bad / total : Number.NaN,
      support: total,
    }
    return verdicts.isWatched(still) ? still : null
  }
}

/** The level of slices that a scope is judged with. */
function levelOf(scope: Scope): 0 | 1 | 2 {
  const dimensions = Object.keys(scope).length
  return dimensions === 0 ? 0 : dimensions === 1 ? 1 : 2
}

interface ScopeSeries {
  readonly bad: Uint32Array
  readonly total: Uint32Array
}

/** Where a finding lies, and how its requests are judged there. */
interface Place {
  readonly scope: Scope
  readonly from: number
  readonly to: number
  readonly bad: number
  readonly total: number
  readonly share: number
  readonly precision: number
  readonly logP: number
}

function refine(series: ScopeSeries, judge: ShareJudge, from: number, to: number, windows: number): [number, number] {
  const seed = judge.judge(from, to)
  if (seed.total === 0) return [from, to]
  // Half way between usual and anomalous: a window beyond it belongs to the incident.
  const anomalous = Math.min(0.999, Math.max((seed.bad / seed.total + seed.share) / 2, seed.share * 1.01))
  const expected = Math.max(1e-9, seed.share)
  const perBad = Math.log(anomalous / expected)
  const perGood = Math.log((1 - anomalous) / (1 - Math.min(expected, 0.998)))
  return refineInterval((w) => series.bad[w] * perBad + (series.total[w] - series.bad[w]) * perGood, windows, from, to)
}

/** The largest share that the verdict would have let pass. */
function bandEdge(found: ShareFindings, { total, share, precision }: Place, limit: number): number {
  if (total === 0) return Number.NaN
  let low = Math.floor(total * share)
  let high = total + 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (found.logP(middle, total, share, precision, true) <= limit) high = middle
    else low = middle
  }
  return low / total
}

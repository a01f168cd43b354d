import { median } from '../math/stats.ts'
import {
  type Features,
  type Finding,
  SHARE_COLUMNS,
  type ShareFindings,
  type ShareMetric,
  type Verdicts,
} from '../types.ts'
import type { Draft } from './draft.ts'
import { refineInterval } from './interval.ts'
import { rowsOf } from './rows.ts'
import { buildScopeSeries, searchScope } from './scope.ts'

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
  let active = found.findings.filter((finding) => verdicts.isWatched(finding)).sort((a, b) => a.logP - b.logP)
  const drafts: Draft[] = []

  while (active.length > 0 && drafts.length < MOST_DRAFTS) {
    const seed = active[0]
    let { from, to } = seed
    let scope = searchScope(features, found, metric, from, to, removed)
    let series = buildScopeSeries(features, metric, [scope], removed)[0]
    const baseline = features.baselineOf?.(metric, scope) ?? null
    let judge = found.fit(series, baseline)
    ;[from, to] = refine(series, judge, seed.from, seed.to, grid.windows)
    const better = searchScope(features, found, metric, from, to, removed)
    if (JSON.stringify(better) !== JSON.stringify(scope)) {
      scope = better
      series = buildScopeSeries(features, metric, [scope], removed)[0]
      judge = found.fit(series, features.baselineOf?.(metric, scope) ?? null)
      ;[from, to] = refine(series, judge, from, to, grid.windows)
    }
    const { bad, total, share, precision } = judge.judge(from, to)
    const logP = Math.min(seed.logP, total > 0 ? found.logP(bad, total, share, precision, true) : 0)
    const limit = verdicts.threshold(seed)

    // Take the incident's rows out of every slice.
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
      if (metric === 'slow_share') ratios.push(features.table.durationMs[row] / features.latency.usualMs[row])
      features.visitSlices(row, (slice) => {
        const at = slice * grid.windows + features.windowOf[row]
        totalOf[at]--
        badOf[at] -= outcome
      })
    }

    const explained: Finding[] = []
    const rest: Finding[] = []
    for (const finding of active) {
      const still = finding === seed ? null : rejudge(finding, from, to)
      if (still === null) explained.push(finding)
      else rest.push(still)
    }
    active = rest.sort((a, b) => a.logP - b.logP)

    const strongest: Finding = { ...seed, logP }
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
      upper: bandEdge(found, total, share, precision, limit),
      support: total,
      affected: bad,
      effect: metric === 'slow_share' ? median(ratios) : bad / total - share,
      logP,
      qValue: verdicts.qValue(strongest),
      significant: verdicts.isSignificant(strongest),
      reach: requests / Math.max(1, end - first),
      findings: explained,
    })
  }
  return drafts

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
      actual: bad / total,
      support: total,
    }
    return verdicts.isWatched(still) ? still : null
  }
}

function refine(
  series: { bad: Uint32Array; total: Uint32Array },
  judge: { judge(from: number, to: number): { bad: number; total: number; share: number } },
  from: number,
  to: number,
  windows: number,
): [number, number] {
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
function bandEdge(found: ShareFindings, total: number, share: number, precision: number, limit: number): number {
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

import { DIMENSIONS, type Dimension, type Scope, type ShareFindings, type ShareMetric } from '../types.ts'
import { type Evidence, rowsOf } from './evidence.ts'

/** At most three dimensions: more describe single requests. */
const MOST_DIMENSIONS = 3
/** Candidates whose expectation is computed exactly. */
const EXACT_CANDIDATES = 24
/** Natural log units that each further dimension must earn, beside the choice among its values (description length). */
const DIMENSION_COST = 2

/** A scope's counts in an interval, with its expected share. */
export interface ScopeCounts {
  readonly scope: Scope
  readonly bad: number
  readonly total: number
  readonly share: number
}

/**
 * The conjunction of up to three dimensions that explains the bad requests of windows [from, to) best: the one with
 * the greatest log-likelihood ratio of "a share of its own" against "as expected", less the length of its
 * description. A parent that carries healthy siblings is diluted, a child leaves part of the excess unexplained, so
 * that the likelihood itself finds the level (cf. Adtributor, NSDI 2014; Squeeze, ISSRE 2019).
 *
 * @param removed 1 for rows that belong to an incident found before
 */
export function searchScope(
  evidence: Evidence,
  findings: ShareFindings,
  metric: ShareMetric,
  from: number,
  to: number,
  removed: Uint8Array,
): Scope {
  const { table } = evidence
  const test = evidence.shareTest(metric)
  const [first, end] = rowsOf(evidence, from, to)
  const dimensions = DIMENSIONS.filter((dimension) => table.dimensions[dimension].values.length > 2)
  const subsets = listSubsets(dimensions)
  const counts = subsets.map(() => new Map<number, { bad: number; total: number }>())

  let bad = 0
  let total = 0
  for (let row = first; row < end; row++) {
    if (removed[row] === 1) continue
    const outcome = test(row)
    if (outcome === -1) continue
    total++
    if (outcome === 0) continue
    bad++
    for (const [i, subset] of subsets.entries()) {
      const key = keyOf(evidence, subset, row)
      if (key < 0) continue
      const entry = counts[i]!.get(key)
      if (entry === undefined) counts[i]!.set(key, { bad: 1, total: 0 })
      else entry.bad++
    }
  }
  for (let row = first; row < end; row++) {
    if (removed[row] === 1 || test(row) === -1) continue
    for (const [i, subset] of subsets.entries()) {
      const entry = counts[i]!.get(keyOf(evidence, subset, row))
      if (entry !== undefined) entry.total++
    }
  }

  const whole = findings.judges[0]?.judge(from, to)
  const overall = whole?.share ?? bad / Math.max(total, 1)
  const candidates: { scope: Scope; bad: number; total: number; rough: number }[] = [
    { scope: {}, bad, total, rough: likelihoodRatio(bad, total, overall) },
  ]
  for (const [i, subset] of subsets.entries()) {
    for (const [key, entry] of counts[i]!) {
      const rough = likelihoodRatio(entry.bad, entry.total, overall) - descriptionLength(evidence, subset)
      if (rough > 0) candidates.push({ scope: scopeOf(evidence, subset, key), ...entry, rough })
    }
  }
  candidates.sort((a, b) => b.rough - a.rough || order(a.scope, b.scope))
  const exact = candidates.slice(0, EXACT_CANDIDATES)
  if (!exact.some(({ scope }) => Object.keys(scope).length === 0)) exact.push(candidates.find(({ scope }) => Object.keys(scope).length === 0)!)

  const series = buildScopeSeries(evidence, metric, exact.map(({ scope }) => scope), removed)
  let best: Scope = {}
  let bestScore = Number.NEGATIVE_INFINITY
  for (const [i, { scope, bad, total }] of exact.entries()) {
    const judge = findings.fit(series[i]!, evidence.baselineOf?.(metric, scope) ?? null)
    const { share } = judge.judge(from, to)
    const score = likelihoodRatio(bad, total, share) - descriptionLength(evidence, Object.keys(scope) as Dimension[])
    if (score > bestScore + 1e-9) {
      bestScore = score
      best = scope
    }
  }
  return best
}

/** Bad and all requests of each scope by window, without removed rows. */
export function buildScopeSeries(
  evidence: Evidence,
  metric: ShareMetric,
  scopes: readonly Scope[],
  removed: Uint8Array,
): { bad: Uint32Array; total: Uint32Array }[] {
  const { table, windowOf, grid } = evidence
  const test = evidence.shareTest(metric)
  const inside = scopes.map((scope) => evidence.scopeTest(scope))
  const series = scopes.map(() => ({ bad: new Uint32Array(grid.windows), total: new Uint32Array(grid.windows) }))
  for (let row = 0; row < table.rows; row++) {
    if (removed[row] === 1) continue
    const outcome = test(row)
    if (outcome === -1) continue
    for (let i = 0; i < scopes.length; i++) {
      if (!inside[i]!(row)) continue
      series[i]!.total[windowOf[row]!]!++
      series[i]!.bad[windowOf[row]!]! += outcome
    }
  }
  return series
}

/** ln of (best share of its own) over (expected share) for `bad` of `total`; 0 when it is not above what is expected. */
export function likelihoodRatio(bad: number, total: number, expected: number): number {
  const own = bad / Math.max(total, 1)
  if (own <= expected) return 0
  const good = total - bad
  return bad * Math.log(own / expected) + (good > 0 ? good * Math.log((1 - own) / (1 - expected)) : 0)
}

function descriptionLength({ table }: Evidence, dimensions: readonly Dimension[]): number {
  let length = 0
  for (const dimension of dimensions) length += DIMENSION_COST + Math.log(table.dimensions[dimension].values.length - 1)
  return length
}

function listSubsets(dimensions: readonly Dimension[]): Dimension[][] {
  let subsets: Dimension[][] = [[]]
  for (const dimension of dimensions) {
    subsets = subsets.concat(subsets.filter((subset) => subset.length < MOST_DIMENSIONS).map((subset) => [...subset, dimension]))
  }
  return subsets.filter((subset) => subset.length > 0)
}

/** A row's values in some dimensions as one number; -1 when one is unknown. */
function keyOf({ table }: Evidence, subset: readonly Dimension[], row: number): number {
  let key = 0
  for (const dimension of subset) {
    const { codes, values } = table.dimensions[dimension]
    if (codes[row] === 0) return -1
    key = key * values.length + codes[row]!
  }
  return key
}

function scopeOf({ table }: Evidence, subset: readonly Dimension[], key: number): Scope {
  const scope: Scope = {}
  let rest = key
  for (const dimension of [...subset].reverse()) {
    const { values } = table.dimensions[dimension]
    scope[dimension] = values[rest % values.length]!
    rest = Math.floor(rest / values.length)
  }
  return sortScope(scope)
}

/** The same scope with its dimensions in their usual order. */
export function sortScope(scope: Scope): Scope {
  const sorted: Scope = {}
  for (const dimension of DIMENSIONS) if (scope[dimension] !== undefined) sorted[dimension] = scope[dimension]
  return sorted
}

function order(a: Scope, b: Scope): number {
  return Object.keys(a).length - Object.keys(b).length || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
}

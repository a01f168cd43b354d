import {
  DIMENSIONS,
  type Dimension,
  type Features,
  type Scope,
  type ShareFindings,
  type ShareMetric,
} from '../types.ts'
import { rowsOf } from './rows.ts'

/** At most three dimensions: more describe single requests. */
const MOST_DIMENSIONS = 3
/** Natural log units that each further dimension must earn, beside the choice among its values (description length). */
const DIMENSION_COST = 3

/**
 * The conjunction of up to three dimensions that explains the bad requests of windows [from, to) best: the one with
 * the greatest log-likelihood ratio of "a share of its own" against "as expected", less the length of its
 * description. A parent that carries healthy siblings is diluted, a child leaves part of the excess unexplained, so
 * that the likelihood itself finds the level (cf. Adtributor, NSDI 2014; Squeeze, ISSRE 2019).
 *
 * @param removed 1 for rows that belong to an incident found before
 */
export function searchScope(
  features: Features,
  findings: ShareFindings,
  metric: ShareMetric,
  from: number,
  to: number,
  removed: Uint8Array,
): Scope {
  const { table } = features
  const dimensions = DIMENSIONS.filter((dimension) => table.dimensions[dimension].values.length > 2)
  const subsets = listSubsets(dimensions)
  const shareOf = createExpectation(features, findings, from, to)
  const { bad, total, touched, faulty } = countCombinations(features, metric, rowsOf(features, from, to), removed)
  const counts = subsets.map(() => new Map<number, Counts>())
  const whole: Counts = { bad: 0, total: 0, expected: 0 }

  // Only values that hold a bad request can explain one: they are listed first, then all requests are counted.
  for (const combination of faulty) {
    for (const [i, subset] of subsets.entries()) {
      const key = keyOf(features, subset, combination)
      if (key >= 0 && !counts[i].has(key)) counts[i].set(key, { bad: 0, total: 0, expected: 0 })
    }
  }
  for (const combination of touched) {
    const own = {
      bad: bad[combination],
      total: total[combination],
      expected: total[combination] * shareOf(combination),
    }
    add(whole, own)
    for (const [i, subset] of subsets.entries()) {
      const entry = counts[i].get(keyOf(features, subset, combination))
      if (entry !== undefined) add(entry, own)
    }
  }

  const candidates: Candidate[] = [{ dimensions: [], key: 0, counts: whole, length: 0 }]
  for (const [i, dimensions] of subsets.entries()) {
    const length = descriptionLength(features, dimensions)
    for (const [key, entry] of counts[i]) candidates.push({ dimensions, key, counts: entry, length })
  }
  let best = strongest(candidates, candidates[0])
  // Two faults at once make their common parent look best: the stronger is taken when the rest is clearly another matter.
  for (;;) {
    const parts = candidates.filter((candidate) => isPart(features, candidate, best) && isApart(candidate, best))
    if (parts.length === 0) break
    best = strongest(parts, parts[0])
  }
  return scopeOf(features, best.dimensions, best.key)
}

interface Candidate {
  readonly dimensions: readonly Dimension[]
  readonly key: number
  readonly counts: Counts
  readonly length: number
}

/** The candidate of the highest score. Plainer names come first, so that of two for the same requests the first stays. */
function strongest(candidates: readonly Candidate[], first: Candidate): Candidate {
  let best = first
  for (const candidate of candidates) {
    const same = candidate.counts.bad === best.counts.bad && candidate.counts.total === best.counts.total
    if (same && best.length > 0) continue
    if (likelihoodRatio(candidate.counts) - candidate.length > likelihoodRatio(best.counts) - best.length)
      best = candidate
  }
  return best
}

/** A part's share of bad requests must be this many times that of the rest to be another matter than its parent. */
const APART = 3
/** Natural log units that telling a part from its parent must earn. */
const APART_GAIN = 10

function isApart({ counts: part, length }: Candidate, parent: Candidate): boolean {
  const rest = {
    bad: parent.counts.bad - part.bad,
    total: parent.counts.total - part.total,
    expected: parent.counts.expected - part.expected,
  }
  if (part.bad * rest.total < APART * rest.bad * part.total) return false
  return (
    likelihoodRatio(part) + likelihoodRatio(rest) - length + parent.length > likelihoodRatio(parent.counts) + APART_GAIN
  )
}

function isPart(features: Features, part: Candidate, parent: Candidate): boolean {
  if (part.dimensions.length <= parent.dimensions.length) return false
  const [inner, outer] = [
    scopeOf(features, part.dimensions, part.key),
    scopeOf(features, parent.dimensions, parent.key),
  ]
  return parent.dimensions.every((dimension) => inner[dimension] === outer[dimension])
}

/** What a scope has in an interval: the expected bad requests are sums over rows, so that scopes can be compared. */
interface Counts {
  bad: number
  total: number
  expected: number
}

function add(counts: Counts, { bad, total, expected }: Counts): void {
  counts.bad += bad
  counts.total += total
  counts.expected += expected
}

/** Bad and all requests of each combination of values in rows [first, end); which occur there, and which have a bad one. */
function countCombinations(
  { combinations, shareTest }: Features,
  metric: ShareMetric,
  [first, end]: readonly [number, number],
  removed: Uint8Array,
) {
  const test = shareTest(metric)
  const bad = new Uint32Array(combinations.count)
  const total = new Uint32Array(combinations.count)
  const touched: number[] = []
  const faulty: number[] = []
  for (let row = first; row < end; row++) {
    if (removed[row] === 1) continue
    const outcome = test(row)
    if (outcome === -1) continue
    const combination = combinations.of[row]
    if (total[combination]++ === 0) touched.push(combination)
    if (outcome === 1 && bad[combination]++ === 0) faulty.push(combination)
  }
  return { bad, total, touched, faulty }
}

/** Dimensions whose own shares make up a row's expected share; the others nest in them or are what changes. */
const EXPECTED_BY = ['endpoint', 'region', 'environment'] as const
/** One dimension's value never moves the expected share by more than this factor. */
const MOST_FACTOR = 10

/**
 * The share expected of each combination of values: the whole's, times how much its endpoint (or service), region and
 * environment usually lie above or below it.
 */
function createExpectation(
  features: Features,
  findings: ShareFindings,
  from: number,
  to: number,
): (combination: number) => number {
  const { table, sliceTable, combinations } = features
  const overall = findings.judges[0]?.judge(from, to).share ?? 0.01
  const dimensions = EXPECTED_BY.map((dimension) =>
    dimension === 'endpoint' && table.dimensions.endpoint.values.length <= 2 ? 'service' : dimension,
  )
  const factors = dimensions.map((dimension) => {
    const { values } = table.dimensions[dimension]
    const codes = combinations.codes[dimension]
    const byValue = new Float64Array(values.length).fill(1)
    for (const [slice, { scope, level }] of sliceTable.slices.entries()) {
      const value = scope[dimension]
      const judge = findings.judges[slice]
      if (level !== 1 || value === undefined || !judge) continue
      const ratio = judge.judge(from, to).share / overall
      byValue[values.indexOf(value)] = Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, ratio))
    }
    return (combination: number) => byValue[codes[combination]]
  })
  return (combination) => {
    let share = overall
    for (const factor of factors) share *= factor(combination)
    return Math.min(0.95, Math.max(1e-7, share))
  }
}

/** Bad and all requests of a scope by window, without removed rows. */
export function buildScopeSeries(
  features: Features,
  metric: ShareMetric,
  scope: Scope,
  removed: Uint8Array,
): { bad: Uint32Array; total: Uint32Array } {
  const { windowOf, grid } = features
  const test = features.shareTest(metric)
  const bad = new Uint32Array(grid.windows)
  const total = new Uint32Array(grid.windows)
  features.visitRows(scope, (row) => {
    if (removed[row] === 1) return
    const outcome = test(row)
    if (outcome === -1) return
    total[windowOf[row]]++
    bad[windowOf[row]] += outcome
  })
  return { bad, total }
}

/** ln of (best share of its own) over (expected share); 0 when it is not above what is expected. */
function likelihoodRatio({ bad, total, expected }: Counts): number {
  const good = total - bad
  if (bad <= expected) return 0
  return bad * Math.log(bad / expected) + (good > 0 ? good * Math.log(good / (total - expected)) : 0)
}

/** A version is a service's: its name says the service's too, so that a few healthy requests of the version before prove nothing. */
const VERSION_COST = DIMENSION_COST

function descriptionLength({ table }: Features, dimensions: readonly Dimension[]): number {
  let length = 0
  for (const dimension of dimensions) length += DIMENSION_COST + Math.log(table.dimensions[dimension].values.length - 1)
  const isNested = table.dimensions.service.values.length > 2 && !dimensions.includes('service')
  return dimensions.includes('version') && isNested ? length + VERSION_COST : length
}

function listSubsets(dimensions: readonly Dimension[]): Dimension[][] {
  let subsets: Dimension[][] = [[]]
  for (const dimension of dimensions) {
    subsets = subsets.concat(
      subsets.filter((subset) => subset.length < MOST_DIMENSIONS).map((subset) => [...subset, dimension]),
    )
  }
  return subsets.filter((subset) => subset.length > 0).sort((a, b) => a.length - b.length)
}

/** A combination's values in some dimensions as one number; -1 when one is unknown. */
function keyOf({ table, combinations }: Features, subset: readonly Dimension[], combination: number): number {
  let key = 0
  for (const dimension of subset) {
    const code = combinations.codes[dimension][combination]
    if (code === 0) return -1
    key = key * table.dimensions[dimension].values.length + code
  }
  return key
}

function scopeOf({ table }: Features, subset: readonly Dimension[], key: number): Scope {
  const scope: Scope = {}
  let rest = key
  for (const dimension of [...subset].reverse()) {
    const { values } = table.dimensions[dimension]
    scope[dimension] = values[rest % values.length]
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

import type { Features, Scope, ShareFindings, ShareMetric } from '../types.ts'
import { rowsOf } from './rows.ts'
import { type Candidate, type Group, isPart, listCandidates, scopeOf, tallyRest } from './scope-candidates.ts'
import { createExpectation } from './scope-expectation.ts'
import { likelihoodRatio } from './scope-fault.ts'

/** A part's share of bad requests must be this many times that of the rest to be another matter than its parent. */
const APART = 3
/** Natural log units that telling a part from its parent must earn. */
const APART_GAIN = 10

/**
 * The conjunction of up to three dimensions that explains the bad requests of windows [from, to) best: the one with
 * the greatest log-likelihood ratio of "a fault of its own" against "as usual", less the length of its description. A
 * parent that carries healthy siblings is diluted, a child leaves part of the excess unexplained, so that the likelihood
 * itself finds the level (cf. Adtributor, NSDI 2014; Squeeze, ISSRE 2019).
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
  const usualOf = createExpectation(features, findings, from, to)
  const groups = groupRequests(features, metric, rowsOf(features, from, to), removed, usualOf)
  const candidates = listCandidates(features, groups)
  let best = strongest(candidates, candidates[0])
  // Two faults at once make their common parent look best: the stronger is taken when the rest is clearly another matter.
  for (;;) {
    const parent = best
    const parts = candidates.filter((part) => isPart(features, part, parent) && isApart(features, groups, part, parent))
    if (parts.length === 0) break
    best = strongest(parts, parts[0])
  }
  return scopeOf(features, best)
}

/** The candidate of the highest score. Plainer names come first, so that of two for the same requests the first stays. */
function strongest(candidates: readonly Candidate[], first: Candidate): Candidate {
  let best = first
  for (const candidate of candidates) {
    const same = candidate.tally.bad === best.tally.bad && candidate.tally.total === best.tally.total
    if (same && best.length > 0) continue
    if (scoreOf(candidate) > scoreOf(best)) best = candidate
  }
  return best
}

const scoreOf = ({ tally, length }: Candidate) => likelihoodRatio(tally) - length

function isApart(features: Features, groups: readonly Group[], part: Candidate, parent: Candidate): boolean {
  const restBad = parent.tally.bad - part.tally.bad
  const restTotal = parent.tally.total - part.tally.total
  if (part.tally.bad * restTotal < APART * restBad * part.tally.total) return false
  const rest = tallyRest(features, groups, part, parent)
  return scoreOf(part) + likelihoodRatio(rest) > scoreOf(parent) + APART_GAIN
}

/** The requests of rows [first, end) by combination of values. */
function groupRequests(
  { combinations, shareTest }: Features,
  metric: ShareMetric,
  [first, end]: readonly [number, number],
  removed: Uint8Array,
  usualOf: (combination: number) => number,
): Group[] {
  const test = shareTest(metric)
  const bad = new Uint32Array(combinations.count)
  const total = new Uint32Array(combinations.count)
  const touched: number[] = []
  for (let row = first; row < end; row++) {
    if (removed[row] === 1) continue
    const outcome = test(row)
    if (outcome === -1) continue
    const combination = combinations.of[row]
    if (total[combination]++ === 0) touched.push(combination)
    bad[combination] += outcome
  }
  return touched.map((combination) => ({
    combination,
    bad: bad[combination],
    total: total[combination],
    usual: usualOf(combination),
  }))
}

import type { Features, Scope, ShareFindings, ShareMetric } from '../types.ts'
import { rowsOf } from './rows.ts'
import {
  buildCandidate,
  type Candidate,
  type Group,
  isPart,
  listCandidates,
  scopeOf,
  tallyRest,
} from './scope-candidates.ts'
import { createExpectation } from './scope-expectation.ts'
import { likelihoodRatio } from './scope-fault.ts'

/** A part's share of bad requests must be this many times that of the rest to be another matter than its parent. */
const APART = 3
/** Natural log units that telling a part from its parent must earn. */
const APART_GAIN = 10

/** Scopes whose score lies further below the best than this (natural log units) are no rivals of it; and at most so many are. */
const RIVAL_GAP = 6
const MOST_RIVALS = 3

/** Where scopes are searched. */
export interface Ground {
  readonly features: Features
  readonly findings: ShareFindings
  readonly metric: ShareMetric
  /** 1 for rows that belong to an incident found before. */
  readonly removed: Uint8Array
}

/**
 * The conjunctions of up to three dimensions that explain the bad requests of windows [from, to) best, the best first:
 * the one with the greatest log-likelihood ratio of "a fault of its own" against "as usual", less the length of its
 * description. A parent that carries healthy siblings is diluted, a child leaves part of the excess unexplained, so that
 * the likelihood itself finds the level (cf. Adtributor, NSDI 2014; Squeeze, ISSRE 2019). The others are those that come
 * near it: in an interval of their own they may explain more.
 */
export function searchScopes(ground: Ground, from: number, to: number): Scope[] {
  const { features } = ground
  const groups = groupRequests(ground, from, to)
  const candidates = listCandidates(features, groups)
  let best = strongest(candidates, candidates[0])
  // Two faults at once make their common parent look best: the stronger is taken when the rest is clearly another matter.
  let rivals = listRivals(candidates, best)
  for (;;) {
    const parent = best
    const parts = candidates.filter((part) => isPart(features, part, parent) && isApart(features, groups, part, parent))
    if (parts.length === 0) break
    best = strongest(parts, parts[0])
    rivals = listRivals(parts, best)
  }
  return [best, ...rivals].map((candidate) => scopeOf(features, candidate))
}

/** The score of one scope in windows [from, to): scopes can be compared by it, each in its own interval, for what lies outside is as usual. */
export function scoreScope(ground: Ground, scope: Scope, from: number, to: number): number {
  return scoreOf(buildCandidate(ground.features, groupRequests(ground, from, to), scope))
}

/** The strongest besides the best. Of those that hold the same requests the plainest stays. */
function listRivals(candidates: readonly Candidate[], best: Candidate): Candidate[] {
  const near = candidates.filter((candidate) => candidate !== best && scoreOf(candidate) > scoreOf(best) - RIVAL_GAP)
  const rivals: Candidate[] = []
  for (const candidate of near.sort((a, b) => scoreOf(b) - scoreOf(a))) {
    const isSame = ({ tally }: Candidate) => tally.bad === candidate.tally.bad && tally.total === candidate.tally.total
    if (![best, ...rivals].some(isSame)) rivals.push(candidate)
    if (rivals.length === MOST_RIVALS) break
  }
  return rivals
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

/** The requests of windows [from, to) by combination of values. */
function groupRequests({ features, findings, metric, removed }: Ground, from: number, to: number): Group[] {
  const { combinations, shareTest } = features
  const usualOf = createExpectation(features, findings, from, to)
  const [first, end] = rowsOf(features, from, to)
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

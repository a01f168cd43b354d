import { groupBy, mergeVersions } from '../facts.ts'
import { formatBytes, formatShare } from '../format.ts'
import { betaBinomialUpperTail } from '../math/distributions.ts'
import { countOf, quantileOf, valueAtRank } from '../math/histogram.ts'
import type { Comparison, EndpointChange, EndpointFacts, Histogram, LatencyChange } from '../types.ts'
import { listContractChanges } from './contracts.ts'

/** Fewer values than these have no median worth telling. */
const FEWEST_VALUES = 20
/** Two-sided 95 % of a normal distribution. */
const Z = 1.96
/** A status that was this much rarer before is a fact; smaller shifts are everyday. */
const STATUS_POINTS = 0.05
/** And not by chance: ln 1e-4. */
const STATUS_LOG_P = -9.21034
/** A median size that is this much larger or smaller, beyond its own uncertainty. */
const SIZE_FACTOR = 1.2

/** Endpoints by name: all versions together, and each. */
export type EndpointTable = ReadonlyMap<string, EndpointFacts & { readonly byVersion: readonly EndpointFacts[] }>

export function buildEndpointTable(facts: readonly EndpointFacts[]): EndpointTable {
  const byEndpoint = groupBy(facts, ({ endpoint }) => endpoint)
  return new Map(byEndpoint.map((own) => [own[0].endpoint, { ...mergeVersions(own), byVersion: own }]))
}

/**
 * Endpoints that only one of two logs has, busiest first.
 *
 * @param names of all endpoints of both: facts are kept of the busiest only
 */
export function listMoves(
  before: EndpointTable,
  now: EndpointTable,
  names: { readonly before: ReadonlySet<string>; readonly now: ReadonlySet<string> },
): Pick<Comparison, 'appeared' | 'vanished'> {
  const without = (facts: EndpointTable, others: ReadonlySet<string>) =>
    [...facts.values()]
      .filter(({ endpoint }) => !others.has(endpoint))
      .map(({ endpoint, requests }) => ({ endpoint, requests }))
      .sort((a, b) => b.requests - a.requests || (a.endpoint < b.endpoint ? -1 : 1))
  return { appeared: without(now, names.before), vanished: without(before, names.now) }
}

/** How the latency of each endpoint moved, the largest change first. Statuses that fail fast count too. */
export function compareLatency(before: EndpointTable, now: EndpointTable): LatencyChange[] {
  return pairUp(before, now)
    .flatMap(([old, own]): LatencyChange[] => {
      const ratio = compareMedians(old.latency, own.latency)
      return ratio === null ? [] : [{ endpoint: own.endpoint, ...ratio }]
    })
    .sort((a, b) => sizeOf(b) - sizeOf(a) || (a.endpoint < b.endpoint ? -1 : 1))
}

const sizeOf = ({ ratio }: LatencyChange) => Math.max(ratio, 1 / ratio)

/** What endpoints answer otherwise than before: facts, not alarms. */
export function listChanges(before: EndpointTable, now: EndpointTable): EndpointChange[] {
  return pairUp(before, now).flatMap(([old, own]) => [
    ...compareStatuses(old, own),
    ...compareSizes(old, own),
    ...listContractChanges(old, old.byVersion, own, own.byVersion),
  ])
}

function pairUp(before: EndpointTable, now: EndpointTable) {
  return [...now.values()].flatMap((own) => {
    const old = before.get(own.endpoint)
    return old === undefined ? [] : [[old, own] as const]
  })
}

function compareStatuses(old: EndpointFacts, own: EndpointFacts): EndpointChange[] {
  // Of an endpoint that incidents spoiled altogether nothing is known.
  if (old.requests === 0 || own.requests === 0) return []
  return Object.entries(own.statuses).flatMap(([status, count]): EndpointChange[] => {
    const countBefore = old.statuses[status] ?? 0
    const [shareBefore, share] = [countBefore / old.requests, count / own.requests]
    if (share - shareBefore < STATUS_POINTS) return []
    const logP = betaBinomialUpperTail(count, own.requests, countBefore + 0.5, old.requests - countBefore + 0.5)
    if (logP > STATUS_LOG_P) return []
    const name = status === '0' ? 'no status' : `status ${status}`
    const text = `${name}: ${formatShare(shareBefore)} before, ${formatShare(share)} now`
    return [{ endpoint: own.endpoint, kind: 'status', text }]
  })
}

function compareSizes(old: EndpointFacts, own: EndpointFacts): EndpointChange[] {
  const medians = compareMedians(old.sizes, own.sizes)
  if (medians === null) return []
  const { ratio, lower, upper, beforeMs, afterMs } = medians
  const isChanged = (ratio >= SIZE_FACTOR && lower > 1) || (ratio <= 1 / SIZE_FACTOR && upper < 1)
  if (!isChanged) return []
  const text = `median size: ${formatBytes(beforeMs)} before, ${formatBytes(afterMs)} now (×${Number(ratio.toPrecision(2))})`
  return [{ endpoint: own.endpoint, kind: 'size', text }]
}

/**
 * Medians, their ratio and its 95 % confidence interval: each median's by order statistics (ranks n/2 ± z·√n/2), both
 * joined as relative errors in quadrature. It covers chance, not what else differs between two runs.
 */
function compareMedians(old: Histogram, own: Histogram): Omit<LatencyChange, 'endpoint'> | null {
  const [requestsBefore, requestsAfter] = [countOf(old), countOf(own)]
  if (requestsBefore < FEWEST_VALUES || requestsAfter < FEWEST_VALUES) return null
  const [beforeMs, afterMs] = [quantileOf(old, 0.5), quantileOf(own, 0.5)]
  if (!(beforeMs > 0 && afterMs > 0)) return null
  const ratio = afterMs / beforeMs
  const spread = Math.sqrt(relativeError(old) ** 2 + relativeError(own) ** 2)
  return {
    beforeMs,
    afterMs,
    ratio,
    lower: ratio / (1 + spread),
    upper: ratio * (1 + spread),
    requestsBefore,
    requestsAfter,
  }
}

function relativeError(histogram: Histogram): number {
  const n = countOf(histogram)
  const reach = (Z * Math.sqrt(n)) / 2
  const [low, high] = [valueAtRank(histogram, n / 2 - reach), valueAtRank(histogram, n / 2 + reach)]
  return (high - low) / 2 / quantileOf(histogram, 0.5)
}

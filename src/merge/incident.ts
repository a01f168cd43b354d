import { hashText } from '../math/hash.ts'
import { median } from '../math/stats.ts'
import {
  type Contributor,
  DIMENSIONS,
  type Incident,
  OUTCOME,
  PAYLOAD,
  type Sample,
  SEVERITIES,
  SHARE_COLUMNS,
  type Scope,
  type ShareMetric,
} from '../types.ts'
import type { Draft } from './draft.ts'
import { type Evidence, rowsOf } from './evidence.ts'
import { explain, unitOf } from './explain.ts'
import { judgeSeverity } from './severity.ts'

const MOST_SAMPLES = 3
const MOST_CONTRIBUTORS = 5
const LEAST_P = 1e-300
/** A contributor outside the scope is named when it has this much more of the excess than of the requests. */
const CONCENTRATION = 0.15

/** What the drafts need from outside the evidence. */
export interface IncidentContext {
  readonly evidence: Evidence
  /** `the baseline log`, or `''`. */
  readonly baseline: string
  /** Expected requests of a scope's value in an interval, for the contributors of traffic incidents. */
  readonly expectedTraffic: (slice: number, from: number, to: number) => number
  /** Readings of outliers (which metrics deviate, and how), by draft. */
  readonly readings: (draft: Draft) => readonly { readonly reason: string; readonly count: number }[]
}

/** Gives drafts their severity, words and evidence; sorts and numbers them, worst first. */
export function buildIncidents(drafts: readonly Draft[], context: IncidentContext): Incident[] {
  const incidents = drafts.map((draft) => buildIncident(draft, context))
  incidents.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      a.start - b.start ||
      (a.fingerprint < b.fingerprint ? -1 : a.fingerprint > b.fingerprint ? 1 : a.end - b.end),
  )
  const numbered = incidents.map((incident, i) => ({ ...incident, id: `I${i + 1}` }))
  return numbered.map((incident) => ({
    ...incident,
    related: numbered.filter((other) => other !== incident && overlap(incident, other)).map(({ id }) => id),
  }))
}

/** Whether two incidents share time and requests. The watch list is nobody's relative. */
function overlap(a: Incident, b: Incident): boolean {
  if (a.start >= b.end || b.start >= a.end || a.severity === 'low' || b.severity === 'low') return false
  return DIMENSIONS.every((d) => a.scope[d] === undefined || b.scope[d] === undefined || a.scope[d] === b.scope[d])
}

function buildIncident(draft: Draft, context: IncidentContext): Incident {
  const { evidence } = context
  const { grid } = evidence
  const start = Math.max(grid.startMs + draft.from * grid.windowMs, grid.firstMs)
  const end = Math.min(grid.startMs + draft.to * grid.windowMs, grid.lastMs + 1)
  const inside = evidence.scopeTest(draft.scope)
  const [first, last] = rowsOf(evidence, draft.from, draft.to)
  const rows: number[] = []
  for (let row = first; row < last; row++) if (inside(row)) rows.push(row)

  const contributors = listContributors(draft, context, rows)
  const reasons = draft.metric === 'multivariate' ? context.readings(draft) : countReasons(evidence, rows)
  const explanation = explain({
    draft,
    start,
    end,
    lasting: draft.to === grid.windows && draft.from > 0,
    reasons,
    medianMs: median(rows.map((row) => evidence.table.durationMs[row]!)),
    usualMs: median(rows.map((row) => evidence.latency.usualMs[row]!)),
    contributors,
    baseline: context.baseline,
  })
  const pValue = Math.max(LEAST_P, Math.exp(draft.logP))
  return {
    id: '',
    fingerprint: fingerprintOf(draft),
    category: draft.category,
    severity: judgeSeverity(draft),
    start,
    end,
    scope: draft.scope,
    metric: draft.metric,
    unit: unitOf(draft.metric),
    actual: draft.actual,
    expected: draft.expected,
    lower: draft.lower,
    upper: draft.upper,
    support: draft.support,
    affected: draft.affected,
    effect: draft.effect,
    pValue,
    qValue: draft.qValue,
    score: scoreOf(pValue),
    detectors: draft.detectors,
    explanation,
    contributors,
    related: [],
    samples: listSamples(draft, evidence, rows),
  }
}

/** Surprise on a scale from 0 to 1: half at p = 1e-8, 0.97 at the smallest p that a double holds. */
export function scoreOf(pValue: number): number {
  const digits = -Math.log10(Math.max(pValue, LEAST_P))
  return digits / (digits + 8)
}

function fingerprintOf({ category, metric, effect, actual, expected, scope }: Draft): string {
  const direction = metric === 'requests' || metric === 'traffic_share' ? (effect < 0 ? 'below' : 'above') : actual >= expected ? 'above' : 'below'
  const where = DIMENSIONS.map((dimension) => scope[dimension] ?? '').join('\u0001')
  return hashText([category, metric, direction, where].join('\u0002'))
}

function countReasons({ table }: Evidence, rows: readonly number[]): { reason: string; count: number }[] {
  const counts = new Uint32Array(table.reasons.length)
  for (const row of rows) if (table.payload[row] === PAYLOAD.invalid) counts[table.reason[row]!]!++
  return Array.from(counts, (count, code) => ({ reason: table.reasons[code]!, count }))
    .filter(({ reason, count }) => count > 0 && reason !== '')
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/**
 * Who has how much of the excess: the values that the scope names first, then those of other dimensions that have
 * clearly more of it than of the requests.
 */
function listContributors(draft: Draft, context: IncidentContext, rows: readonly number[]): Contributor[] {
  const { table } = context.evidence
  const named: Contributor[] = []
  const other: Contributor[] = []
  const shares = isTraffic(draft) ? trafficShares(draft, context) : excessShares(draft, context.evidence, rows)
  for (const dimension of DIMENSIONS) {
    if (table.dimensions[dimension].values.length <= 2) continue
    for (const { value, excess, requests } of shares(dimension)) {
      const share = Math.min(1, Math.max(0, excess))
      if (draft.scope[dimension] === value) named.push({ dimension, value, share })
      else if (draft.scope[dimension] === undefined && share >= requests + CONCENTRATION) other.push({ dimension, value, share })
    }
  }
  const largest = (a: Contributor, b: Contributor) => b.share - a.share
  return [...named.sort(largest), ...other.sort(largest)].slice(0, MOST_CONTRIBUTORS)
}

type PartsOf = (dimension: (typeof DIMENSIONS)[number]) => { value: string; excess: number; requests: number }[]

/** Per value of a dimension its part of the bad requests in all of the interval that are beyond the expected share. */
function excessShares(draft: Draft, evidence: Evidence, rows: readonly number[]): PartsOf {
  const { table } = evidence
  const metric = draft.metric
  if (!isShareMetric(metric)) return () => []
  const test = evidence.shareTest(metric)
  const [first, end] = rowsOf(evidence, draft.from, draft.to)
  const inScope = new Set(rows)
  return (dimension) => {
    const { codes, values } = table.dimensions[dimension]
    const named = draft.scope[dimension] !== undefined
    const excess = new Float64Array(values.length)
    const requests = new Float64Array(values.length)
    let allExcess = 0
    let allRequests = 0
    for (let row = first; row < end; row++) {
      const outcome = test(row)
      // A dimension that the scope names is held against the whole, another one against the scope.
      if (outcome === -1 || (!named && !inScope.has(row))) continue
      const more = outcome - draft.expected
      excess[codes[row]!]! += more
      requests[codes[row]!]!++
      allExcess += more
      allRequests++
    }
    return Array.from(values, (value, code) => ({
      value,
      excess: allExcess > 0 ? excess[code]! / allExcess : 0,
      requests: requests[code]! / Math.max(1, allRequests),
    })).filter(({ value }) => value !== '')
  }
}

function trafficShares(draft: Draft, { evidence, expectedTraffic }: IncidentContext): PartsOf {
  const { slices } = evidence.sliceTable
  const { requests } = evidence.windows
  const change = (slice: number) => {
    let actual = 0
    for (let w = draft.from; w < draft.to; w++) actual += requests[slice * evidence.grid.windows + w]!
    return expectedTraffic(slice, draft.from, draft.to) - actual
  }
  const whole = change(0)
  const wholeExpected = expectedTraffic(0, draft.from, draft.to)
  return (dimension) =>
    slices.flatMap(({ scope, level }, slice) => {
      const value = scope[dimension]
      if (level !== 1 || value === undefined) return []
      const part = expectedTraffic(slice, draft.from, draft.to) / Math.max(wholeExpected, 1e-9)
      return [{ value, excess: whole === 0 ? 0 : change(slice) / whole, requests: part }]
    })
}

/** A few requests to look at: the first, one from the middle and the last bad one. */
function listSamples(draft: Draft, evidence: Evidence, rows: readonly number[]): Sample[] {
  const { metric } = draft
  if (!isShareMetric(metric)) return []
  const test = evidence.shareTest(metric)
  const bad = rows.filter((row) => test(row) === 1)
  const withExcerpt = bad.filter((row) => evidence.table.excerpts.has(row))
  const pool = withExcerpt.length >= MOST_SAMPLES ? withExcerpt : bad
  const picked = new Set(pool.length > 0 ? [pool[0]!, pool[Math.floor(pool.length / 2)]!, pool.at(-1)!] : [])
  return [...picked].map((row) => ({ source: sourceOf(evidence, row), text: describeRow(evidence, row) }))
}

/** `file:line` of a row. */
export function sourceOf({ table }: Evidence, row: number): string {
  return `${table.file.values[table.file.codes[row]!]}:${table.line[row]}`
}

function describeRow({ table }: Evidence, row: number): string {
  const parts = [new Date(table.time[row]!).toISOString()]
  for (const dimension of DIMENSIONS) {
    const value = table.dimensions[dimension].values[table.dimensions[dimension].codes[row]!]!
    if (value !== '' && dimension !== 'service') parts.push(dimension === 'endpoint' ? value : `${dimension}=${value}`)
  }
  if (table.status[row] !== 0) parts.push(`status ${table.status[row]}`)
  else if (table.outcome[row] === OUTCOME.noResponse) parts.push('no response')
  if (!Number.isNaN(table.durationMs[row]!)) parts.push(`${Math.round(table.durationMs[row]! * 10) / 10} ms`)
  if (!Number.isNaN(table.bytes[row]!)) parts.push(`${table.bytes[row]} bytes`)
  const reason = table.reasons[table.reason[row]!]!
  if (reason !== '') parts.push(reason)
  const excerpt = table.excerpts.get(row)
  return parts.join(' ') + (excerpt === undefined ? '' : ` | ${excerpt}`)
}

function isTraffic({ metric }: Draft): boolean {
  return metric === 'requests' || metric === 'traffic_share'
}

function isShareMetric(metric: string): metric is ShareMetric {
  return metric in SHARE_COLUMNS
}

/** The scope of a single record, for a row of the table of anomalies. */
export function scopeOfRow({ table }: Evidence, row: number): Scope {
  const scope: Scope = {}
  for (const dimension of DIMENSIONS) {
    const value = table.dimensions[dimension].values[table.dimensions[dimension].codes[row]!]!
    if (value !== '') scope[dimension] = value
  }
  return scope
}


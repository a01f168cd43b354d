import { hashText } from '../math/hash.ts'
import { median } from '../math/stats.ts'
import {
  type Contributor,
  type Detected,
  DIMENSIONS,
  type Features,
  type Incident,
  OUTCOME,
  PAYLOAD,
  type Sample,
  type Scope,
  SEVERITIES,
  SHARE_COLUMNS,
  type ShareMetric,
} from '../types.ts'
import type { Draft } from './draft.ts'
import { explain, unitOf } from './explain.ts'
import { rowsOf } from './rows.ts'
import { judgeSeverity } from './severity.ts'

const MOST_SAMPLES = 3
const MOST_CONTRIBUTORS = 5
const LEAST_P = 1e-300
/** A contributor outside the scope is named when it has this much more of the excess than of the requests. */
const CONCENTRATION = 0.15

/** Gives drafts their severity, words and features; sorts and numbers them, worst first. */
export function buildIncidents(drafts: readonly Draft[], features: Features, found: Detected): Incident[] {
  const incidents = drafts.map((draft) => buildIncident(draft, features, found))
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

function buildIncident(draft: Draft, features: Features, found: Detected): Incident {
  const { grid } = features
  const start = Math.max(grid.startMs + draft.from * grid.windowMs, grid.firstMs)
  const end = Math.min(grid.startMs + draft.to * grid.windowMs, grid.lastMs + 1)
  const inside = features.scopeTest(draft.scope)
  const [first, last] = rowsOf(features, draft.from, draft.to)
  const rows: number[] = []
  for (let row = first; row < last; row++) if (inside(row)) rows.push(row)

  const contributors = listContributors(draft, features, found, rows)
  const reasons = draft.metric === 'multivariate' ? listReadings(draft, features, found) : countReasons(features, rows)
  const explanation = explain({
    draft,
    start,
    end,
    lasting: draft.to === grid.windows && draft.from > 0,
    reasons,
    medianMs: median(rows.map((row) => features.table.durationMs[row])),
    usualMs: median(rows.map((row) => features.latency.usualMs[row])),
    contributors,
    baseline: features.baselineOf === null ? '' : 'the baseline log',
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
    unit: unitOf(draft),
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
    samples: listSamples(draft, features, rows),
  }
}

/** Surprise on a scale from 0 to 1: half at p = 1e-8, 0.97 at the smallest p that a double holds. */
export function scoreOf(pValue: number): number {
  const digits = -Math.log10(Math.max(pValue, LEAST_P))
  return digits / (digits + 8)
}

function fingerprintOf({ category, metric, effect, actual, expected, scope }: Draft): string {
  const direction =
    metric === 'requests' || metric === 'traffic_share'
      ? effect < 0
        ? 'below'
        : 'above'
      : actual >= expected
        ? 'above'
        : 'below'
  const where = DIMENSIONS.map((dimension) => scope[dimension] ?? '').join('\u0001')
  return hashText([category, metric, direction, where].join('\u0002'))
}

function countReasons({ table }: Features, rows: readonly number[]): { reason: string; count: number }[] {
  const counts = new Uint32Array(table.reasons.length)
  for (const row of rows) if (table.payload[row] === PAYLOAD.invalid) counts[table.reason[row]]++
  return Array.from(counts, (count, code) => ({ reason: table.reasons[code], count }))
    .filter(({ reason, count }) => count > 0 && reason !== '')
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
}

/** Which metrics of an outlier's slice are off, and by how much. */
function listReadings(draft: Draft, features: Features, found: Detected): { reason: string; count: number }[] {
  const slice = features.sliceTable.slices.findIndex(
    ({ scope }) => JSON.stringify(scope) === JSON.stringify(draft.scope),
  )
  return found.outliers
    .deviations(slice, draft.from, draft.to)
    .slice(0, 3)
    .map(({ name, deviation }) => ({
      reason: `${name} ${Math.abs(deviation).toFixed(1)} sd ${deviation < 0 ? 'below' : 'above'} its usual course`,
      count: 1,
    }))
}

/**
 * Who has how much of the excess: the values that the scope names first, then those of other dimensions that have
 * clearly more of it than of the requests.
 */
function listContributors(draft: Draft, features: Features, found: Detected, rows: readonly number[]): Contributor[] {
  const { table } = features
  const named: Contributor[] = []
  const other: Contributor[] = []
  const shares = isTraffic(draft) ? trafficShares(draft, features, found) : excessShares(draft, features, rows)
  for (const dimension of DIMENSIONS) {
    if (table.dimensions[dimension].values.length <= 2) continue
    // Versions come and go by deployment: they explain no traffic.
    if (dimension === 'version' && isTraffic(draft)) continue
    for (const { value, excess, requests } of shares(dimension)) {
      const share = Math.min(1, Math.max(0, excess))
      if (draft.scope[dimension] === value) named.push({ dimension, value, share })
      else if (draft.scope[dimension] === undefined && share >= requests + CONCENTRATION)
        other.push({ dimension, value, share })
    }
  }
  const largest = (a: Contributor, b: Contributor) => b.share - a.share
  return [...named.sort(largest), ...other.sort(largest)].slice(0, MOST_CONTRIBUTORS)
}

type PartsOf = (dimension: (typeof DIMENSIONS)[number]) => { value: string; excess: number; requests: number }[]

/** Per value of a dimension its part of the bad requests in all of the interval that are beyond the expected share. */
function excessShares(draft: Draft, features: Features, rows: readonly number[]): PartsOf {
  const { table } = features
  const metric = draft.metric
  if (!isShareMetric(metric)) return () => []
  const test = features.shareTest(metric)
  const [first, end] = rowsOf(features, draft.from, draft.to)
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
      excess[codes[row]] += more
      requests[codes[row]]++
      allExcess += more
      allRequests++
    }
    return Array.from(values, (value, code) => ({
      value,
      excess: allExcess > 0 ? excess[code] / allExcess : 0,
      requests: requests[code] / Math.max(1, allRequests),
    })).filter(({ value }) => value !== '')
  }
}

function trafficShares(draft: Draft, features: Features, found: Detected): PartsOf {
  const expectedTraffic = found.trafficShares.expected
  const { slices } = features.sliceTable
  const { requests } = features.windows
  const change = (slice: number) => {
    let actual = 0
    for (let w = draft.from; w < draft.to; w++) actual += requests[slice * features.grid.windows + w]
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
function listSamples(draft: Draft, features: Features, rows: readonly number[]): Sample[] {
  const { metric } = draft
  if (!isShareMetric(metric)) return []
  const test = features.shareTest(metric)
  const bad = rows.filter((row) => test(row) === 1)
  const withExcerpt = bad.filter((row) => features.table.excerpts.has(row))
  const pool = withExcerpt.length >= MOST_SAMPLES ? withExcerpt : bad
  const picked = new Set(pool.length > 0 ? [pool[0], pool[Math.floor(pool.length / 2)], pool.at(-1)!] : [])
  return [...picked].map((row) => ({ source: sourceOf(features, row), text: describeRow(features, row) }))
}

/** `file:line` of a row. */
export function sourceOf({ table }: Features, row: number): string {
  return `${table.file.values[table.file.codes[row]]}:${table.line[row]}`
}

function describeRow({ table }: Features, row: number): string {
  const parts = [new Date(table.time[row]).toISOString()]
  for (const dimension of DIMENSIONS) {
    const value = table.dimensions[dimension].values[table.dimensions[dimension].codes[row]]
    if (value !== '' && dimension !== 'service') parts.push(dimension === 'endpoint' ? value : `${dimension}=${value}`)
  }
  if (table.status[row] !== 0) parts.push(`status ${table.status[row]}`)
  else if (table.outcome[row] === OUTCOME.noResponse) parts.push('no response')
  if (!Number.isNaN(table.durationMs[row])) parts.push(`${Math.round(table.durationMs[row] * 10) / 10} ms`)
  if (!Number.isNaN(table.bytes[row])) parts.push(`${table.bytes[row]} bytes`)
  const reason = table.reasons[table.reason[row]]
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
export function scopeOfRow({ table }: Features, row: number): Scope {
  const scope: Scope = {}
  for (const dimension of DIMENSIONS) {
    const value = table.dimensions[dimension].values[table.dimensions[dimension].codes[row]]
    if (value !== '') scope[dimension] = value
  }
  return scope
}

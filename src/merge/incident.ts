import { hashText } from '../math/hash.ts'
import { median } from '../math/stats.ts'
import { type Detected, DIMENSIONS, type Features, type Incident, PAYLOAD, SEVERITIES } from '../types.ts'
import { listContributors } from './contributors.ts'
import type { Draft } from './draft.ts'
import { explain, unitOf } from './explain.ts'
import { rowsOf } from './rows.ts'
import { listSamples } from './samples.ts'
import { judgeSeverity } from './severity.ts'

const LEAST_P = 1e-300

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

  const contributors = listContributors(draft, features, found)
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
    status: null,
    before: Number.NaN,
    acknowledged: null,
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

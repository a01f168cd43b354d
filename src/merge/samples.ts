import { DIMENSIONS, type Features, OUTCOME, type Sample, type Scope } from '../types.ts'
import { type Draft, isShareMetric } from './draft.ts'

const MOST_SAMPLES = 3

/** A few requests to look at: the first, one from the middle and the last bad one. */
export function listSamples(draft: Draft, features: Features, rows: readonly number[]): Sample[] {
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

/** The scope of a single record, for a row of the table of anomalies. */
export function scopeOfRow({ table }: Features, row: number): Scope {
  const scope: Scope = {}
  for (const dimension of DIMENSIONS) {
    const value = table.dimensions[dimension].values[table.dimensions[dimension].codes[row]]
    if (value !== '') scope[dimension] = value
  }
  return scope
}

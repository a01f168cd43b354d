/**
 * Masks names before anything is made of them. Runs are compared by names, and what an earlier run left has masked ones:
 * so the names of this run are masked before it is judged, not only where it is told.
 */

import { parseShape, renderObjectShape } from '../shapes.ts'
import { type Coded, DIMENSIONS, type Dimension, type Logs, type Scope, type State } from '../types.ts'
import { redact } from './redact.ts'

export type Mask = (text: string) => string
type Columns = Readonly<Record<Dimension, Coded>>

/** A commit or an image digest names a version and is no secret. */
const VERSION_HASH = /^(?:sha\d+:)?[0-9a-f]{7,64}$/i
/** What separates the parts of a name in the maps of a Baseline. */
const SEPARATOR = '\u0001'

/** `redact` that remembers: thousands of anomalies repeat a few scopes and sentences. */
export function createMask(): Mask {
  const known = new Map<string, string>()
  return (text) => {
    let masked = known.get(text)
    if (masked === undefined) {
      masked = redact(text)
      known.set(text, masked)
    }
    return masked
  }
}

export function maskValue(dimension: string, value: string, mask: Mask): string {
  return dimension === 'version' && VERSION_HASH.test(value) ? value : mask(value)
}

export function maskScope(scope: Scope, mask: Mask): Scope {
  return Object.fromEntries(
    Object.entries(scope).map(([dimension, value]) => [dimension, maskValue(dimension, value, mask)]),
  )
}

/** Logs with the names of their dimensions and of the fields of bodies masked. Names that are then the same are one, and a note says so. */
export function maskNames(logs: Logs): Logs {
  const mask = createMask()
  const { columns, merged } = maskColumns(logs.table.dimensions, mask)
  const { codes, values } = logs.table.shape
  const notes = [...merged].map(
    ([dimension, names]) =>
      `${names} names of the column '${dimension}' cannot be told apart once they are masked, and are judged together; 'redact: off' tells them apart.`,
  )
  const shape = { codes, values: values.map((text) => maskShape(text, mask)) }
  return { ...logs, table: { ...logs.table, dimensions: columns, shape }, notes: [...logs.notes, ...notes] }
}

/** The fields of bodies are named by whoever answered; a map by e-mail address is no list of fields. */
function maskShape(text: string, mask: Mask): string {
  const shape = parseShape(text)
  if (shape === null || shape.fields.size === 0) return text
  const masked = new Map([...shape.fields.values()].map((field) => [mask(field.name), field]))
  return renderObjectShape(Array.from(masked, ([name, field]) => ({ ...field, name })))
}

/** A state with all names masked: those of dimensions and of the fields of bodies. Of what is then the same, sums stay. */
export function maskState(state: State, mask: Mask = createMask()): State {
  const { baseline } = state
  const usual = new Map<string, { timed: number; p50: number; p90: number }>()
  for (const [name, cell] of baseline.usual) {
    const masked = maskParts(name, mask)
    const other = usual.get(masked)
    // Of two the one that more requests tell of.
    if (other === undefined || cell.timed > other.timed) usual.set(masked, cell)
  }
  const sizeLimits = new Map<string, number>()
  for (const [name, bytes] of baseline.sizeLimits) {
    const [endpoint, version] = name.split(SEPARATOR)
    const masked = [mask(endpoint), maskValue('version', version, mask)].join(SEPARATOR)
    sizeLimits.set(masked, Math.min(bytes, sizeLimits.get(masked) ?? bytes))
  }
  return {
    ...state,
    baseline: {
      ...baseline,
      cells: { ...baseline.cells, dimensions: maskColumns(baseline.cells.dimensions, mask).columns },
      usual,
      sizeLimits,
      endpoints: baseline.endpoints.map((facts) => ({
        ...facts,
        endpoint: mask(facts.endpoint),
        version: maskValue('version', facts.version, mask),
        fields: facts.fields.map((field) => ({ ...field, name: mask(field.name) })),
      })),
    },
    incidents: state.incidents.map((incident) => ({ ...incident, scope: maskScope(incident.scope, mask) })),
  }
}

function maskParts(name: string, mask: Mask): string {
  return name.split(SEPARATOR).map(mask).join(SEPARATOR)
}

/** The columns masked, and by dimension how many names became one with others. */
function maskColumns(columns: Columns, mask: Mask): { columns: Columns; merged: Map<Dimension, number> } {
  const merged = new Map<Dimension, number>()
  const masked = new Map<Dimension, Coded>()
  for (const dimension of DIMENSIONS) {
    const { column, names } = maskColumn(columns[dimension], (value) => maskValue(dimension, value, mask))
    masked.set(dimension, column)
    if (names > 0) merged.set(dimension, names)
  }
  const own = (dimension: Dimension) => masked.get(dimension) ?? columns[dimension]
  return {
    columns: {
      service: own('service'),
      endpoint: own('endpoint'),
      region: own('region'),
      environment: own('environment'),
      version: own('version'),
    },
    merged,
  }
}

function maskColumn(column: Coded, mask: Mask): { column: Coded; names: number } {
  const texts = column.values.map(mask)
  if (texts.every((text, code) => text === column.values[code])) return { column, names: 0 }
  const codeOf = new Map<string, number>()
  const codes = Uint32Array.from(texts, (text) => {
    const code = codeOf.get(text) ?? codeOf.size
    codeOf.set(text, code)
    return code
  })
  const shared = new Map<number, number>()
  for (const code of codes) shared.set(code, (shared.get(code) ?? 0) + 1)
  return {
    column: { codes: column.codes.map((code) => codes[code]), values: [...codeOf.keys()] },
    names: codes.filter((code) => (shared.get(code) ?? 0) > 1).length,
  }
}

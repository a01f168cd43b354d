import type { Column } from './columns.ts'

/** A rule that a value broke; the line it stands in is rejected. */
export class BadValue extends Error {}

/** Larger amounts are no measurement, and leave the range of a 32-bit float. */
export const LARGEST = 1e15

/** The first cell of these columns that holds something. */
export function pick(
  cells: readonly unknown[],
  columns: readonly Column[],
): { name: string; cell: unknown } | undefined {
  for (const { index, name } of columns) {
    const cell = cells[index]
    if (cell !== undefined && cell !== null && cell !== '') return { name, cell }
  }
  return undefined
}

/** The first text among these cells, `''` for none. */
export function pickText(cells: readonly unknown[], columns: readonly Column[]): string {
  for (const { index } of columns) {
    const text = textOf(cells[index])
    if (text !== '') return text
  }
  return ''
}

/** The text of a cell; `''` for nothing and for the words that logs write for nothing. */
export function textOf(cell: unknown): string {
  if (typeof cell === 'string') {
    if (cell.length > 4) return cell.charCodeAt(0) > 32 && cell.charCodeAt(cell.length - 1) > 32 ? cell : cell.trim()
    const text = cell.trim()
    return /^(?:-|null|none|n\/a|nan)$/i.test(text) ? '' : text
  }
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell)
  return Array.isArray(cell) ? textOf(cell[0]) : ''
}

/** A number, NaN for anything else. */
export function parseNumber(cell: unknown): number {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : Number.NaN
  if (typeof cell !== 'string' || cell === '') return Number.NaN
  const value = Number(cell)
  return Number.isFinite(value) && cell.trim() !== '' ? value : Number.NaN
}

/** The first number of bytes among these cells, NaN for none; a negative one is how some logs write none. */
export function parseAmount(cells: readonly unknown[], columns: readonly Column[]): number {
  for (const { index, name } of columns) {
    const text = textOf(cells[index])
    if (text === '') continue
    const amount = parseNumber(text)
    if (Number.isNaN(amount)) throw new BadValue(`'${name}' must be a number of bytes, got ${quote(text)}`)
    if (amount > LARGEST) throw new BadValue(`'${name}' must be at most ${LARGEST}, got ${quote(text)}`)
    if (amount >= 0) return amount
  }
  return Number.NaN
}

const LONGEST_QUOTED = 60

/** A cell for a message. */
export function quote(cell: unknown): string {
  const text = typeof cell === 'object' && cell !== null ? 'an object' : `'${cell === undefined ? '' : String(cell)}'`
  return text.length > LONGEST_QUOTED ? `${text.slice(0, LONGEST_QUOTED)}…'` : text
}

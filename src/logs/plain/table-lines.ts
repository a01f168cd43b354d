import { type Cells, KIND } from './cells.ts'
import type { LineScanner } from './lines.ts'
import { LINE } from './lines.ts'
import type { PlainTable } from './plan.ts'

const LF = 10
const CR = 13
const QUOTE = 34

/** Finds the cells of a table's rows: rows of one line, with quotes at most around a whole cell and doubled inside. */
export class TableLines implements LineScanner {
  readonly #cells: Cells
  readonly #delimiter: number
  readonly #slotOf: Int32Array
  readonly #slowCells: readonly { readonly cell: number; readonly prefix: Uint8Array }[]
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  /** Whether a cell of the row before was not text alone. */
  #hasDoubled = false
  at = 0

  constructor(plan: PlainTable, cells: Cells) {
    this.#cells = cells
    this.#delimiter = plan.delimiter
    this.#slotOf = Int32Array.from(plan.slotOf)
    const encoder = new TextEncoder()
    this.#slowCells = plan.slowCells.map(({ cell, prefix }) => ({ cell, prefix: encoder.encode(prefix) }))
    this.#starts = new Int32Array(plan.slotOf.length)
    this.#ends = new Int32Array(plan.slotOf.length)
    cells.kind.fill(KIND.text)
  }

  scan(bytes: Uint8Array, start: number): number {
    const first = bytes[start]
    if (first === LF || (first === CR && bytes[start + 1] === LF)) {
      this.at = start + (first === LF ? 1 : 2)
      return LINE.blank
    }
    const delimiter = this.#delimiter
    const slotOf = this.#slotOf
    const last = slotOf.length - 1
    const starts = this.#cells.start
    const ends = this.#cells.end
    const hasSlowCells = this.#slowCells.length > 0
    if (this.#hasDoubled) {
      this.#cells.kind.fill(KIND.text)
      this.#hasDoubled = false
    }
    let at = start
    let isDoubled = false
    for (let cell = 0; ; cell++) {
      let from = at
      let to: number
      let byte = bytes[at]
      if (byte === QUOTE) {
        from++
        for (isDoubled = false; ; isDoubled = true) {
          do byte = bytes[++at]
          while (byte !== QUOTE && byte !== LF && byte !== CR)
          if (byte !== QUOTE) return LINE.slow
          if (bytes[at + 1] !== QUOTE) break
          at++
        }
        to = at
        byte = bytes[++at]
        if (byte === CR && bytes[at + 1] === LF) byte = bytes[++at]
        if (byte !== delimiter && byte !== LF) return LINE.slow
      } else {
        while (byte !== delimiter && byte !== LF) byte = bytes[++at]
        to = at > from && byte === LF && bytes[at - 1] === CR ? at - 1 : at
      }
      if (cell > last) return LINE.slow
      const slot = slotOf[cell]
      if (slot >= 0) {
        starts[slot] = from
        ends[slot] = to
        if (isDoubled) {
          this.#cells.kind[slot] = KIND.doubled
          this.#hasDoubled = true
        }
      }
      isDoubled = false
      if (hasSlowCells) {
        this.#starts[cell] = from
        this.#ends[cell] = to
      }
      at++
      if (byte === delimiter) continue
      if (cell !== last || (hasSlowCells && this.#hasSlowCell(bytes))) return LINE.slow
      this.at = at
      return LINE.record
    }
  }

  #hasSlowCell(bytes: Uint8Array): boolean {
    return this.#slowCells.some(({ cell, prefix }) => {
      const start = this.#starts[cell]
      if (prefix.length === 0) return this.#ends[cell] === start
      return this.#ends[cell] - start >= prefix.length && prefix.every((byte, at) => bytes[start + at] === byte)
    })
  }
}

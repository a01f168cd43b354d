import type { Coded } from '../types.ts'

/** What the values beyond the cap are counted as. */
const OTHER = '{other}'

/** Distinct values held while reading, as a multiple of the cap. Beyond it the rare ones are folded at once. */
const HELD_PER_KEPT = 16
const LONGEST_VALUE = 200
/** A finished column may have room for so many times its rows. */
export const MOST_ROOM = 1.1

/** A growing dictionary-coded column with a bounded number of distinct values. */
export class Dictionary {
  #codeOf = new Map<string, number>([['', 0]])
  #values = ['']
  #codes = new Uint32Array(1024)
  #lastValue = ''
  #lastCode = 0
  /** Rows that were set, and whether some of them were taken back: their values may be nobody's. */
  #rows = 0
  #mayHaveUnused = false
  /** Values of the block that `setCoded` was given last, and our code + 1 for each that occurred. */
  #block: readonly string[] = []
  #codeOfBlock = new Int32Array(64)
  readonly #limit: number

  /** @param limit largest number of distinct values that `build` keeps; the rarer ones become `{other}` */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Sets the value of a row; rows come in ascending order. */
  set(row: number, value: string): void {
    if (row >= this.#codes.length) this.#grow(row)
    this.#follow(row, row + 1)
    if (value !== this.#lastValue) {
      this.#lastCode = this.#codeOf.get(value) ?? this.#add(value, row)
      this.#lastValue = value
    }
    this.#codes[row] = this.#lastCode
  }

  /**
   * Sets the values of rows from `row` on; the same as `set` of each in turn.
   *
   * @param values what the codes [from, to) stand for
   */
  setCoded(row: number, values: readonly string[], codes: Uint32Array, from: number, to: number): void {
    if (row + to - from > this.#codes.length) this.#grow(row + to - from)
    this.#follow(row, row + to - from)
    if (values !== this.#block) {
      this.#block = values
      if (values.length > this.#codeOfBlock.length) this.#codeOfBlock = new Int32Array(values.length * 2)
      this.#codeOfBlock.fill(0)
    }
    const codeOfBlock = this.#codeOfBlock
    const own = this.#codes
    for (let at = from; at < to; at++) {
      const code = codes[at]
      const target = row + at - from
      let known = codeOfBlock[code]
      if (known === 0) {
        known = (this.#codeOf.get(values[code]) ?? this.#add(values[code], target)) + 1
        codeOfBlock[code] = known
      }
      own[target] = known - 1
    }
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows > this.#codes.length) this.#codes = new Uint32Array(this.#codes.buffer.transfer(rows * 4))
  }

  /** Code of a row's value, as long as no further row is set. */
  codeOf(row: number): number {
    return this.#codes[row]
  }

  /**
   * @param rows number of rows that were set
   * @param order row numbers in their final order, null for as they are
   * @returns the column, and how many distinct values were folded into `{other}` at the end; the dictionary is spent
   */
  build(rows: number, order: Uint32Array | null): { column: Coded; folded: number } {
    if (rows < this.#rows) this.#mayHaveUnused = true
    const isFit = !this.#mayHaveUnused && this.#values.length - 1 <= this.#limit && !this.#codeOf.has(OTHER)
    const folded = isFit ? 0 : this.#keepMostUsed(rows, this.#limit)
    const own = this.#codes
    if (order === null && rows * MOST_ROOM >= own.length)
      return { column: { codes: own.subarray(0, rows), values: this.#values }, folded }
    const codes = order === null ? own.slice(0, rows) : order.map((row) => own[row])
    // Given back at once, like the columns of numbers.
    own.buffer.transfer(0)
    return { column: { codes, values: this.#values }, folded }
  }

  #follow(from: number, to: number): void {
    if (from < this.#rows) this.#mayHaveUnused = true
    this.#rows = to
  }

  #grow(rows: number): void {
    this.reserve(Math.max(rows, this.#codes.length * 2))
  }

  #add(value: string, row: number): number {
    const held = this.#values.length
    if (held > this.#limit * HELD_PER_KEPT) this.#keepMostUsed(row, this.#limit * (HELD_PER_KEPT / 4))
    // A value cut from a chunk of text would keep the whole chunk alive.
    const own = detach(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value)
    const known = this.#codeOf.get(own)
    if (known !== undefined) return known
    const code = this.#values.push(own) - 1
    this.#codeOf.set(own, code)
    return code
  }

  /** Folds all but the `limit` most frequent values into `{other}`, forgets unused ones, and recodes the rows. */
  #keepMostUsed(rows: number, limit: number): number {
    const uses = new Uint32Array(this.#values.length)
    const codes = this.#codes
    for (let row = 0; row < rows; row++) uses[codes[row]]++
    const used: number[] = []
    for (let code = 1; code < uses.length; code++) {
      if (uses[code] > 0 && this.#values[code] !== OTHER) used.push(code)
    }
    const kept = used.length <= limit ? used : used.toSorted((a, b) => uses[b] - uses[a] || a - b).slice(0, limit)
    kept.sort((a, b) => a - b)

    const values = ['', ...kept.map((code) => this.#values[code])]
    const other = kept.length < used.length || this.#codeOf.has(OTHER) ? values.push(OTHER) - 1 : 0
    const recoded = new Uint32Array(this.#values.length).fill(other)
    recoded[0] = 0
    for (let place = 0; place < kept.length; place++) recoded[kept[place]] = place + 1
    for (let row = 0; row < rows; row++) codes[row] = recoded[codes[row]]

    this.#values = values
    this.#codeOf = new Map(values.map((value, code) => [value, code]))
    this.#lastValue = ''
    this.#lastCode = 0
    this.#codeOfBlock.fill(0)
    return used.length - kept.length
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A copy of a text that does not share memory with the text that it was cut from. */
export function detach(text: string): string {
  return decoder.decode(encoder.encode(text))
}

import { type Cells, KIND } from './cells.ts'

/** So many are held at most, and none that is longer: logs of ever new paths would fill the memory for nothing. */
const MOST_STRETCHES = 8_192
const LONGEST = 255
/** Numbers of an entry before those of its cells: its hash, its length, and where its words begin. */
const [HASH, LENGTH, PLACE, CELLS] = [0, 1, 2, 3]

/**
 * Stretches of bytes in which some cells of a record stand, found again as a whole: most records have the values of
 * another one side by side in them, and one look-up takes less time than one for each value.
 */
export class Stretches {
  readonly #cells: Cells
  /** The cells that are looked for. */
  readonly #slots: readonly number[]
  readonly #width: number
  readonly #places = new Int32Array(MOST_STRETCHES * 4)
  #entries: Int32Array
  #words: Int32Array = new Int32Array(4096)
  #wordCount = 0
  #count = 0
  #hits = 0
  #misses = 0
  #isWorthwhile: boolean
  /** Of the record that was looked up last. */
  #from = 0
  #hash = 0
  #length = 0

  constructor(cells: Cells, slots: readonly number[]) {
    this.#cells = cells
    this.#slots = slots
    this.#width = CELLS + slots.length
    this.#entries = new Int32Array(64 * this.#width)
    this.#isWorthwhile = slots.length > 1
  }

  /** The number of the stretch that was added when the cells had these values and places before; -1 for none. */
  find(): number {
    if (!this.#isWorthwhile) return -1
    const { view, kind, start, end } = this.#cells
    const slots = this.#slots
    let from = 0x7fffffff
    let to = 0
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      if (kind[slot] === KIND.none) continue
      if (start[slot] < from) from = start[slot]
      if (end[slot] > to) to = end[slot]
    }
    const length = to - from
    this.#length = length
    if (length < 4 || length > LONGEST) return -1
    const last = to - 4
    let even = length
    let odd = view.getInt32(last, true)
    for (let at = from; at < last; at += 8) {
      even = (Math.imul(even, 0x9e3779b1) + view.getInt32(at, true)) | 0
      odd = (Math.imul(odd, 0x85ebca77) + view.getInt32(Math.min(at + 4, last), true)) | 0
    }
    let hash = Math.imul(even ^ (even >>> 15), 0x2c1b3c6d) ^ Math.imul(odd ^ (odd >>> 13), 0x297a2d39)
    hash ^= hash >>> 15
    this.#from = from
    this.#hash = hash
    const places = this.#places
    const entries = this.#entries
    let place = hash & (places.length - 1)
    for (;;) {
      const number = places[place] - 1
      if (number < 0) {
        this.#misses++
        return -1
      }
      const entry = number * this.#width
      if (entries[entry + HASH] === hash && entries[entry + LENGTH] === length && this.#isAt(entry, from, last)) {
        this.#hits++
        return number
      }
      place = (place + 1) & (places.length - 1)
    }
  }

  /** Adds the stretch that was looked up last. @returns its number, one more than the last; -1 when it is not held */
  add(): number {
    const length = this.#length
    if (!this.#isWorthwhile || length < 4 || length > LONGEST) return -1
    if (this.#count === MOST_STRETCHES) {
      this.#isWorthwhile = this.#hits > this.#misses
      return -1
    }
    const number = this.#count++
    const entry = number * this.#width
    if (entry === this.#entries.length) this.#entries = widen(this.#entries)
    const from = this.#from
    const last = from + length - 4
    const entries = this.#entries
    entries[entry + HASH] = this.#hash
    entries[entry + LENGTH] = length
    entries[entry + PLACE] = this.#wordCount
    for (const [i, slot] of this.#slots.entries()) entries[entry + CELLS + i] = this.#formOf(slot, from)
    const { view } = this.#cells
    while (this.#wordCount + LONGEST > this.#words.length) this.#words = widen(this.#words)
    for (let at = from; at < last; at += 4) this.#words[this.#wordCount++] = view.getInt32(at, true)
    this.#words[this.#wordCount++] = view.getInt32(last, true)
    let place = this.#hash & (this.#places.length - 1)
    while (this.#places[place] !== 0) place = (place + 1) & (this.#places.length - 1)
    this.#places[place] = number + 1
    return number
  }

  /** Forgets all of them; numbers begin at 0 again. */
  clear(): void {
    this.#places.fill(0)
    this.#count = 0
    this.#wordCount = 0
    this.#hits = 0
    this.#misses = 0
    this.#isWorthwhile = this.#slots.length > 1
  }

  #isAt(entry: number, from: number, last: number): boolean {
    const entries = this.#entries
    const { view } = this.#cells
    const words = this.#words
    let word = entries[entry + PLACE]
    for (let at = from; at < last; at += 4) if (words[word++] !== view.getInt32(at, true)) return false
    if (words[word] !== view.getInt32(last, true)) return false
    const slots = this.#slots
    // The same bytes may be other cells: quotes stand within a stretch or not.
    for (let i = 0; i < slots.length; i++) {
      if (entries[entry + CELLS + i] !== this.#formOf(slots[i], from)) return false
    }
    return true
  }

  /** What a cell is and where it stands. */
  #formOf(slot: number, from: number): number {
    const { kind, start, end } = this.#cells
    return kind[slot] === KIND.none ? 0 : ((((start[slot] - from) << 8) | (end[slot] - from)) << 3) | kind[slot]
  }
}

function widen(numbers: Int32Array): Int32Array {
  const wider = new Int32Array(numbers.length * 2)
  wider.set(numbers)
  return wider
}

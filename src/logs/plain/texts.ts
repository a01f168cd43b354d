import { textOf } from '../cells.ts'
import { type Cells, cellValue, KIND } from './cells.ts'
import type { PlainColumn } from './plan.ts'

const FIRST_SLOTS = 1024
const FIRST_BYTES = 16 * 1024
/** Up to so many bytes are told by four words, or eight, that may overlap: without a loop, whose end nobody could predict. */
const SHORT = 16
const LONG = 32
/** Numbers of an entry: its hash, its length × 8 + kind, its number, where more of its bytes are held, and its words. */
const ENTRY = 12
const [HASH, FORM, NUMBER, PLACE, WORDS] = [0, 1, 2, 3, 4]

/** Texts that were seen, found again by their bytes: a value that occurs often is decoded once. */
export class Texts {
  /** Entry + 1 by hash, with open addressing. */
  #slots = new Int32Array(FIRST_SLOTS)
  #entries = new Int32Array(FIRST_SLOTS * ENTRY)
  #count = 0
  /** What the words of longer texts leave out. */
  #pool = new Uint8Array(FIRST_BYTES)
  #poolBytes = 0
  /** Bytes that are held. */
  bytes = 0
  /** The texts by number; the first is `''`. Several ways to write nothing are all 0. */
  readonly values: string[] = ['']

  /**
   * The number of the text that a cell stands for; 0 for none, see `textOf`.
   *
   * @param view of the bytes
   */
  find(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): number {
    const length = end - start
    const form = length * 8 + kind
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    if (length >= 4) {
      const last = end - 4
      first = view.getInt32(start, true)
      second = view.getInt32(Math.min(start + 4, last), true)
      third = view.getInt32(Math.min(start + 8, last), true)
      fourth = view.getInt32(last, true)
    } else {
      for (let at = start; at < end; at++) first = (first << 8) | bytes[at]
    }
    // The products do not wait for each other.
    let hash =
      (Math.imul(form, 0x27d4eb2f) +
        Math.imul(first, 0x9e3779b1) +
        Math.imul(second, 0x85ebca77) +
        Math.imul(third, 0xc2b2ae3d) +
        Math.imul(fourth, 0x165667b1)) |
      0
    let fifth = 0
    let sixth = 0
    let seventh = 0
    let eighth = 0
    if (length > SHORT) {
      const last = end - 4
      fifth = view.getInt32(start + 12, true)
      sixth = view.getInt32(Math.min(start + 16, last), true)
      seventh = view.getInt32(Math.min(start + 20, last), true)
      eighth = view.getInt32(Math.min(start + 24, last), true)
      hash =
        (hash +
          Math.imul(fifth, 0xd3a2646d) +
          Math.imul(sixth, 0xfd7046c5) +
          Math.imul(seventh, 0xb55a4f09) +
          Math.imul(eighth, 0x2545f491)) |
        0
      if (length > LONG) hash = hashMiddle(hash, view, start + 28, last)
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash ^= hash >>> 13
    const slots = this.#slots
    const entries = this.#entries
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const entry = slots[slot] * ENTRY - ENTRY
      if (entry < 0) {
        const added = this.#add(slot, hash, form, bytes, kind, start, end)
        this.#entries.set([first, second, third, fourth, fifth, sixth, seventh, eighth], added + WORDS)
        return this.#entries[added + NUMBER]
      }
      if (
        entries[entry + HASH] === hash &&
        entries[entry + FORM] === form &&
        entries[entry + WORDS] === first &&
        entries[entry + WORDS + 1] === second &&
        entries[entry + WORDS + 2] === third &&
        entries[entry + WORDS + 3] === fourth &&
        (length <= SHORT ||
          (entries[entry + WORDS + 4] === fifth &&
            entries[entry + WORDS + 5] === sixth &&
            entries[entry + WORDS + 6] === seventh &&
            entries[entry + WORDS + 7] === eighth &&
            (length <= LONG || this.#isMiddle(entries[entry + PLACE], bytes, start + 28, end - 4))))
      )
        return entries[entry + NUMBER]
      slot = (slot + 1) & mask
    }
  }

  /** Number of the first text among the cells of these columns, 0 for none. */
  findFirst(bytes: Uint8Array, cells: Cells, columns: readonly PlainColumn[]): number {
    for (let at = 0; at < columns.length; at++) {
      const { slot } = columns[at]
      const kind = cells.kind[slot]
      const start = cells.start[slot]
      const end = cells.end[slot]
      if (kind === KIND.none || (kind === KIND.text && start === end)) continue
      const text = this.find(bytes, cells.view, kind, start, end)
      if (text !== 0) return text
    }
    return 0
  }

  #isMiddle(place: number, bytes: Uint8Array, start: number, end: number): boolean {
    const pool = this.#pool
    for (let at = start; at < end; at++) if (pool[place + at - start] !== bytes[at]) return false
    return true
  }

  /** @returns where the new entry begins; its words are still to be set */
  #add(slot: number, hash: number, form: number, bytes: Uint8Array, kind: number, start: number, end: number): number {
    const entry = this.#count * ENTRY
    if (entry === this.#entries.length) this.#entries = widen(this.#entries, new Int32Array(entry * 2))
    this.#count++
    this.bytes += end - start
    const place = this.#poolBytes
    if (end - start > LONG) {
      const middle = bytes.subarray(start + 28, end - 4)
      while (place + middle.length > this.#pool.length)
        this.#pool = widen(this.#pool, new Uint8Array(this.#pool.length * 2))
      this.#pool.set(middle, place)
      this.#poolBytes += middle.length
    }
    const text = textOf(cellValue(bytes, kind, start, end))
    this.#entries[entry + HASH] = hash
    this.#entries[entry + FORM] = form
    this.#entries[entry + NUMBER] = text === '' ? 0 : this.values.push(text) - 1
    this.#entries[entry + PLACE] = place
    this.#slots[slot] = this.#count
    if (this.#count * 2 > this.#slots.length) this.#growSlots()
    return entry
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = this.#entries[entry * ENTRY + HASH] & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = entry + 1
    }
    this.#slots = slots
  }
}

function hashMiddle(start: number, view: DataView, from: number, to: number): number {
  let hash = start
  for (let at = from; at < to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

function widen<Column extends Int32Array | Uint8Array>(column: Column, wider: Column): Column {
  wider.set(column)
  return wider
}

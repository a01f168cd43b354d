import { textOf } from '../cells.ts'
import { type Cells, cellValue } from './cells.ts'
import type { PlainColumn } from './plan.ts'

const FIRST_SLOTS = 1024
const FIRST_BYTES = 16 * 1024

/** Texts that were seen, found again by their bytes: a value that occurs often is decoded once. */
export class Texts {
  #slots = new Int32Array(FIRST_SLOTS)
  #ends = new Int32Array(FIRST_SLOTS)
  #kinds = new Uint8Array(FIRST_SLOTS)
  #hashes = new Int32Array(FIRST_SLOTS)
  #pool = new Uint8Array(FIRST_BYTES)
  /** Number of a text by its place: several ways to write nothing are all 0. */
  #numbers = new Int32Array(FIRST_SLOTS)
  #places = 0
  /** The texts by number; the first is `''`. */
  readonly values: string[] = ['']

  /** Bytes that are held. */
  get bytes(): number {
    return this.#places === 0 ? 0 : this.#ends[this.#places - 1]
  }

  /** The number of the text that a cell stands for; 0 for none, see `textOf`. */
  find(bytes: Uint8Array, kind: number, start: number, end: number): number {
    // Four bytes at a time: a multiplication waits for the one before it.
    let hash = kind
    let at = start
    for (const last = end - 4; at <= last; at += 4) {
      const four = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
      hash = Math.imul(hash ^ four, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash ^= hash >>> 13
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const place = this.#slots[slot] - 1
      if (place < 0) return this.#add(slot, hash, bytes, kind, start, end)
      if (this.#hashes[place] === hash && this.#isAt(place, bytes, kind, start, end)) return this.#numbers[place]
      slot = (slot + 1) & mask
    }
  }

  /** Number of the first text among the cells of these columns, 0 for none. */
  findFirst(bytes: Uint8Array, cells: Cells, columns: readonly PlainColumn[]): number {
    const { kind, start, end } = cells
    for (let at = 0; at < columns.length; at++) {
      const { slot } = columns[at]
      if (cells.isEmpty(slot)) continue
      const text = this.find(bytes, kind[slot], start[slot], end[slot])
      if (text !== 0) return text
    }
    return 0
  }

  #isAt(place: number, bytes: Uint8Array, kind: number, start: number, end: number): boolean {
    const from = place === 0 ? 0 : this.#ends[place - 1]
    const length = end - start
    if (this.#ends[place] - from !== length || this.#kinds[place] !== kind) return false
    for (let i = 0; i < length; i++) if (this.#pool[from + i] !== bytes[start + i]) return false
    return true
  }

  #add(slot: number, hash: number, bytes: Uint8Array, kind: number, start: number, end: number): number {
    const place = this.#places++
    const from = place === 0 ? 0 : this.#ends[place - 1]
    if (place === this.#ends.length) this.#growPlaces()
    while (from + end - start > this.#pool.length) {
      const larger = new Uint8Array(this.#pool.length * 2)
      larger.set(this.#pool)
      this.#pool = larger
    }
    this.#pool.set(bytes.subarray(start, end), from)
    this.#ends[place] = from + end - start
    this.#kinds[place] = kind
    this.#hashes[place] = hash
    const text = textOf(cellValue(bytes, kind, start, end))
    const number = text === '' ? 0 : this.values.push(text) - 1
    this.#numbers[place] = number
    this.#slots[slot] = place + 1
    if (this.#places * 2 > this.#slots.length) this.#growSlots()
    return number
  }

  #growPlaces(): void {
    const length = this.#ends.length * 2
    this.#ends = widen(this.#ends, new Int32Array(length))
    this.#kinds = widen(this.#kinds, new Uint8Array(length))
    this.#hashes = widen(this.#hashes, new Int32Array(length))
    this.#numbers = widen(this.#numbers, new Int32Array(length))
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let place = 0; place < this.#places; place++) {
      let slot = this.#hashes[place] & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = place + 1
    }
    this.#slots = slots
  }
}

function widen<Column extends Int32Array | Uint8Array>(column: Column, wider: Column): Column {
  wider.set(column)
  return wider
}

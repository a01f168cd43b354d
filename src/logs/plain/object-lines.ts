import { type Cells, KIND } from './cells.ts'
import { isBlank, NOT_SKIPPED, skipText, skipValue } from './json-skip.ts'
import { LINE, type LineScanner } from './lines.ts'
import { findName, IGNORED, isWrapper, type Name, prepareNames } from './names.ts'
import { NO_SLOT, type PlainObjects } from './plan.ts'
import { isSampleAt, skipPlainText } from './words.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const COLON = 58
const COMMA = 44
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const SLOW = NOT_SKIPPED

/** Groups of names nest less deep than records are read. */
const MOST_GROUPS = 8
/** Finds the cells of JSON objects of known names, one per line, and holds everything else to JSON's grammar. */
export class ObjectLines implements LineScanner {
  readonly #cells: Cells
  readonly #root: Name
  readonly #isFull: boolean
  #record = 0
  #bytes: Uint8Array = new Uint8Array(0)
  at = 0

  constructor(plan: PlainObjects, cells: Cells) {
    this.#cells = cells
    this.#root = prepareNames(plan.root)
    this.#isFull = plan.isFull
  }

  scan(bytes: Uint8Array, start: number): number {
    const first = bytes[start]
    if (first === LF || (first === CR && bytes[start + 1] === LF)) {
      this.at = start + (first === LF ? 1 : 2)
      return LINE.blank
    }
    if (first !== OPEN_BRACE) return LINE.slow
    this.#bytes = bytes
    this.#record++
    this.#cells.kind.fill(KIND.none)
    let at = this.#scanObject(start + 1, this.#root, 1)
    if (at === SLOW) return LINE.slow
    while (bytes[at] !== LF) if (!isBlank(bytes[at++])) return LINE.slow
    this.at = at + 1
    return LINE.record
  }

  /** The index after the closing brace of an object whose opening one stands before `start`. */
  #scanObject(start: number, parent: Name, depth: number): number {
    const bytes = this.#bytes
    const { view } = this.#cells
    const { below } = parent
    let at = start
    while (isBlank(bytes[at])) at++
    if (bytes[at] === CLOSE_BRACE) return at + 1
    for (;;) {
      let name = below[parent.expected]
      if (name !== undefined && isSampleAt(name.opening, view, at)) {
        at += name.opening.length
        parent.expected = name.next
      } else {
        if (bytes[at] !== QUOTE) return SLOW
        const keyStart = ++at
        while (bytes[at] !== QUOTE) {
          if (bytes[at] === BACKSLASH || bytes[at] < 32) return SLOW
          at++
        }
        const found = findName(parent, bytes, keyStart, at)
        if (found === undefined && (!this.#isFull || (parent === this.#root && isWrapper(bytes, keyStart, at)))) {
          return SLOW
        }
        name = found ?? IGNORED
        if (found !== undefined) parent.expected = found.next
        at++
        while (isBlank(bytes[at])) at++
        if (bytes[at] !== COLON) return SLOW
        at++
      }
      while (isBlank(bytes[at])) at++
      if (name === IGNORED) at = skipValue(bytes, at, 0)
      else {
        if (name.record === this.#record) return SLOW
        name.record = this.#record
        at = this.#scanValue(at, name, depth)
      }
      if (at === SLOW) return SLOW
      while (isBlank(bytes[at])) at++
      const byte = bytes[at++]
      if (byte === CLOSE_BRACE) return at
      if (byte !== COMMA) return SLOW
      while (isBlank(bytes[at])) at++
    }
  }

  #scanValue(start: number, name: Name, depth: number): number {
    const bytes = this.#bytes
    const { slot } = name
    const byte = bytes[start]
    if (byte === OPEN_BRACE && !name.isWhole) {
      if (depth >= MOST_GROUPS || name.wraps === 'object') return SLOW
      return this.#scanObject(start + 1, name, depth + 1)
    }
    if (slot === NO_SLOT.unmet) return SLOW
    if (byte === QUOTE) return this.#scanText(start, name)
    const end = skipValue(bytes, start, 0)
    if (slot < 0 || end === SLOW) return end
    if (byte === OPEN_BRACKET) return SLOW
    // 't', 'f', 'n', an object; everything else is a number by now.
    const kind =
      byte === 116
        ? KIND.yes
        : byte === 102
          ? KIND.no
          : byte === 110
            ? KIND.none
            : byte === OPEN_BRACE
              ? KIND.json
              : KIND.number
    this.#cells.set(slot, kind, start, end)
    return end
  }

  #scanText(start: number, { slot, wraps }: Name): number {
    const bytes = this.#bytes
    const from = start + 1
    let at = skipPlainText(this.#cells.view, from)
    let byte = bytes[at]
    while (byte !== QUOTE && byte !== BACKSLASH && byte >= 32) byte = bytes[++at]
    const isEscaped = byte !== QUOTE
    const end = isEscaped ? skipText(bytes, start) : at + 1
    if (end === SLOW || wraps === 'text') return SLOW
    // A record within a text begins with a brace, or with blanks or their escapes before it.
    if (
      wraps === 'json' &&
      isEscaped &&
      (bytes[from] <= 32 || bytes[from] === OPEN_BRACE || bytes[from] === BACKSLASH || bytes[from] > 126)
    )
      return SLOW
    if (slot >= 0) this.#cells.set(slot, isEscaped ? KIND.escaped : KIND.text, from, end - 1)
    return end
  }
}

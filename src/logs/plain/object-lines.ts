import { type Cells, decodeBytes, KIND } from './cells.ts'
import { LINE, type LineScanner } from './lines.ts'
import { NO_SLOT, type PlainNode, type PlainObjects } from './plan.ts'

const LF = 10
const CR = 13
const QUOTE = 34
const COLON = 58
const COMMA = 44
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const SLOW = -1

/** Groups of names nest less deep than records are read; values that are skipped nest less deep than JSON may. */
const MOST_GROUPS = 8
const MOST_SKIPPED_LEVELS = 16
/** From so many names on they are looked up by their text. */
const MANY_NAMES = 48

/** A name and what was met below it. */
interface Name {
  readonly key: Uint8Array
  readonly slot: number
  readonly isWhole: boolean
  readonly below: readonly Name[]
  readonly byKey: ReadonlyMap<string, Name> | null
  /** Its place among its neighbours. */
  readonly place: number
  /** Where the names below it were found last: most records have them in one order. */
  expected: number
  /** The record that had it last: a name that occurs twice is not plain. */
  record: number
  /** See JsonRecords: what stores and collectors put around a record. */
  readonly wraps: 'object' | 'text' | 'json' | ''
}

/** Finds the cells of JSON objects of known names, one per line, and holds everything else to JSON's grammar. */
export class ObjectLines implements LineScanner {
  readonly #cells: Cells
  readonly #root: Name
  readonly #isFull: boolean
  #record = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #end = 0
  at = 0

  constructor(plan: PlainObjects, cells: Cells) {
    this.#cells = cells
    this.#root = prepare(plan.root, 0, true)
    this.#isFull = plan.isFull
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const first = bytes[start]
    if (first === LF || (first === CR && (start + 1 === end || bytes[start + 1] === LF))) {
      this.at = start + (first === LF ? 1 : 2)
      return LINE.blank
    }
    if (first !== OPEN_BRACE) return LINE.slow
    this.#bytes = bytes
    this.#end = end
    this.#record++
    this.#cells.kind.fill(KIND.none)
    let at = this.#scanObject(start + 1, this.#root, 1)
    if (at === SLOW) return LINE.slow
    while (at < end && bytes[at] !== LF) {
      if (!isBlank(bytes[at])) return LINE.slow
      at++
    }
    this.at = at + 1
    return LINE.record
  }

  /** The index after the closing brace of an object whose opening one stands before `start`. */
  #scanObject(start: number, parent: Name, depth: number): number {
    const bytes = this.#bytes
    let at = this.#skipBlanks(start)
    if (this.#byteAt(at) === CLOSE_BRACE) return at + 1
    for (;;) {
      if (this.#byteAt(at) !== QUOTE) return SLOW
      const keyStart = at + 1
      let keyEnd = keyStart
      for (let byte = this.#byteAt(keyEnd); byte !== QUOTE; byte = this.#byteAt(++keyEnd)) {
        if (byte === BACKSLASH || byte < 32) return SLOW
      }
      at = this.#skipBlanks(keyEnd + 1)
      if (this.#byteAt(at) !== COLON) return SLOW
      at = this.#skipBlanks(at + 1)
      const name = findName(parent, bytes, keyStart, keyEnd)
      if (name === undefined) {
        if (!this.#isFull || (parent === this.#root && isWrapper(bytes, keyStart, keyEnd))) return SLOW
        at = this.#skipValue(at, 0)
      } else {
        if (name.record === this.#record) return SLOW
        name.record = this.#record
        at = this.#scanValue(at, name, depth)
      }
      if (at === SLOW) return SLOW
      at = this.#skipBlanks(at)
      const byte = this.#byteAt(at)
      if (byte === CLOSE_BRACE) return at + 1
      if (byte !== COMMA) return SLOW
      at = this.#skipBlanks(at + 1)
    }
  }

  #scanValue(start: number, name: Name, depth: number): number {
    const { slot } = name
    const byte = this.#byteAt(start)
    if (byte === OPEN_BRACE && !name.isWhole) {
      if (depth >= MOST_GROUPS || name.wraps === 'object') return SLOW
      return this.#scanObject(start + 1, name, depth + 1)
    }
    if (slot === NO_SLOT.unmet) return SLOW
    if (byte === QUOTE) return this.#scanText(start, name)
    const end = this.#skipValue(start, 0)
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
    let at = from
    let byte = this.#byteAt(at)
    while (byte !== QUOTE && byte !== BACKSLASH && byte >= 32) byte = this.#byteAt(++at)
    const isEscaped = byte !== QUOTE
    const end = isEscaped ? this.#skipText(start) : at + 1
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

  /** The index after a value of any kind. */
  #skipValue(start: number, level: number): number {
    const byte = this.#byteAt(start)
    if (byte === QUOTE) return this.#skipText(start)
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      return level >= MOST_SKIPPED_LEVELS ? SLOW : this.#skipNested(start, level)
    }
    if (byte === 116) return this.#skipWord(start, 'true')
    if (byte === 102) return this.#skipWord(start, 'false')
    if (byte === 110) return this.#skipWord(start, 'null')
    return this.#skipNumber(start)
  }

  #skipNested(start: number, level: number): number {
    const isObject = this.#bytes[start] === OPEN_BRACE
    const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    let at = this.#skipBlanks(start + 1)
    if (this.#byteAt(at) === close) return at + 1
    for (;;) {
      if (isObject) {
        if (this.#byteAt(at) !== QUOTE) return SLOW
        at = this.#skipText(at)
        if (at === SLOW) return SLOW
        at = this.#skipBlanks(at)
        if (this.#byteAt(at) !== COLON) return SLOW
        at = this.#skipBlanks(at + 1)
      }
      at = this.#skipValue(at, level + 1)
      if (at === SLOW) return SLOW
      at = this.#skipBlanks(at)
      const byte = this.#byteAt(at)
      if (byte === close) return at + 1
      if (byte !== COMMA) return SLOW
      at = this.#skipBlanks(at + 1)
    }
  }

  /** The index after a string that begins at its quote. */
  #skipText(start: number): number {
    let at = start + 1
    for (;;) {
      const byte = this.#byteAt(at)
      if (byte === QUOTE) return at + 1
      if (byte < 32) return SLOW
      if (byte === BACKSLASH) {
        at++
        const letter = this.#byteAt(at)
        if (letter === 117) {
          for (let digit = 1; digit <= 4; digit++) if (!isHex(this.#byteAt(at + digit))) return SLOW
          at += 4
        } else if (!isEscape(letter)) return SLOW
      }
      at++
    }
  }

  #skipWord(start: number, word: string): number {
    for (let at = 0; at < word.length; at++) if (this.#byteAt(start + at) !== word.charCodeAt(at)) return SLOW
    return start + word.length
  }

  #skipNumber(start: number): number {
    let at = this.#byteAt(start) === 45 ? start + 1 : start
    const whole = at
    at = this.#skipDigits(at)
    if (at === whole || (this.#byteAt(whole) === 48 && at > whole + 1)) return SLOW
    if (this.#byteAt(at) === 46) {
      const fraction = at + 1
      at = this.#skipDigits(fraction)
      if (at === fraction) return SLOW
    }
    if (this.#byteAt(at) === 101 || this.#byteAt(at) === 69) {
      at++
      if (this.#byteAt(at) === 43 || this.#byteAt(at) === 45) at++
      const exponent = at
      at = this.#skipDigits(at)
      if (at === exponent) return SLOW
    }
    return at
  }

  #skipDigits(start: number): number {
    let at = start
    for (let byte = this.#byteAt(at); byte >= 48 && byte <= 57; byte = this.#byteAt(at)) at++
    return at
  }

  #skipBlanks(start: number): number {
    let at = start
    while (isBlank(this.#byteAt(at))) at++
    return at
  }

  /** A line feed after the end. */
  #byteAt(at: number): number {
    return at < this.#end ? this.#bytes[at] : LF
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === CR
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)
}

/** `"\/bfnrt`. */
function isEscape(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 47 ||
    byte === 98 ||
    byte === 102 ||
    byte === 110 ||
    byte === 114 ||
    byte === 116
  )
}

function findName(parent: Name, bytes: Uint8Array, start: number, end: number): Name | undefined {
  const { below } = parent
  if (below.length === 0) return undefined
  const expected = below[parent.expected]
  let found: Name | undefined
  if (isKey(expected.key, bytes, start, end)) found = expected
  else if (parent.byKey !== null) found = parent.byKey.get(decodeBytes(bytes, start, end))
  else found = below.find(({ key }) => isKey(key, bytes, start, end))
  if (found !== undefined) parent.expected = found.place + 1 < below.length ? found.place + 1 : 0
  return found
}

function isKey(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false
  return true
}

const WRAPPERS: Readonly<Record<string, Name['wraps']>> = {
  _source: 'object',
  _index: 'text',
  message: 'json',
  '@message': 'json',
  log: 'json',
  textPayload: 'json',
}

function isWrapper(bytes: Uint8Array, start: number, end: number): boolean {
  return Object.hasOwn(WRAPPERS, decodeBytes(bytes, start, end))
}

function prepare(node: PlainNode, place: number, isRoot = false): Name {
  const below = node.below.map((child, at) => ({
    ...prepare(child, at),
    wraps: isRoot && Object.hasOwn(WRAPPERS, child.key) ? WRAPPERS[child.key] : ('' as const),
  }))
  return {
    key: new TextEncoder().encode(node.key),
    slot: node.slot,
    isWhole: node.isWhole,
    below,
    byKey: below.length < MANY_NAMES ? null : new Map(node.below.map(({ key }, at) => [key, below[at]])),
    place,
    expected: 0,
    record: 0,
    wraps: '',
  }
}

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
  /** The key in its quotes, with the colon behind it; empty when it stands there in another way. */
  readonly opening: Uint8Array
  readonly slot: number
  readonly isWhole: boolean
  readonly below: readonly Name[]
  readonly byKey: ReadonlyMap<string, Name> | null
  /** Place of the neighbour behind it, of the first behind the last. */
  readonly next: number
  /** Place of the name below it that is likely to come next: most records have them in one order. */
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
  at = 0

  constructor(plan: PlainObjects, cells: Cells) {
    this.#cells = cells
    this.#root = prepare(plan.root, 0, '', true)
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
    const { below } = parent
    let at = start
    while (isBlank(bytes[at])) at++
    if (bytes[at] === CLOSE_BRACE) return at + 1
    for (;;) {
      let name = below[parent.expected]
      const opening = name === undefined ? 0 : matchOpening(name.opening, bytes, at)
      if (opening > 0) {
        at += opening
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
      if (name === IGNORED) at = this.#skipValue(at, 0)
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
    const { slot } = name
    const byte = this.#bytes[start]
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
    let byte = this.#bytes[at]
    while (byte !== QUOTE && byte !== BACKSLASH && byte >= 32) byte = this.#bytes[++at]
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
    const byte = this.#bytes[start]
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
    if (this.#bytes[at] === close) return at + 1
    for (;;) {
      if (isObject) {
        if (this.#bytes[at] !== QUOTE) return SLOW
        at = this.#skipText(at)
        if (at === SLOW) return SLOW
        at = this.#skipBlanks(at)
        if (this.#bytes[at] !== COLON) return SLOW
        at = this.#skipBlanks(at + 1)
      }
      at = this.#skipValue(at, level + 1)
      if (at === SLOW) return SLOW
      at = this.#skipBlanks(at)
      const byte = this.#bytes[at]
      if (byte === close) return at + 1
      if (byte !== COMMA) return SLOW
      at = this.#skipBlanks(at + 1)
    }
  }

  /** The index after a string that begins at its quote. */
  #skipText(start: number): number {
    let at = start + 1
    for (;;) {
      const byte = this.#bytes[at]
      if (byte === QUOTE) return at + 1
      if (byte < 32) return SLOW
      if (byte === BACKSLASH) {
        at++
        const letter = this.#bytes[at]
        if (letter === 117) {
          for (let digit = 1; digit <= 4; digit++) if (!isHex(this.#bytes[at + digit])) return SLOW
          at += 4
        } else if (!isEscape(letter)) return SLOW
      }
      at++
    }
  }

  #skipWord(start: number, word: string): number {
    for (let at = 0; at < word.length; at++) if (this.#bytes[start + at] !== word.charCodeAt(at)) return SLOW
    return start + word.length
  }

  #skipNumber(start: number): number {
    let at = this.#bytes[start] === 45 ? start + 1 : start
    const whole = at
    at = this.#skipDigits(at)
    if (at === whole || (this.#bytes[whole] === 48 && at > whole + 1)) return SLOW
    if (this.#bytes[at] === 46) {
      const fraction = at + 1
      at = this.#skipDigits(fraction)
      if (at === fraction) return SLOW
    }
    if (this.#bytes[at] === 101 || this.#bytes[at] === 69) {
      at++
      if (this.#bytes[at] === 43 || this.#bytes[at] === 45) at++
      const exponent = at
      at = this.#skipDigits(at)
      if (at === exponent) return SLOW
    }
    return at
  }

  #skipDigits(start: number): number {
    let at = start
    for (let byte = this.#bytes[at]; byte >= 48 && byte <= 57; byte = this.#bytes[at]) at++
    return at
  }

  #skipBlanks(start: number): number {
    let at = start
    while (isBlank(this.#bytes[at])) at++
    return at
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

/** The length of the opening when it stands there, else 0. */
function matchOpening(opening: Uint8Array, bytes: Uint8Array, start: number): number {
  const { length } = opening
  for (let at = 0; at < length; at++) if (opening[at] !== bytes[start + at]) return 0
  return length
}

function findName({ below, byKey }: Name, bytes: Uint8Array, start: number, end: number): Name | undefined {
  if (byKey !== null) return byKey.get(decodeBytes(bytes, start, end))
  return below.find(({ key }) => isKey(key, bytes, start, end))
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

/** Whether a key stands in JSON as it is. */
function isPlainKey(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`
}

function prepare(node: PlainNode, next = 0, wraps: Name['wraps'] = '', isRoot = false): Name {
  const encoder = new TextEncoder()
  const below = node.below.map((child, place) =>
    prepare(
      child,
      place + 1 < node.below.length ? place + 1 : 0,
      isRoot && Object.hasOwn(WRAPPERS, child.key) ? WRAPPERS[child.key] : '',
    ),
  )
  return {
    key: encoder.encode(node.key),
    opening: encoder.encode(isPlainKey(node.key) ? `"${node.key}":` : ''),
    slot: node.slot,
    isWhole: node.isWhole,
    below,
    byKey: below.length < MANY_NAMES ? null : new Map(node.below.map(({ key }, at) => [key, below[at]])),
    next,
    expected: 0,
    record: 0,
    wraps,
  }
}

/** A name that stands for nothing. */
const IGNORED = prepare({ key: '', slot: NO_SLOT.unused, isWhole: false, below: [] })

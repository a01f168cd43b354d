import { DEEPEST_JSON, TOO_DEEP } from './json-depth.ts'

/** Longest item that is read; the texts in it count only as far as they are kept. */
const LONGEST_ITEM = 4 * 1024 * 1024
const TOO_LONG_ITEM = 'an item must not be longer than 4 MiB'
/** Longest text within an item that is kept: more than the 64 Ki characters that are examined, were all of them `\u1234`. */
const LONGEST_STRING = 6 * 64 * 1024
/** Digits after `\u`. */
const HEX_DIGITS = 4
const LONGEST_EXCERPT = 200
const LONGEST_KEY = 200

const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const LETTER_U = 117
const LINE_FEED = 10

/** What becomes of the items. */
export interface ItemHandlers {
  /** @param path the one of the paths at which it stands; `line` is that of its first character, 1-based */
  onItem(text: string, line: number, path: string): void
  /** An item that is too long or too deep. */
  onRefused(line: number, reason: string, excerpt: string): void
  /** A list or object on the way to the items ends. */
  onEnd?(path: string): void
}

/** An object or array on the way to the items. */
interface Level {
  readonly path: string
  readonly isArray: boolean
  /** Of an object: the key whose value comes next, null when a key comes next. */
  key: string | null
}

/**
 * Cuts items out of JSON text that comes in chunks, at paths such as `log.entries.*`: keys from the root joined by
 * dots, `*` for each item of an array, `''` for the root itself. Several values may follow each other. Only the item
 * that is being read is held, and of a text in it at most 384 Ki characters.
 */
export class JsonItems {
  readonly #on: ItemHandlers
  readonly #targets: ReadonlySet<string>
  /** Paths that lead to a target. */
  readonly #ways: ReadonlySet<string>
  readonly #levels: Level[] = []
  #mode: 'seek' | 'key' | 'skip' | 'item' | 'scalar' = 'seek'
  #depth = 0
  #inString = false
  #escaped = false
  /** Characters of an escape that are still to come: a text must not be cut within it. */
  #restOfEscape = 0
  #stringLength = 0
  /** The rest of a long text, or of a refused item, is not held. */
  #isDropping = false
  #refusal = ''
  #held = ''
  #path = ''
  #line = 1
  #startLine = 1

  constructor(paths: readonly string[], on: ItemHandlers) {
    this.#on = on
    this.#targets = new Set(paths)
    this.#ways = new Set(
      paths.flatMap((path) => {
        const parts = path === '' ? [] : path.split('.')
        return parts.map((_, length) => parts.slice(0, length).join('.'))
      }),
    )
  }

  push(chunk: string): void {
    let start = 0
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index)
      if (code === LINE_FEED) this.#line++
      if (this.#inString) {
        this.#stringLength++
        if (this.#escaped) {
          this.#escaped = false
          this.#restOfEscape = code === LETTER_U ? HEX_DIGITS : 0
        } else if (code === BACKSLASH) {
          if (this.#mayCut()) {
            this.#hold(chunk.slice(start, index))
            this.#isDropping = true
          }
          this.#escaped = true
        } else if (code === QUOTE) {
          this.#inString = false
          if (this.#mode === 'key') this.#endKey(chunk.slice(start, index))
          else if (this.#mode === 'item') {
            // The text's end is kept, so that what was cut is still JSON.
            if (this.#isDropping && this.#refusal === '') {
              this.#isDropping = false
              start = index
            }
            if (this.#depth === 0) this.#endItem(chunk.slice(start, index + 1))
          }
        } else {
          if (this.#restOfEscape > 0) this.#restOfEscape--
          else if (this.#mayCut()) {
            this.#hold(chunk.slice(start, index))
            this.#isDropping = true
          }
        }
        continue
      }
      if (code === QUOTE) {
        this.#inString = true
        this.#stringLength = 0
        this.#restOfEscape = 0
        if (this.#mode === 'seek') {
          if (this.#expectsKey()) {
            this.#mode = 'key'
            this.#held = ''
            start = index + 1
          } else if (this.#begin(false) === 'item') start = index
        }
        continue
      }
      const isOpening = code === 123 || code === 91
      const isClosing = code === 125 || code === 93
      if (this.#mode === 'item' || this.#mode === 'skip') {
        if (isOpening) {
          this.#depth++
          if (this.#mode === 'item' && this.#depth > DEEPEST_JSON) this.#refuse(chunk.slice(start, index), TOO_DEEP)
        } else if (isClosing && --this.#depth === 0) {
          if (this.#mode === 'item') this.#endItem(chunk.slice(start, index + 1))
          else this.#mode = 'seek'
        }
        continue
      }
      if (this.#mode === 'scalar') {
        if (!(isOpening || isClosing || code === COMMA || code <= 32)) continue
        this.#endItem(chunk.slice(start, index))
      }
      // Seeking: structure on the way to the items.
      const level = this.#levels[this.#levels.length - 1]
      if (isOpening) {
        const found = this.#begin(true)
        if (found === 'way') this.#levels.push({ path: this.#path, isArray: code === 91, key: null })
        else {
          this.#depth = 1
          this.#mode = found
          start = index
        }
      } else if (isClosing) {
        const ended = this.#levels.pop()
        if (ended !== undefined) this.#on.onEnd?.(ended.path)
      } else if (code === COMMA) {
        if (level !== undefined) level.key = null
      } else if (code > 32 && code !== COLON && this.#begin(false) === 'item') {
        this.#mode = 'scalar'
        start = index
      }
    }
    if (this.#mode === 'item' || this.#mode === 'scalar' || this.#mode === 'key') this.#hold(chunk.slice(start))
  }

  /**
   * Hands over an item that was cut off.
   *
   * @returns whether the text ended where JSON may end
   */
  finish(): boolean {
    const isWhole = this.#mode === 'seek' && this.#levels.length === 0
    if (this.#mode === 'item' || this.#mode === 'scalar') this.#endItem('')
    return isWhole
  }

  /** Whether what follows of the text that is being read is to be dropped. */
  #mayCut(): boolean {
    return this.#stringLength > LONGEST_STRING && this.#mode === 'item' && !this.#isDropping && this.#restOfEscape === 0
  }

  #expectsKey(): boolean {
    const level = this.#levels[this.#levels.length - 1]
    return level !== undefined && !level.isArray && level.key === null
  }

  /** A value begins: what it is to us. */
  #begin(isContainer: boolean): 'item' | 'way' | 'skip' {
    const level = this.#levels[this.#levels.length - 1]
    const name = level === undefined ? '' : level.isArray ? '*' : (level.key ?? '')
    const path = level === undefined ? '' : level.path === '' ? name : `${level.path}.${name}`
    this.#path = path
    if (this.#targets.has(path)) {
      this.#mode = 'item'
      this.#depth = 0
      this.#held = ''
      this.#refusal = ''
      this.#isDropping = false
      this.#startLine = this.#line
      return 'item'
    }
    return isContainer && this.#ways.has(path) ? 'way' : 'skip'
  }

  #endKey(part: string): void {
    this.#hold(part)
    this.#mode = 'seek'
    const level = this.#levels[this.#levels.length - 1]
    // Keys with escapes are no keys of ours.
    if (level !== undefined) level.key = this.#held
    this.#held = ''
  }

  #endItem(part: string): void {
    if (!this.#isDropping) this.#hold(part)
    const text = this.#held
    const refusal = this.#refusal
    this.#mode = 'seek'
    this.#held = ''
    this.#refusal = ''
    this.#isDropping = false
    if (refusal === '') this.#on.onItem(text, this.#startLine, this.#path)
    else this.#on.onRefused(this.#startLine, refusal, text)
  }

  #hold(part: string): void {
    if (this.#mode === 'key') {
      this.#held = (this.#held + part).slice(0, LONGEST_KEY)
      return
    }
    if (this.#isDropping) return
    this.#held += part
    if (this.#held.length > LONGEST_ITEM) this.#refuse('', TOO_LONG_ITEM)
  }

  #refuse(part: string, reason: string): void {
    if (this.#refusal !== '') return
    this.#refusal = reason
    if (!this.#isDropping) this.#held += part
    this.#held = this.#held.slice(0, LONGEST_EXCERPT)
    this.#isDropping = true
  }
}

/** Whether the beginning of a text leads to an item at one of these paths, and to which. */
export function findItemPath(head: string, paths: readonly string[]): string | null {
  let found: string | null = null
  const items = new JsonItems(paths, {
    onItem: (_text, _line, path) => {
      found ??= path
    },
    onRefused: () => {},
  })
  items.push(head)
  // An item that the head cuts counts too.
  items.finish()
  return found
}

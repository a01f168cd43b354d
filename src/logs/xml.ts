import { InputError } from './input-error.ts'
import { LONGEST_LINE } from './lines.ts'

/** What an XML text is made of, as it goes by. */
interface XmlHandlers {
  /** @param attributes null when the tag is longer than a line may be */
  onOpen(name: string, attributes: ReadonlyMap<string, string> | null, line: number): void
  onClose(name: string): void
  /** A piece of text between tags; several make one text. References are not resolved yet, but those of CDATA are. */
  onText(piece: string): void
}

const CDATA = '<![CDATA['
const LONGEST_MARK = CDATA.length
const ATTRIBUTE = /([^\s=<>"'/]{1,200})\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * Scans XML in chunks, holding no more than one tag. A document type is refused: so no entity is ever expanded, and
 * only the five that XML has and numbers are resolved.
 */
export class XmlScanner {
  readonly #handlers: XmlHandlers
  #rest = ''
  #line = 1
  /** What ends the part that is being skipped or taken as it is, `''` for none. */
  #until = ''

  constructor(handlers: XmlHandlers) {
    this.#handlers = handlers
  }

  /** @throws InputError at a document type */
  push(chunk: string): void {
    const text = this.#rest + chunk
    let at = 0
    while (at < text.length) {
      const next = this.#until === '' ? this.#readNext(text, at) : this.#readUntil(text, at)
      if (next === at) break
      at = next
    }
    this.#rest = text.slice(at)
  }

  /** @returns whether the text ended within a tag, comment or CDATA */
  finish(): boolean {
    return this.#rest !== '' || this.#until !== ''
  }

  /** Reads a text, a tag, or the beginning of something else; the same index when more text is needed. */
  #readNext(text: string, at: number): number {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at)
      const stop = end < 0 ? text.length : end
      this.#handlers.onText(text.slice(at, stop))
      return this.#move(text, at, stop)
    }
    const mark = text.slice(at, at + LONGEST_MARK)
    if (mark.startsWith('<!--')) return this.#start('-->', text, at, 4)
    if (mark.startsWith('<?')) return this.#start('?>', text, at, 2)
    if (mark === CDATA) return this.#start(']]>', text, at, LONGEST_MARK)
    if (/^<!d/i.test(mark)) {
      throw new InputError('must not have a document type (<!DOCTYPE …>): XML entities are not expanded')
    }
    if (mark.startsWith('<!') && mark.length < LONGEST_MARK) return at
    if (mark.length < 2) return at
    return this.#readTag(text, at)
  }

  #start(until: string, text: string, at: number, length: number): number {
    this.#until = until
    return this.#move(text, at, at + length)
  }

  /** Goes to the end of a comment, instruction, CDATA or overlong tag. */
  #readUntil(text: string, at: number): number {
    const until = this.#until
    const end = text.indexOf(until, at)
    // The mark may begin at the end of this chunk.
    const stop = end < 0 ? Math.max(at, text.length - until.length + 1) : end
    if (until === ']]>' && stop > at) this.#handlers.onText(escapeText(text.slice(at, stop)))
    if (end < 0) return this.#move(text, at, stop)
    this.#until = ''
    if (until === '>' && text[end - 1] === '/') this.#handlers.onClose('')
    return this.#move(text, at, end + until.length)
  }

  #readTag(text: string, at: number): number {
    const end = findTagEnd(text, at + 1)
    if (end < 0) {
      if (text.length - at <= LONGEST_LINE) return at
      this.#handlers.onOpen(nameAt(text, at + 1), null, this.#line)
      this.#until = '>'
      return this.#move(text, at, text.length - 1)
    }
    if (text[at + 1] === '/') {
      this.#handlers.onClose(nameAt(text, at + 2))
    } else {
      const name = nameAt(text, at + 1)
      const tag = text.slice(at + 1 + name.length, end)
      this.#handlers.onOpen(name, parseAttributes(tag), this.#line)
      if (tag.endsWith('/')) this.#handlers.onClose(name)
    }
    return this.#move(text, at, end + 1)
  }

  #move(text: string, from: number, to: number): number {
    for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) this.#line++
    return to
  }
}

/** Index of the `>` outside of quotes, -1 for none. */
function findTagEnd(text: string, from: number): number {
  let quote = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 62) return at
  }
  return -1
}

function nameAt(text: string, at: number): string {
  return /^[^\s/>]*/.exec(text.slice(at, at + 200))?.[0] ?? ''
}

function parseAttributes(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of tag.matchAll(ATTRIBUTE)) {
    attributes.set(name, resolveReferences(double ?? single))
  }
  return attributes
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Resolves the five entities of XML and numbers; others stay as they are. */
export function resolveReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
  })
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;')
}

import type { TextSplitter } from '../lines.ts'
import type { ParsedBlock } from './block.ts'
import { RowColumns } from './row-columns.ts'

const LF = 10
/** A row that goes on in the next line is given this much more at once: it is read again with every addition. */
const MOST_ADDED = 256 * 1024

/** A stretch of rows of a block. */
export interface PlainRows {
  readonly columns: RowColumns
  readonly values: readonly (readonly string[])[]
  /** Rows [from, to). */
  readonly from: number
  readonly to: number
  /** Is added to their line in the block. */
  readonly lineShift: number
  readonly flags: number
}

/** Where plain rows go, and what they were read by. */
export interface PlainSink {
  append(rows: PlainRows): void
  /** Whether rows that were read by this plan may differ from what the format's own reader makes of them by now. */
  isStale(plan: string): boolean
}

/** Puts plain rows and the other lines back together, in the order of the file. */
export class BlockMerger {
  readonly #splitter: TextSplitter
  readonly #sink: PlainSink
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  /** Whether some of the text has U+FFFD. */
  hasForeignBytes = false
  /** Number of the next line, unless the splitter is amid one. */
  #line = 1
  /** The block that is merged, its bytes before `#at` done. */
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  /** @param splitter of the format's own reader */
  constructor(splitter: TextSplitter, sink: PlainSink) {
    this.#splitter = splitter
    this.#sink = sink
  }

  /** @param parsed null: nothing is known of its lines */
  merge(bytes: Uint8Array, parsed: ParsedBlock | null): void {
    this.#bytes = bytes
    this.#at = 0
    const splitter = this.#splitter
    if (!splitter.isPending) splitter.line = this.#line
    if (parsed === null || this.#sink.isStale(parsed.plan)) {
      this.#feed(bytes.length)
      this.#line = splitter.line
      return
    }
    this.hasForeignBytes ||= parsed.hasForeignBytes
    const columns = new RowColumns(parsed.columns)
    let row = 0
    let line = this.#feedPending()
    const append = (to: number) => {
      // Lines that the format's own reader took, within a quoted cell, are no rows.
      while (row < to && columns.start[row] < this.#at) row++
      const { values, flags } = parsed
      if (row < to) this.#sink.append({ columns, values, from: row, to, lineShift: splitter.line - line, flags })
      row = to
    }
    for (const slow of parsed.slow) {
      if (slow.end <= this.#at) continue
      append(slow.rows)
      const start = Math.max(slow.start, this.#at)
      const first = start === slow.start ? slow.line : line
      splitter.line += first - line
      this.#at = start
      line = first + this.#feed(slow.end) + this.#feedPending()
      if (this.#sink.isStale(parsed.plan)) {
        this.#feed(bytes.length)
        this.#line = splitter.line
        return
      }
    }
    append(parsed.rows)
    this.#line = splitter.line + (splitter.isPending ? 0 : parsed.lines - line)
  }

  end(): void {
    const rest = this.#decoder.decode()
    if (rest !== '') {
      this.hasForeignBytes = true
      this.#splitter.push(rest)
    }
    this.#splitter.end()
  }

  /** Hands lines on until no row is cut. @returns how many line feeds they had */
  #feedPending(): number {
    let feeds = 0
    let added = 0
    while (this.#splitter.isPending && this.#at < this.#bytes.length) {
      const least = this.#at + Math.min(added, MOST_ADDED)
      const feed = this.#bytes.indexOf(LF, least)
      const end = feed < 0 ? this.#bytes.length : feed + 1
      added += end - this.#at
      feeds += this.#feed(end)
    }
    return feeds
  }

  /** Hands the bytes up to `end` on. @returns how many line feeds they had */
  #feed(end: number): number {
    const bytes = this.#bytes.slice(this.#at, end)
    let feeds = 0
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) feeds++
    const text = this.#decoder.decode(bytes, { stream: true })
    this.hasForeignBytes ||= text.includes('\uFFFD')
    this.#splitter.push(text)
    this.#at = end
    return feeds
  }
}

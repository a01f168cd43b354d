/** Longest line that is read; a longer one is rejected without being held whole. */
export const LONGEST_LINE = 1024 * 1024
export const TOO_LONG = 'a line must not be longer than 1 MiB'
const LONGEST_EXCERPT = 200

export interface LineHandlers {
  /** @param line without its end; `number` is 1-based */
  onLine(line: string, number: number): void
  /** A line beyond `LONGEST_LINE`. */
  onLongLine(number: number, excerpt: string): void
}

/** Takes the text of a file in pieces and hands on what is whole. */
export interface TextSplitter {
  push(text: string): void
  /** Says that nothing follows. */
  end(): void
  /** Whether it holds a part of a line or row. */
  readonly isPending: boolean
  /** Number of the line that it reads next, from 1; may be set while nothing is pending. */
  line: number
}

/** Splits text into lines at LF or CRLF. The last line needs no end. */
export class LineSplitter implements TextSplitter {
  line = 1
  readonly #handlers: LineHandlers
  #rest = ''
  /** The beginning of a line that is too long and being skipped, else null. */
  #skipped: string | null = null

  constructor(handlers: LineHandlers) {
    this.#handlers = handlers
  }

  get isPending(): boolean {
    return this.#rest !== '' || this.#skipped !== null
  }

  push(text: string): void {
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#take(this.#rest + text.slice(start, end))
      this.#rest = ''
      start = end + 1
    }
    if (this.#skipped === null) this.#rest += text.slice(start)
    if (this.#rest.length > LONGEST_LINE) {
      this.#skipped = this.#rest.slice(0, LONGEST_EXCERPT)
      this.#rest = ''
    }
  }

  end(): void {
    if (this.isPending) this.#take(this.#rest)
    this.#rest = ''
  }

  #take(line: string): void {
    const handlers = this.#handlers
    const number = this.line
    if (this.#skipped !== null) handlers.onLongLine(number, this.#skipped)
    else if (line.length > LONGEST_LINE) handlers.onLongLine(number, line.slice(0, LONGEST_EXCERPT))
    else handlers.onLine(line.endsWith('\r') ? line.slice(0, -1) : line, number)
    this.#skipped = null
    this.line++
  }
}

/** Reads a whole text line by line. */
export async function readLines(text: AsyncIterable<string>, handlers: LineHandlers): Promise<void> {
  const lines = new LineSplitter(handlers)
  for await (const chunk of text) lines.push(chunk)
  lines.end()
}

import Papa from 'papaparse'
import { LONGEST_LINE, type TextSplitter, TOO_LONG } from './lines.ts'

const LONGEST_EXCERPT = 200
const MOST_UNCLOSED = 20
/** Never occurs in text, so that Papa Parse finds no quotes. */
const NO_QUOTES = '\u0000'

/** How a table is written. */
export interface Dialect {
  readonly delimiter: string
  readonly newline: '\n' | '\r'
}

/** Finds the dialect of a table from its beginning. */
export function findDialect(head: string): Dialect {
  const newline = head.includes('\n') || !head.includes('\r') ? '\n' : '\r'
  const { meta } = Papa.parse<string[]>(head, { preview: 20, newline, delimitersToGuess: [',', '\t', ';', '|'] })
  return { delimiter: meta.delimiter, newline }
}

/** The cells of the first line that is not blank, and its 0-based number among the lines; null when all are blank. */
export function parseHeader(head: string, dialect: Dialect): string[] | null {
  const { data } = Papa.parse<string[]>(head, { ...dialect, preview: 1, skipEmptyLines: 'greedy' })
  return data.length === 0 ? null : trimEnd(data[0]).map((name) => name.trim())
}

export interface RowHandlers {
  /** @param line 1-based number of the row's first line */
  onRow(cells: string[], line: number): void
  onReject(line: number, reason: string, excerpt: string): void
}

/**
 * Splits the text of a table into rows, blank lines left out. Rows are whole: a quoted cell may hold line breaks, and
 * `line` counts them.
 */
export class RowSplitter implements TextSplitter {
  line = 1
  readonly #dialect: Dialect
  readonly #on: RowHandlers
  #parser: Papa.Parser
  #rest = ''
  #unclosed = 0
  /** The beginning of a line that is too long and being skipped, else null. */
  #skipped: string | null = null

  constructor(dialect: Dialect, on: RowHandlers) {
    this.#dialect = dialect
    this.#on = on
    this.#parser = new Papa.Parser({ ...dialect })
  }

  get isPending(): boolean {
    return this.#rest !== '' || this.#skipped !== null
  }

  /** Whether quotes were so broken that they are taken as ordinary characters from some line on. */
  get hasBrokenQuotes(): boolean {
    return this.#unclosed >= MOST_UNCLOSED
  }

  push(text: string): void {
    const { newline } = this.#dialect
    let block = this.#rest + text
    this.#rest = ''
    if (this.#skipped !== null) {
      const end = block.indexOf(newline)
      if (end < 0) return
      this.#on.onReject(this.line++, TOO_LONG, this.#skipped)
      this.#skipped = null
      block = block.slice(end + 1)
    }
    this.#rest = block.slice(this.#emit(block, false))
    while (this.#rest.length > LONGEST_LINE && this.#skipped === null) this.#giveUpLine()
  }

  end(): void {
    if (this.#skipped !== null) this.#on.onReject(this.line, TOO_LONG, this.#skipped)
    else if (this.#rest !== '') this.#emit(this.#rest, true)
    this.#skipped = null
    this.#rest = ''
  }

  /** Either one very long line, or a quote that is never closed: gives up its first line and goes on behind it. */
  #giveUpLine(): void {
    const rest = this.#rest
    const end = rest.indexOf(this.#dialect.newline)
    if (end < 0) {
      this.#skipped = rest.slice(0, LONGEST_EXCERPT)
      this.#rest = ''
      return
    }
    const isLong = end > LONGEST_LINE
    const reason = isLong ? TOO_LONG : 'a quoted cell must end within 1 MiB'
    this.#on.onReject(this.line++, reason, rest.slice(0, Math.min(end, LONGEST_EXCERPT)))
    if (!isLong && ++this.#unclosed === MOST_UNCLOSED) {
      this.#parser = new Papa.Parser({ ...this.#dialect, quoteChar: NO_QUOTES })
    }
    const behind = rest.slice(end + 1)
    this.#rest = behind.slice(this.#emit(behind, false))
  }

  /** @returns how much of the text was read */
  #emit(block: string, isLast: boolean): number {
    const { newline, delimiter } = this.#dialect
    const parsed: Papa.ParseResult<string[]> = this.#parser.parse(block, 0, !isLast)
    const broken = new Map(parsed.errors.map((error) => [error.row, error.code]))
    const hasBreaks = block.includes('"')
    parsed.data.forEach((cells, index) => {
      const first = this.line
      this.line += 1 + (hasBreaks ? countBreaks(cells, newline) : 0)
      const row = trimEnd(cells)
      if (row.length === 1 && row[0].trim() === '') return
      if (broken.size > 0 && broken.has(index))
        this.#on.onReject(first, 'quotes inside a quoted cell must be doubled', row.join(delimiter))
      else this.#on.onRow(row, first)
    })
    return parsed.meta.cursor
  }
}

/**
 * Reads the rows of a whole table.
 *
 * @returns whether quotes were so broken that they were taken as ordinary characters from some line on
 */
export async function readRows(text: AsyncIterable<string>, dialect: Dialect, on: RowHandlers): Promise<boolean> {
  const rows = new RowSplitter(dialect, on)
  for await (const chunk of text) rows.push(chunk)
  rows.end()
  return rows.hasBrokenQuotes
}

/** CRLF leaves its CR at the end of the last cell, since rows are split at LF to allow both in one file. */
function trimEnd(cells: string[]): string[] {
  const last = cells.length - 1
  if (cells[last].endsWith('\r')) cells[last] = cells[last].slice(0, -1)
  return cells
}

function countBreaks(cells: readonly string[], newline: string): number {
  let breaks = 0
  for (const cell of cells) {
    for (let at = cell.indexOf(newline); at >= 0; at = cell.indexOf(newline, at + 1)) breaks++
  }
  return breaks
}

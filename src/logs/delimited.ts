import Papa from 'papaparse'
import { LONGEST_LINE, TOO_LONG } from './lines.ts'

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
 * Reads the rows of a table in chunks, blank lines left out. Rows are whole: a quoted cell may hold line breaks, and
 * `line` counts them.
 *
 * @returns whether quotes were so broken that they were taken as ordinary characters from some line on
 */
export async function readRows(text: AsyncIterable<string>, dialect: Dialect, on: RowHandlers): Promise<boolean> {
  let parser = new Papa.Parser({ ...dialect })
  let line = 1
  let rest = ''
  let unclosed = 0
  let skipped: string | null = null

  const emit = (block: string, isLast: boolean): number => {
    const parsed: Papa.ParseResult<string[]> = parser.parse(block, 0, !isLast)
    const broken = new Map(parsed.errors.map((error) => [error.row, error.code]))
    const hasBreaks = block.includes('"')
    parsed.data.forEach((cells, index) => {
      const first = line
      line += 1 + (hasBreaks ? countBreaks(cells, dialect.newline) : 0)
      const row = trimEnd(cells)
      if (row.length === 1 && row[0].trim() === '') return
      if (broken.size > 0 && broken.has(index))
        on.onReject(first, 'quotes inside a quoted cell must be doubled', row.join(dialect.delimiter))
      else on.onRow(row, first)
    })
    return parsed.meta.cursor
  }

  for await (const chunk of text) {
    let block = rest + chunk
    rest = ''
    if (skipped !== null) {
      const end = block.indexOf(dialect.newline)
      if (end < 0) continue
      on.onReject(line++, TOO_LONG, skipped)
      skipped = null
      block = block.slice(end + 1)
    }
    rest = block.slice(emit(block, false))
    while (rest.length > LONGEST_LINE && skipped === null) {
      // Either one very long line, or a quote that is never closed: give up its first line and go on behind it.
      const end = rest.indexOf(dialect.newline)
      const isLong = end < 0 || end > LONGEST_LINE
      if (end < 0) {
        skipped = rest.slice(0, LONGEST_EXCERPT)
        rest = ''
        break
      }
      on.onReject(
        line++,
        isLong ? TOO_LONG : 'a quoted cell must end within 1 MiB',
        rest.slice(0, Math.min(end, LONGEST_EXCERPT)),
      )
      rest = rest.slice(end + 1)
      if (!isLong && ++unclosed === MOST_UNCLOSED) parser = new Papa.Parser({ ...dialect, quoteChar: NO_QUOTES })
      rest = rest.slice(emit(rest, false))
    }
  }
  if (skipped !== null) on.onReject(line, TOO_LONG, skipped)
  else if (rest !== '') emit(rest, true)
  return unclosed >= MOST_UNCLOSED
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

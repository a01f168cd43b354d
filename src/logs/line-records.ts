import { FieldColumns } from './columns.ts'
import type { Field } from './fields.ts'
import type { Content, OpenFile } from './format.ts'
import { InputError } from './input-error.ts'
import { readLines, TOO_LONG } from './lines.ts'
import { RecordReader } from './records.ts'

const MOST_EXTRAS = 100
const MOST_SNIFFED = 20
const SKIPPED = 'lines tell of no request.'

/** The cells of one line while it is read. */
export interface LineCells {
  /** Sets the cell of a column of the format, by its place in `columns`. */
  set(column: number, value: string): void
  /** Sets a cell by name: a column that a site added. */
  add(name: string, value: string): void
  /** Says that the line's time is when the request ended. */
  endsHere(): void
}

/**
 * What a line is: a request; nothing to count, e.g. a directive; one of the format's lines that tells of no request;
 * none of the format's lines, for the format's usual reason or one of its own.
 */
export type LineVerdict = 'request' | 'ignored' | 'skipped' | 'rejected' | { readonly reason: string }

/** How the lines of a format become records. */
interface LineRules {
  /** Names of the columns that every line has. */
  readonly columns: readonly string[]
  /** What they stand for; the user's map comes first. */
  readonly map: ReadonlyMap<Field, string>
  /** Completes `a line must be like: …`. */
  readonly example: string
  parse(line: string, cells: LineCells): LineVerdict
  /** Says what the skipped lines are; follows their number. */
  readonly skippedNote?: string
}

/** Reads a log with one request per line. */
export async function readLineRecords(content: Content, file: OpenFile, rules: LineRules): Promise<void> {
  const columns = new FieldColumns(new Map([...rules.map, ...file.map]))
  for (const name of rules.columns) columns.add(name)
  const records = new RecordReader(columns, file)
  const cells: unknown[] = []
  const extras = new Map<string, number>()
  let skipped = 0
  const line: LineCells = {
    set: (column, value) => {
      cells[column] = value
    },
    add: (name, value) => {
      let index = extras.get(name)
      if (index === undefined) {
        if (extras.size >= MOST_EXTRAS) return
        columns.add(name)
        index = columns.names.length - 1
        extras.set(name, index)
      }
      cells[index] ??= value
    },
    endsHere: () => {
      records.timeIsEnd = true
    },
  }
  await readLines(content.text(), {
    onLine(text, number) {
      cells.fill(undefined)
      records.timeIsEnd = false
      const verdict = rules.parse(text, line)
      if (verdict === 'request') records.append(cells, number, () => text)
      else if (verdict === 'skipped') skipped++
      else if (typeof verdict === 'object') file.builder.reject(number, verdict.reason, text)
      else if (verdict === 'rejected' && text.trim() !== '') {
        file.builder.reject(number, `a line must be like: ${rules.example}`, text)
      }
    },
    onLongLine: (number, excerpt) => file.builder.reject(number, TOO_LONG, excerpt),
  })
  if (skipped > 0 && file.builder.fileCounts.rows === 0) {
    throw new InputError(`${file.name}: has no record of a request: ${skipped} ${rules.skippedNote ?? SKIPPED}`)
  }
  records.finish()
  if (skipped > 0) file.builder.note(`${skipped} ${rules.skippedNote ?? SKIPPED}`, file.name)
}

/**
 * How sure a line format is of a text.
 *
 * @param isLike whether a line is the format's
 * @param sure the answer when at least half of the first lines are
 */
export function sniffLines(head: string, isLike: (line: string) => boolean, sure: number): number {
  const lines = head.split(/\r?\n/, MOST_SNIFFED).filter((line) => line.trim() !== '' && line.length < 8_192)
  const matches = lines.filter(isLike).length
  return matches === 0 ? 0 : matches * 2 >= lines.length ? sure : 0.3
}

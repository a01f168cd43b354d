import { FieldColumns } from './columns.ts'
import { type Dialect, findDialect, parseHeader, RowSplitter } from './delimited.ts'
import { FIELDS, type Field, recogniseField } from './fields.ts'
import type { Content, OpenFile } from './format.ts'
import { InputError } from './input-error.ts'
import type { PlainPlan } from './plain/plan.ts'
import { type PlainSource, readBlocks } from './plain/read.ts'
import { RecordReader } from './records.ts'
import { createTimeParser } from './time.ts'

/** The cells of a table's header, as far as the head shows one; empty for none. */
export function findHeader(head: string): readonly string[] {
  const line = head.trimStart().slice(0, 8192).split(/\r?\n/, 1)[0]
  if (line === '' || /^[[{<]/.test(line)) return []
  return parseHeader(head, findDialect(head)) ?? []
}

/** Whether all cells could be names of columns. */
export function isHeader(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.every((cell) => cell.length < 100 && /^[^\d\s"[\]{}<>=]/.test(cell))
}

/** What a format knows of its own tables. */
export interface TableRules {
  /** Columns that the format defines; the user's map comes first. */
  readonly map?: ReadonlyMap<Field, string>
  /** Says by its cells that a row is no request, e.g. a sum of others. */
  readonly isSkipped?: (cells: readonly string[], columns: readonly string[]) => boolean
  readonly skippedNote?: string
  /** Changes the cells of a row before it is read. */
  readonly prepare?: (cells: string[], columns: readonly string[]) => void
  /** Beginnings of cells of rows that `isSkipped` or `prepare` is for, `''` for an empty cell; by column. */
  readonly special?: Readonly<Record<string, string>>
  /** Names of the columns of a table that has no header line. */
  readonly header?: readonly string[]
}

/** Reads a table with a header: one row per request. */
export async function readTable(content: Content, file: OpenFile, rules: TableRules = {}): Promise<void> {
  const dialect = findDialect(content.head)
  const header = rules.header ?? parseHeader(content.head, dialect)
  if (header === null) throw new InputError(`${file.name}: a table needs a header line, the file is blank`)
  const columns = new FieldColumns(new Map([...(rules.map ?? []), ...file.map]))
  for (const name of header) columns.add(name)
  columns.keepBest()
  const records = new RecordReader(columns, file)
  records.checkTime()
  // Where cells are parted by semicolons, a comma is the decimal point: that is how Excel writes in much of Europe.
  const decimals = dialect.delimiter === ';' ? columns.of('duration').map(({ index }) => index) : []

  let headers = 0
  let skipped = 0
  const rows = new RowSplitter(dialect, {
    onRow(cells, line) {
      if (
        cells.length === header.length &&
        cells[0].trim() === header[0] &&
        cells.every((cell, i) => cell.trim() === header[i])
      ) {
        headers++
        return
      }
      const text = () => cells.join(dialect.delimiter)
      const isRagged = cells.length > header.length && cells.slice(header.length).every((cell) => cell === '')
      if (cells.length !== header.length && !isRagged) {
        file.builder.reject(line, `a row must have the header's ${header.length} cells, got ${cells.length}`, text())
      } else if (rules.isSkipped?.(cells, header)) {
        skipped++
      } else {
        for (const index of decimals) cells[index] = cells[index]?.replace(/^(\d+),(\d+)$/, '$1.$2')
        rules.prepare?.(cells, header)
        records.append(cells, line, text)
      }
    },
    onReject: (line, reason, excerpt) => file.builder.reject(line, reason, excerpt),
  })
  const plan = planTable(header, columns, records, dialect, file, rules)
  if (content.utf8 === null || plan === null) {
    for await (const chunk of content.text()) rows.push(chunk)
    rows.end()
  } else {
    const text = JSON.stringify(plan)
    const source: PlainSource = {
      plan: () => (rows.hasBrokenQuotes ? null : text),
      isStale: () => rows.hasBrokenQuotes,
      append: (plain) => records.appendPlain(plain),
    }
    if (await readBlocks(content.utf8.bytes(), rows, source, file.sharing)) content.utf8.noteForeignBytes()
  }
  records.finish()
  if (headers > (rules.header === undefined ? 1 : 0))
    file.builder.note(`the header line occurs ${headers} times; the repetitions are left out.`, file.name)
  if (skipped > 0)
    file.builder.note(`${skipped} ${rules.skippedNote ?? 'rows are no requests and left out.'}`, file.name)
  if (rows.hasBrokenQuotes)
    file.builder.note('many quoted cells are never closed; quotes are read as characters.', file.name)
}

/** How plain rows are read; null when none is plain. */
function planTable(
  header: readonly string[],
  columns: FieldColumns,
  records: RecordReader,
  { delimiter, newline }: Dialect,
  file: OpenFile,
  rules: TableRules,
): PlainPlan | null {
  if (newline !== '\n' || delimiter.length !== 1 || delimiter.charCodeAt(0) > 127) return null
  // Repetitions of the header line are told by their time, which is none.
  const times = createTimeParser(file.timezone)
  if (columns.of('time').some(({ name }) => !Number.isNaN(times.parse(name)))) return null
  const used = new Set(FIELDS.flatMap((field) => columns.of(field).map(({ index }) => index)))
  const cells = [...used]
  return {
    layout: {
      kind: 'table',
      delimiter: delimiter.charCodeAt(0),
      slotOf: header.map((_, index) => cells.indexOf(index)),
      slowCells: Object.entries(rules.special ?? {}).flatMap(([name, prefix]) => {
        const cell = header.indexOf(name)
        return cell < 0 ? [] : [{ cell, prefix }]
      }),
    },
    slots: cells.length,
    fields: records.planFields((index) => cells.indexOf(index)),
    isUtc: times.isUtc,
    routes: file.sharing.routes,
    schemas: file.sharing.schemas,
  }
}

/** Whether a column of this header stands for the time. */
export function hasTime(header: readonly string[]): boolean {
  return header.some((name) => recogniseField(name)?.field === 'time')
}

import { DIMENSIONS, type Dimension, type Logs, type LogTable, PAYLOAD, type Rejected } from '../types.ts'
import { CONTENT, FOREIGN_CONTENT, findForeignContent } from './content-kinds.ts'
import { Dictionary } from './dictionary.ts'
import { type TimeUnit, toMilliseconds } from './duration.ts'
import { Excerpts, LONGEST_EXCERPT } from './excerpts.ts'
import { NumberColumns } from './number-columns.ts'
import { ascendingOrder } from './order.ts'
import type { PlainRows } from './plain/merge.ts'
import { ReadingNotes } from './reading-notes.ts'
import { SHAPE_OF_CONTENT, ShapeColumn } from './shapes.ts'

/** Distinct values that a dimension keeps; the rest, by volume, is `{other}`. */
const MOST_VALUES = 2_000
const MOST_REASONS = 256
const OTHER_REASON = 'another reason'
const MOST_REJECTED = 10_000

/** One request, as a format reads it. The builder copies it, so that one object can serve all rows. */
export interface LogRecord extends Record<Dimension, string> {
  /** 1-based line or record number. */
  line: number
  /** ms UTC. */
  time: number
  /** Milliseconds, NaN unknown; negative: the amount of a unit that `settleDurations` will tell. */
  durationMs: number
  /** 0 for none. */
  status: number
  /** A value of OUTCOME. */
  outcome: number
  /** NaN unknown. */
  bytes: number
  /** A value of PAYLOAD. */
  payload: number
  /** Why the payload is invalid, else `''`. */
  reason: string
  /** A value of CONTENT; unknown when left out. */
  content?: number
  /** What the answer looks like, see src/shapes.ts; `''` or left out: unknown. */
  shape?: string
}

/** Collects the rows of all files and builds the log table from them. Rows are appended file by file. */
export class LogTableBuilder {
  #rows = 0
  readonly #columns = new NumberColumns()
  readonly #shapes = new ShapeColumn()
  readonly #reasons = ['']
  readonly #dimensions: Readonly<Record<Dimension, Dictionary>>
  readonly #files: string[] = []
  readonly #formats = new Set<string>()
  #plannedTraffic = false
  readonly #excerpts = new Excerpts()
  #rejected: Rejected[] = []
  #rejectedCount = 0
  readonly #notes = new ReadingNotes()
  #fileStart = { rows: 0, rejected: 0, rejectedCount: 0 }
  #fromPath: Partial<Record<Dimension, string>> = {}
  readonly #expectRows: (rows: number) => number

  /**
   * @param mostValues cap on the distinct values of each dimension
   * @param expectRows how many rows there may be in the end, told when there are so many; NaN or less than that: nobody knows
   */
  constructor(mostValues = MOST_VALUES, expectRows: (rows: number) => number = () => Number.NaN) {
    this.#expectRows = expectRows
    const create = () => new Dictionary(mostValues)
    this.#dimensions = {
      service: create(),
      endpoint: create(),
      region: create(),
      environment: create(),
      version: create(),
    }
  }

  get rows(): number {
    return this.#rows
  }

  /** Rows and rejected lines of the file that is being read. */
  get fileCounts(): { rows: number; rejected: number; firstReason: string } {
    return {
      rows: this.#rows - this.#fileStart.rows,
      rejected: this.#rejectedCount - this.#fileStart.rejectedCount,
      firstReason: this.#rejected[this.#fileStart.rejected]?.reason ?? '',
    }
  }

  /**
   * Starts the next file; what follows belongs to it.
   *
   * @param fromPath what the file's name tells of all of its rows, whatever they say themselves
   */
  startFile(name: string, fromPath: Partial<Record<Dimension, string>> = {}): void {
    this.#files.push(name)
    this.#fromPath = fromPath
    this.#fileStart = {
      rows: this.#rows,
      rejected: this.#rejected.length,
      rejectedCount: this.#rejectedCount,
    }
  }

  /** Says that the file is kept, and what it was. */
  keepFile(format: string, plannedTraffic: boolean): void {
    this.#formats.add(format)
    this.#plannedTraffic ||= plannedTraffic
  }

  /** Forgets the rows and the rejected lines of the file that is being read. */
  dropFile(): void {
    this.#files.pop()
    this.#rows = this.#fileStart.rows
    this.#rejected = this.#rejected.slice(0, this.#fileStart.rejected)
    this.#rejectedCount = this.#fileStart.rejectedCount
    this.#excerpts.drop((row) => row >= this.#rows)
  }

  /**
   * Appends a row to the file that is being read.
   *
   * @param excerpt gives the raw text that shows an invalid payload; called only when it will be kept
   */
  append(record: LogRecord, excerpt: () => string): void {
    if (this.#rows === this.#columns.room) this.#grow()
    const row = this.#rows++
    const columns = this.#columns
    columns.time[row] = record.time
    columns.durationMs[row] = record.durationMs
    columns.status[row] = record.status
    columns.outcome[row] = record.outcome
    columns.bytes[row] = record.bytes
    columns.payload[row] = record.payload
    columns.reason[row] = record.reason === '' ? 0 : this.#codeReason(record.reason)
    columns.content[row] = record.content ?? CONTENT.unknown
    columns.file[row] = this.#files.length
    columns.line[row] = record.line
    this.#shapes.set(row, record.shape ?? '', record.endpoint)
    for (const dimension of DIMENSIONS) {
      this.#dimensions[dimension].set(row, this.#fromPath[dimension] ?? record[dimension])
    }
    // A page is kept as well: it may turn out to stand where JSON is normal.
    if (record.payload === PAYLOAD.invalid) this.#keepExcerpt(row, record, record.reason, excerpt)
    else if (record.content === CONTENT.html) this.#keepExcerpt(row, record, FOREIGN_CONTENT, excerpt)
  }

  /** Appends rows that were read from bytes; none of them has an invalid payload. */
  appendPlain({ columns, values, from, to, lineShift }: PlainRows): void {
    const row = this.#rows
    const end = row + to - from
    while (end > this.#columns.room) this.#grow()
    this.#rows = end
    const own = this.#columns
    own.time.set(columns.time.subarray(from, to), row)
    own.durationMs.set(columns.durationMs.subarray(from, to), row)
    own.status.set(columns.status.subarray(from, to), row)
    own.outcome.set(columns.outcome.subarray(from, to), row)
    own.bytes.set(columns.bytes.subarray(from, to), row)
    own.payload.set(columns.payload.subarray(from, to), row)
    own.reason.fill(0, row, end)
    own.content.set(columns.content.subarray(from, to), row)
    for (let at = from; at < to; at++) {
      // Of a plain row's answer no more than its kind is known.
      if (columns.content[at] !== CONTENT.unknown)
        this.#shapes.set(row + at - from, SHAPE_OF_CONTENT[columns.content[at]], '')
    }
    own.file.fill(this.#files.length, row, end)
    for (let at = from; at < to; at++) own.line[row + at - from] = columns.line[at] + lineShift
    for (const [at, dimension] of DIMENSIONS.entries()) {
      const fixed = this.#fromPath[dimension]
      const dictionary = this.#dimensions[dimension]
      if (fixed === undefined) dictionary.setCoded(row, values[at], columns.codes[at], from, to)
      else for (let target = row; target < end; target++) dictionary.set(target, fixed)
    }
  }

  /** Counts a line of the file that is being read as unusable. */
  reject(line: number, reason: string, excerpt: string): void {
    this.#rejectedCount++
    if (this.#rejected.length >= MOST_REJECTED) return
    const file = this.#files[this.#files.length - 1]
    this.#rejected.push({ file, line, reason, excerpt: excerpt.slice(0, LONGEST_EXCERPT) })
  }

  /** Adds a sentence about a file; equal sentences about several files become one. */
  note(sentence: string, file = ''): void {
    this.#notes.add(sentence, file)
  }

  /**
   * Converts the durations of the file that is being read that were appended in an unknown unit.
   *
   * @param timeIsEnd the times of these rows are when the request ended
   */
  settleDurations(unit: TimeUnit, timeIsEnd = false): void {
    const { time, durationMs } = this.#columns
    for (let row = this.#fileStart.rows; row < this.#rows; row++) {
      if (!(durationMs[row] < 0)) continue
      durationMs[row] = toMilliseconds(-durationMs[row], unit)
      if (timeIsEnd) time[row] -= durationMs[row]
    }
  }

  /** Sorts the rows by time, ties in file and line order, and hands everything over. The builder is spent. */
  build(): Logs {
    const rows = this.#rows
    this.#judgeContent()
    this.#noteShapes()
    const order = ascendingOrder(this.#columns.time, rows)
    const dimensions = Object.fromEntries(
      DIMENSIONS.map((dimension) => {
        const { column, folded } = this.#dimensions[dimension].build(rows, order)
        if (folded > 0) {
          this.note(
            `All but the ${column.values.length - 2} most frequent values of ${dimension} are counted as {other}.`,
          )
        }
        return [dimension, column]
      }),
    ) as LogTable['dimensions']
    const { file, ...columns } = this.#columns.build(rows, order)
    const table: LogTable = {
      rows,
      ...columns,
      reasons: this.#reasons,
      shape: this.#shapes.build(rows, order),
      dimensions,
      file: { codes: file, values: ['', ...this.#files] },
      excerpts: this.#excerpts.build(order),
    }
    return {
      table,
      files: this.#files,
      formats: [...this.#formats],
      plannedTraffic: this.#plannedTraffic,
      rejected: this.#rejected,
      rejectedCount: this.#rejectedCount,
      notes: this.#notes.render(),
    }
  }

  /** Marks answers in HTML where JSON is normal, before the rows are put in order. */
  #judgeContent(): void {
    const endpoints = this.#dimensions.endpoint
    const { status, content, payload, reason } = this.#columns
    for (const row of findForeignContent(this.#rows, status, content, (at) => endpoints.codeOf(at))) {
      if (payload[row] === PAYLOAD.invalid) continue
      payload[row] = PAYLOAD.invalid
      reason[row] = this.#codeReason(FOREIGN_CONTENT)
    }
    this.#excerpts.drop((row) => payload[row] !== PAYLOAD.invalid)
  }

  #noteShapes(): void {
    const { crowded } = this.#shapes
    if (crowded.length === 0) return
    const more = crowded.length > 1 ? ` and ${crowded.length - 1} more` : ''
    this.note(`Bodies of ${crowded[0]}${more} have too many different sets of fields to look at all of them.`)
  }

  #grow(): void {
    this.#columns.grow(this.#expectRows(this.#rows))
    for (const dimension of DIMENSIONS) this.#dimensions[dimension].reserve(this.#columns.room)
  }

  #codeReason(reason: string): number {
    const code = this.#reasons.indexOf(reason)
    if (code >= 0) return code
    if (this.#reasons.length < MOST_REASONS - 1) return this.#reasons.push(reason) - 1
    if (this.#reasons.length < MOST_REASONS) this.#reasons.push(OTHER_REASON)
    return MOST_REASONS - 1
  }

  #keepExcerpt(row: number, { endpoint, region }: LogRecord, reason: string, excerpt: () => string): void {
    this.#excerpts.keep(row, `${endpoint}\n${region}\n${reason}`, excerpt)
  }
}

import { DIMENSIONS, type Dimension, type Logs, type LogTable, PAYLOAD, type Rejected } from '../types.ts'
import { CONTENT, FOREIGN_CONTENT, findForeignContent } from './content-kinds.ts'
import { Dictionary, MOST_ROOM } from './dictionary.ts'
import { type TimeUnit, toMilliseconds } from './duration.ts'
import { ascendingOrder } from './order.ts'
import type { PlainRows } from './plain/merge.ts'
import { SHAPE_OF_CONTENT, ShapeColumn } from './shapes.ts'

/** Distinct values that a dimension keeps; the rest, by volume, is `{other}`. */
const MOST_VALUES = 2_000
const MOST_REASONS = 256
const OTHER_REASON = 'another reason'
/** Room beyond the rows that are expected; how much more room is made at once at least, so that it is seldom, and at most. */
const SPARE = 1.02
const LEAST_GROWTH = 1.25
const MOST_GROWTH = 8
const MOST_REJECTED = 10_000
const MOST_EXCERPTS = 2_000
const EXCERPTS_PER_KIND = 3
const LONGEST_EXCERPT = 200

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
  #capacity = 1024
  #time = new Float64Array(1024)
  #durationMs = new Float32Array(1024)
  #status = new Uint16Array(1024)
  #outcome = new Uint8Array(1024)
  #bytes = new Float32Array(1024)
  #payload = new Uint8Array(1024)
  #reason = new Uint8Array(1024)
  #content = new Uint8Array(1024)
  #file = new Uint32Array(1024)
  #line = new Uint32Array(1024)
  readonly #shapes = new ShapeColumn()
  readonly #reasons = ['']
  readonly #dimensions: Readonly<Record<Dimension, Dictionary>>
  readonly #files: string[] = []
  readonly #formats = new Set<string>()
  #plannedTraffic = false
  readonly #excerpts = new Map<number, string>()
  readonly #excerptsOfKind = new Map<string, number>()
  #rejected: Rejected[] = []
  #rejectedCount = 0
  readonly #filesOfNote = new Map<string, string[]>()
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
    for (const row of this.#excerpts.keys()) if (row >= this.#rows) this.#excerpts.delete(row)
  }

  /**
   * Appends a row to the file that is being read.
   *
   * @param excerpt gives the raw text that shows an invalid payload; called only when it will be kept
   */
  append(record: LogRecord, excerpt: () => string): void {
    if (this.#rows === this.#capacity) this.#grow()
    const row = this.#rows++
    this.#time[row] = record.time
    this.#durationMs[row] = record.durationMs
    this.#status[row] = record.status
    this.#outcome[row] = record.outcome
    this.#bytes[row] = record.bytes
    this.#payload[row] = record.payload
    this.#reason[row] = record.reason === '' ? 0 : this.#codeReason(record.reason)
    this.#content[row] = record.content ?? CONTENT.unknown
    this.#file[row] = this.#files.length
    this.#line[row] = record.line
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
    while (end > this.#capacity) this.#grow()
    this.#rows = end
    this.#time.set(columns.time.subarray(from, to), row)
    this.#durationMs.set(columns.durationMs.subarray(from, to), row)
    this.#status.set(columns.status.subarray(from, to), row)
    this.#outcome.set(columns.outcome.subarray(from, to), row)
    this.#bytes.set(columns.bytes.subarray(from, to), row)
    this.#payload.set(columns.payload.subarray(from, to), row)
    this.#reason.fill(0, row, end)
    this.#content.set(columns.content.subarray(from, to), row)
    for (let at = from; at < to; at++) {
      // Of a plain row's answer no more than its kind is known.
      if (columns.content[at] !== CONTENT.unknown)
        this.#shapes.set(row + at - from, SHAPE_OF_CONTENT[columns.content[at]], '')
    }
    this.#file.fill(this.#files.length, row, end)
    for (let at = from; at < to; at++) this.#line[row + at - from] = columns.line[at] + lineShift
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
    const files = this.#filesOfNote.get(sentence)
    if (files === undefined) this.#filesOfNote.set(sentence, [file])
    else files.push(file)
  }

  /**
   * Converts the durations of the file that is being read that were appended in an unknown unit.
   *
   * @param timeIsEnd the times of these rows are when the request ended
   */
  settleDurations(unit: TimeUnit, timeIsEnd = false): void {
    for (let row = this.#fileStart.rows; row < this.#rows; row++) {
      if (!(this.#durationMs[row] < 0)) continue
      this.#durationMs[row] = toMilliseconds(-this.#durationMs[row], unit)
      if (timeIsEnd) this.#time[row] -= this.#durationMs[row]
    }
  }

  /** Sorts the rows by time, ties in file and line order, and hands everything over. The builder is spent. */
  build(): Logs {
    const rows = this.#rows
    this.#judgeContent()
    this.#noteShapes()
    const order = ascendingOrder(this.#time, rows)
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
    const place = order === null ? null : invert(order)
    const table: LogTable = {
      rows,
      time: gather(this.#time, rows, order, Float64Array),
      durationMs: gather(this.#durationMs, rows, order, Float32Array),
      status: gather(this.#status, rows, order, Uint16Array),
      outcome: gather(this.#outcome, rows, order, Uint8Array),
      bytes: gather(this.#bytes, rows, order, Float32Array),
      payload: gather(this.#payload, rows, order, Uint8Array),
      reason: gather(this.#reason, rows, order, Uint8Array),
      reasons: this.#reasons,
      shape: this.#shapes.build(rows, order),
      dimensions,
      file: { codes: gather(this.#file, rows, order, Uint32Array), values: ['', ...this.#files] },
      line: gather(this.#line, rows, order, Uint32Array),
      excerpts: new Map(
        [...this.#excerpts]
          .map(([row, text]) => [place === null ? row : place[row], text] as const)
          .sort((a, b) => a[0] - b[0]),
      ),
    }
    return {
      table,
      files: this.#files,
      formats: [...this.#formats],
      plannedTraffic: this.#plannedTraffic,
      rejected: this.#rejected,
      rejectedCount: this.#rejectedCount,
      notes: [...this.#filesOfNote].map(([sentence, files]) => renderNote(sentence, files)),
    }
  }

  /** Marks answers in HTML where JSON is normal, before the rows are put in order. */
  #judgeContent(): void {
    const endpoints = this.#dimensions.endpoint
    for (const row of findForeignContent(this.#rows, this.#status, this.#content, (at) => endpoints.codeOf(at))) {
      if (this.#payload[row] === PAYLOAD.invalid) continue
      this.#payload[row] = PAYLOAD.invalid
      this.#reason[row] = this.#codeReason(FOREIGN_CONTENT)
    }
    for (const row of this.#excerpts.keys()) {
      if (this.#payload[row] !== PAYLOAD.invalid) this.#excerpts.delete(row)
    }
  }

  #noteShapes(): void {
    const { crowded } = this.#shapes
    if (crowded.length === 0) return
    const more = crowded.length > 1 ? ` and ${crowded.length - 1} more` : ''
    this.note(`Bodies of ${crowded[0]}${more} have too many different sets of fields to look at all of them.`)
  }

  #grow(): void {
    const expected = this.#expectRows(this.#rows) * SPARE
    const least = this.#capacity * LEAST_GROWTH
    const capacity = expected > this.#capacity ? Math.min(expected, this.#capacity * MOST_GROWTH) : 0
    this.#capacity = Math.ceil(capacity === 0 ? this.#capacity * 2 : Math.max(capacity, least))
    for (const dimension of DIMENSIONS) this.#dimensions[dimension].reserve(this.#capacity)
    this.#time = new Float64Array(this.#time.buffer.transfer(this.#capacity * 8))
    this.#durationMs = new Float32Array(this.#durationMs.buffer.transfer(this.#capacity * 4))
    this.#status = new Uint16Array(this.#status.buffer.transfer(this.#capacity * 2))
    this.#outcome = new Uint8Array(this.#outcome.buffer.transfer(this.#capacity))
    this.#bytes = new Float32Array(this.#bytes.buffer.transfer(this.#capacity * 4))
    this.#payload = new Uint8Array(this.#payload.buffer.transfer(this.#capacity))
    this.#reason = new Uint8Array(this.#reason.buffer.transfer(this.#capacity))
    this.#content = new Uint8Array(this.#content.buffer.transfer(this.#capacity))
    this.#file = new Uint32Array(this.#file.buffer.transfer(this.#capacity * 4))
    this.#line = new Uint32Array(this.#line.buffer.transfer(this.#capacity * 4))
  }

  #codeReason(reason: string): number {
    const code = this.#reasons.indexOf(reason)
    if (code >= 0) return code
    if (this.#reasons.length < MOST_REASONS - 1) return this.#reasons.push(reason) - 1
    if (this.#reasons.length < MOST_REASONS) this.#reasons.push(OTHER_REASON)
    return MOST_REASONS - 1
  }

  #keepExcerpt(row: number, record: LogRecord, reason: string, excerpt: () => string): void {
    if (this.#excerpts.size >= MOST_EXCERPTS) return
    const kind = `${record.endpoint}\n${record.region}\n${reason}`
    const kept = this.#excerptsOfKind.get(kind) ?? 0
    if (kept >= EXCERPTS_PER_KIND) return
    this.#excerptsOfKind.set(kind, kept + 1)
    this.#excerpts.set(row, excerpt().slice(0, LONGEST_EXCERPT))
  }
}

/** The kinds of columns. */
type Typed =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>

interface Kind<Column> {
  new (length: number): Column
  new (buffer: ArrayBuffer, start: number, length: number): Column
}

/**
 * The first `rows` values of a column in a new order. They stay where they are when they are in order and leave little
 * room; otherwise the column's memory is given back at once, or a large log would be held twice.
 */
function gather<Column extends Typed>(
  column: Column,
  rows: number,
  order: Uint32Array | null,
  kind: Kind<Column>,
): Column {
  if (order === null && rows * MOST_ROOM >= column.length) return new kind(column.buffer, 0, rows)
  const target = new kind(rows)
  if (order === null) target.set(column.subarray(0, rows))
  else for (let place = 0; place < rows; place++) target[place] = column[order[place]]
  column.buffer.transfer(0)
  return target
}

function invert(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length)
  for (let index = 0; index < order.length; index++) place[order[index]] = index
  return place
}

const MOST_NAMED = 3

function renderNote(sentence: string, files: readonly string[]): string {
  const named = files.filter((file) => file !== '')
  if (named.length === 0) return sentence
  const more = named.length - MOST_NAMED
  const subject = named.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `${subject}: ${sentence}`
}

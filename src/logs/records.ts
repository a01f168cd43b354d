import { OUTCOME, PAYLOAD } from '../types.ts'
import type { LogRecord } from './builder.ts'
import { BadValue, LARGEST, parseAmount, parseNumber, pick, pickText, quote, textOf } from './cells.ts'
import { type Column, type FieldColumns, listColumns } from './columns.ts'
import { CONTENT, kindOfContent } from './content-kinds.ts'
import { parseDurationWithUnit, type TimeUnit, toMilliseconds, UNIT_NAMES, UnitGuess } from './duration.ts'
import type { Field } from './fields.ts'
import type { OpenFile } from './format.ts'
import { InputError } from './input-error.ts'
import { outcomeOfStatus, parseStatus, STATUS_TEXT } from './outcome.ts'
import { type Answer, judgePayload, LONGEST_BODY, parseFlag } from './payload.ts'
import type { PlainRows } from './plain/merge.ts'
import type { PlainFields } from './plain/plan.ts'
import { FLAG } from './plain/row-columns.ts'
import { ShapeRenderer } from './shapes.ts'
import { createTimeParser, TIME_RULE, type TimeParser } from './time.ts'

/** Turns the cells of one file's records into rows, by the columns that stand for our fields. */
export class RecordReader {
  readonly #file: OpenFile
  readonly #columns: FieldColumns
  readonly #of: Readonly<Record<Field, readonly Column[]>>
  readonly #time: TimeParser
  readonly #guess = new UnitGuess()
  readonly #shapes = new ShapeRenderer()
  #timeIsEnd: boolean
  #guessesUnit = false
  #longBodies = 0
  #statusWords = 0
  #ends = 0
  readonly #row: LogRecord = {
    line: 0,
    time: 0,
    durationMs: Number.NaN,
    status: 0,
    outcome: OUTCOME.unknown,
    bytes: Number.NaN,
    payload: PAYLOAD.unknown,
    reason: '',
    service: '',
    endpoint: '',
    region: '',
    environment: '',
    version: '',
    content: CONTENT.unknown,
    shape: '',
  }

  /** @param timeIsEnd as the setter of that name */
  constructor(columns: FieldColumns, file: OpenFile, { timeIsEnd = false }: { readonly timeIsEnd?: boolean } = {}) {
    this.#timeIsEnd = timeIsEnd
    this.#file = file
    this.#columns = columns
    this.#of = columns.all()
    this.#time = createTimeParser(file.timezone)
  }

  /** @throws InputError when no column stands for the time; call it once the columns are known */
  checkTime(): void {
    if (this.#of.time.length > 0) return
    const seen =
      this.#columns.names.length === 0 ? 'it has none' : `its columns are ${listColumns(this.#columns.names)}`
    throw new InputError(
      `${this.#file.name}: no column is recognised as the time; ${seen}; name it with --map time=COLUMN`,
    )
  }

  /** Says that the times of the records that follow are when the request ended: its duration is subtracted. */
  set timeIsEnd(isEnd: boolean) {
    this.#timeIsEnd = isEnd
  }

  /**
   * Appends a record, or rejects it.
   *
   * @param cells values by column index: texts, or parsed JSON
   * @param line 1-based
   * @param text gives the raw record, for excerpts
   * @param failure why its answer is known to be bad, in fixed wording; `''` for no such knowledge
   */
  append(cells: readonly unknown[], line: number, text: () => string, failure = ''): void {
    const row = this.#row
    try {
      row.line = line
      row.time = this.#parseTime(cells)
      this.#setStatus(cells)
      row.durationMs = this.#parseDuration(cells)
      if (this.#timeIsEnd && !Number.isNaN(row.durationMs)) {
        this.#ends++
        // A negative one is in a unit that is not known yet.
        if (row.durationMs > 0) row.time -= row.durationMs
      }
      row.bytes = parseAmount(cells, this.#of.bytes)
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      this.#file.builder.reject(line, error.message, text())
      return
    }
    row.service = pickText(cells, this.#of.service)
    row.region = pickText(cells, this.#of.region)
    row.environment = pickText(cells, this.#of.environment)
    row.version = pickText(cells, this.#of.version)
    row.endpoint = this.#file.nameEndpoint(pickText(cells, this.#of.method), pickText(cells, this.#of.endpoint))
    row.payload = PAYLOAD.unknown
    row.reason = ''
    row.content = CONTENT.unknown
    row.shape = ''
    if (row.status < 200 || row.status > 299) {
      this.#file.builder.append(row, text)
      return
    }
    if (failure !== '') {
      row.payload = PAYLOAD.invalid
      row.reason = failure
      this.#file.builder.append(row, text)
      return
    }
    const answer = this.#readAnswer(cells, row.endpoint)
    if (answer === null) {
      this.#file.builder.append(row, text)
      return
    }
    row.content = kindOfContent(answer.contentType, answer.body)
    const verdict = judgePayload(answer)
    row.payload = verdict.payload
    row.reason = verdict.reason
    if (verdict.payload !== PAYLOAD.invalid) row.shape = this.#shapes.render(row.content, verdict.value)
    this.#file.builder.append(row, () => excerptOf(answer) || text())
  }

  /** The columns of every field as a plan for plain records has them. @param slotOf by the column's index */
  planFields(slotOf: (index: number) => number): PlainFields {
    const fields = Object.entries(this.#of).map(([field, columns]) => [
      field,
      columns.map(({ index, unit, isVague }) => ({ slot: slotOf(index), unit: unit ?? null, isVague })),
    ])
    return Object.fromEntries(fields)
  }

  /** Appends records that were read from bytes. */
  appendPlain(rows: PlainRows): void {
    const { columns, from, to } = rows
    const { time, durationMs, flags } = columns
    if (this.#timeIsEnd || rows.flags !== 0 || !this.#time.isUtc) {
      for (let row = from; row < to; row++) {
        time[row] = this.#time.follow(time[row], (flags[row] & FLAG.zoneless) !== 0)
        if ((flags[row] & FLAG.guessed) !== 0) {
          this.#guessesUnit = true
          this.#guess.add(-durationMs[row])
        }
        if (!this.#timeIsEnd || Number.isNaN(durationMs[row])) continue
        this.#ends++
        if (durationMs[row] > 0) time[row] -= durationMs[row]
      }
    }
    this.#file.builder.appendPlain(rows)
  }

  /** Settles what only the whole file tells, and notes what was assumed. */
  finish(): void {
    const { builder, name, timezone, map, mapped, seen } = this.#file
    for (const field of map.keys()) if (this.#columns.isMapped(field)) mapped.add(field)
    for (const column of this.#columns.names) seen.add(column)
    const unit = this.#guess.unit()
    if (this.#guessesUnit) builder.settleDurations(unit, this.#ends > 0)
    builder.note(`read as ${this.#columns.describe()}${this.#describeUnit(unit)}.`, name)
    if (this.#time.zoneless > 0) builder.note(`times name no zone and are read as ${timezone}.`, name)
    if (this.#ends > 0) builder.note('times are when a request ended; its duration is subtracted.', name)
    this.#file.tell({
      columns: this.#columns.listFacts(map),
      durationUnit: this.#nameUnit(unit),
      guessedUnitOf: this.#guessesUnit
        ? (this.#of.duration.find((column) => column.unit === undefined)?.name ?? '')
        : '',
      timeIsEnd: this.#ends > 0,
      zoneless: this.#time.zoneless,
    })
    if (this.#longBodies > 0) {
      builder.note(`${this.#longBodies} bodies longer than ${LONGEST_BODY / 1024} KiB were not examined.`, name)
    }
    if (this.#statusWords > 0) {
      builder.note(`${this.#statusWords} values of the status are words, not HTTP codes: unknown.`, name)
    }
  }

  /** `''` without durations, and when each of them names its own. */
  #nameUnit(guessed: TimeUnit): string {
    const unit = this.#of.duration[0]?.unit ?? (this.#guessesUnit ? guessed : undefined)
    return unit === undefined ? '' : UNIT_NAMES[unit]
  }

  #describeUnit(guessed: TimeUnit): string {
    const [column] = this.#of.duration
    if (column === undefined) return ''
    if (column.unit === undefined && !this.#guessesUnit) return ''
    if (column.unit === undefined) return `; duration in ${UNIT_NAMES[guessed]}, judged by its values`
    return `; duration in ${UNIT_NAMES[column.unit]}`
  }

  #parseTime(cells: readonly unknown[]): number {
    const columns = this.#of.time
    for (const column of columns) {
      const cell = cells[column.index]
      if (typeof cell !== 'string' && typeof cell !== 'number') continue
      const time = this.#time.parse(this.#addDate(cell, cells))
      if (!Number.isNaN(time)) return time
    }
    throw new BadValue(`'${columns[0]?.name ?? 'time'}' must be ${TIME_RULE}, got ${quote(cells[columns[0]?.index])}`)
  }

  /** A time of day with the date that another column holds. */
  #addDate(cell: string | number, cells: readonly unknown[]): string | number {
    if (typeof cell === 'number' || this.#of.time.length === 1 || !/^\d\d:\d\d/.test(cell)) return cell
    const texts = this.#of.time.map((column) => textOf(cells[column.index]))
    const date = texts.find((text) => /^\d{4}[-/]\d\d[-/]\d\d$/.test(text))
    return date === undefined ? cell : `${date} ${cell}`
  }

  #setStatus(cells: readonly unknown[]): void {
    const row = this.#row
    row.status = 0
    row.outcome = OUTCOME.unknown
    for (const column of this.#of.status) {
      const text = textOf(cells[column.index])
      const status = parseStatus(text)
      // A program's own code is no bad status: it tells nothing.
      if (column.isVague && !(status >= 100 && status < 600)) continue
      if (status >= 0) {
        row.status = status
        row.outcome = outcomeOfStatus(status)
        return
      }
      if (status === STATUS_TEXT.noResponse) {
        row.outcome = OUTCOME.noResponse
        return
      }
      if (status === STATUS_TEXT.invalid) {
        throw new BadValue(`'${column.name}' must be an HTTP status (0 or 100 to 999), got ${quote(text)}`)
      }
      if (text !== '') this.#statusWords++
    }
  }

  #parseDuration(cells: readonly unknown[]): number {
    for (const column of this.#of.duration) {
      const cell = cells[column.index]
      const amount = parseNumber(cell)
      if (Number.isNaN(amount)) {
        const text = textOf(cell)
        if (text === '') continue
        const duration = parseDurationWithUnit(text)
        if (Number.isNaN(duration)) throw new BadValue(`'${column.name}' must be a duration, got ${quote(text)}`)
        return duration
      }
      // -1 is how HAR, HAProxy and others write "not known".
      if (amount === -1) continue
      if (amount < 0) throw new BadValue(`'${column.name}' must not be negative, got ${quote(cell)}`)
      if (amount > LARGEST) throw new BadValue(`'${column.name}' must be at most ${LARGEST}, got ${quote(cell)}`)
      if (column.unit !== undefined) return toMilliseconds(amount, column.unit)
      this.#guessesUnit = true
      this.#guess.add(amount)
      return -amount
    }
    return Number.NaN
  }

  /** What the record tells of the answer's content, null when it tells nothing. */
  #readAnswer(cells: readonly unknown[], endpoint: string): Answer | null {
    const of = this.#of
    const schema = this.#file.findSchema(endpoint)
    const tellers = of.payload.length + of.error.length + of.grpcStatus.length + of.body.length + of.contentType.length
    const isSilent = tellers === 0
    if (isSilent && schema === undefined) return null
    const payload = pick(cells, of.payload)
    const error = pick(cells, of.error)
    const body = pick(cells, of.body)?.cell
    if (typeof body === 'string' && body.length > LONGEST_BODY) this.#longBodies++
    return {
      flag: parseFlag(payload?.cell),
      flagName: payload?.name ?? '',
      error: error?.cell,
      errorName: error?.name ?? '',
      grpcStatus: pickText(cells, of.grpcStatus),
      contentType: pickText(cells, of.contentType),
      body,
      schema,
    }
  }
}

const LONGEST_EXCERPT = 200

/** The part of an answer that shows its failure, `''` for none. */
function excerptOf({ error, body }: Answer): string {
  const shown = body ?? error
  if (shown === undefined || typeof shown === 'boolean') return ''
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown)
  return text.slice(0, LONGEST_EXCERPT)
}

import { DIMENSIONS, OUTCOME } from '../../types.ts'
import { LARGEST } from '../cells.ts'
import { toMilliseconds } from '../duration.ts'
import { outcomeOfStatus } from '../outcome.ts'
import { createEndpointNamer, type EndpointNamer } from '../routes.ts'
import { NOT_PLAIN, NOTHING_KNOWN, PlainAnswers, tellsOfAnswers } from './answers.ts'
import { Cells, KIND } from './cells.ts'
import { parseDecimal, parseJsonNumber, parsePlainStatus } from './numbers.ts'
import type { PlainFields, PlainPlan } from './plan.ts'
import { FLAG, type RowColumns } from './row-columns.ts'
import { Texts } from './texts.ts'
import { PlainTimes } from './times.ts'

/** Texts of this many bytes are held; then all are forgotten, between two blocks. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024

/**
 * Turns the cells of plain records into rows, as `RecordReader` does: the same row for every record that it takes. It
 * takes none that would be rejected, whose answer failed, or about which something is to be counted or noted.
 */
export class PlainRecords {
  readonly cells: Cells
  readonly #of: PlainFields
  readonly #times: PlainTimes
  /** Null when nothing tells of the answers. */
  readonly #answers: PlainAnswers | null
  readonly #routes: readonly string[]
  #texts = new Texts()
  #nameEndpoint: EndpointNamer
  /** Number of the endpoint + 1, by the number of the method and the number of the path. */
  #endpoints: Int32Array[] = []
  #endpointNames: string[] = ['']
  #numberOfEndpoint = new Map<string, number>([['', 0]])
  /** Codes in the block + 1, by dimension and number of the text. */
  #codes: Int32Array[] = DIMENSIONS.map(() => new Int32Array(64))
  /** The block's own values by code, one list per dimension; the first is always `''`. */
  values: string[][] = []

  constructor(plan: PlainPlan) {
    this.cells = new Cells(plan.slots)
    this.#of = plan.fields
    this.#times = new PlainTimes(plan.isUtc)
    this.#routes = plan.routes
    this.#nameEndpoint = createEndpointNamer(plan.routes)
    this.#answers = tellsOfAnswers(plan) ? new PlainAnswers(plan, this.cells) : null
  }

  /** Begins a block: its codes count from 0 again. */
  startBlock(bytes: Uint8Array): void {
    this.cells.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#texts.bytes > MOST_TEXT_BYTES) this.#forget()
    for (const codes of this.#codes) codes.fill(0)
    this.values = DIMENSIONS.map(() => [''])
  }

  /** Whether the record tells of a request, see JsonRecords. */
  isRequest(): boolean {
    const { cells } = this
    const { status, endpoint, duration, method } = this.#of
    return (
      cells.firstOf(status) >= 0 ||
      cells.firstOf(endpoint) >= 0 ||
      cells.firstOf(duration) >= 0 ||
      cells.firstOf(method) >= 0
    )
  }

  /**
   * Writes the record whose cells are set.
   *
   * @returns false when it is not plain; the row is to be written again then
   */
  write(bytes: Uint8Array, rows: RowColumns, row: number): boolean {
    const { cells } = this
    rows.flags[row] = 0
    const time = this.#parseTime(bytes, rows, row)
    if (Number.isNaN(time)) return false
    rows.time[row] = time
    const status = this.#parseStatus(bytes)
    if (status === NOT_PLAIN) return false
    rows.status[row] = Math.max(status, 0)
    rows.outcome[row] = status < 0 ? OUTCOME.unknown : outcomeOfStatus(status)
    if (!this.#writeDuration(bytes, rows, row) || !this.#writeBytes(bytes, rows, row)) return false

    const of = this.#of
    const method = this.#texts.findFirst(bytes, cells, of.method)
    const path = this.#texts.findFirst(bytes, cells, of.endpoint)
    const endpoint = this.#endpoints[method]?.[path] || this.#addEndpoint(method, path)
    const verdict =
      this.#answers === null || status < 200 || status > 299
        ? NOTHING_KNOWN
        : this.#answers.judge(bytes, this.#texts, endpoint - 1, this.#endpointNames)
    if (verdict === NOT_PLAIN) return false
    rows.payload[row] = verdict >> 4
    rows.content[row] = verdict & 15
    rows.codes[0][row] = this.#code(0, this.#texts.findFirst(bytes, cells, of.service), this.#texts.values)
    rows.codes[1][row] = this.#code(1, endpoint - 1, this.#endpointNames)
    rows.codes[2][row] = this.#code(2, this.#texts.findFirst(bytes, cells, of.region), this.#texts.values)
    rows.codes[3][row] = this.#code(3, this.#texts.findFirst(bytes, cells, of.environment), this.#texts.values)
    rows.codes[4][row] = this.#code(4, this.#texts.findFirst(bytes, cells, of.version), this.#texts.values)
    return true
  }

  /** NaN when it is not plain, or there is none. */
  #parseTime(bytes: Uint8Array, rows: RowColumns, row: number): number {
    const { cells } = this
    for (const { slot } of this.#of.time) {
      if (cells.isEmpty(slot)) continue
      const kind = cells.kind[slot]
      if (kind === KIND.text) {
        const time = this.#times.parse(bytes, cells.view, cells.start[slot], cells.end[slot])
        if (this.#times.isZoneless) rows.flags[row] |= FLAG.zoneless
        return time
      }
      if (kind !== KIND.number) return Number.NaN
      return this.#times.parseNumber(parseJsonNumber(bytes, cells.start[slot], cells.end[slot]))
    }
    return Number.NaN
  }

  /** A status, NOT_PLAIN, or less for none. */
  #parseStatus(bytes: Uint8Array): number {
    const { cells } = this
    for (const { slot, isVague } of this.#of.status) {
      if (cells.isEmpty(slot)) continue
      const kind = cells.kind[slot]
      if (kind !== KIND.text && kind !== KIND.number) return NOT_PLAIN
      const status = parsePlainStatus(bytes, cells.start[slot], cells.end[slot])
      if (status < 0) return NOT_PLAIN
      if (!isVague || (status >= 100 && status < 600)) return status
    }
    return NOT_PLAIN - 1
  }

  #writeDuration(bytes: Uint8Array, rows: RowColumns, row: number): boolean {
    const { cells } = this
    rows.durationMs[row] = Number.NaN
    for (const { slot, unit } of this.#of.duration) {
      if (cells.isEmpty(slot)) continue
      const amount = this.#parseAmount(bytes, slot)
      if (amount === -1) continue
      if (!(amount >= 0 && amount <= LARGEST)) return false
      if (unit === null) rows.flags[row] |= FLAG.guessed
      rows.durationMs[row] = unit === null ? -amount : toMilliseconds(amount, unit)
      return true
    }
    return true
  }

  #writeBytes(bytes: Uint8Array, rows: RowColumns, row: number): boolean {
    const { cells } = this
    rows.bytes[row] = Number.NaN
    for (const { slot } of this.#of.bytes) {
      if (cells.isEmpty(slot)) continue
      const amount = this.#parseAmount(bytes, slot)
      if (amount < 0) continue
      if (!(amount <= LARGEST)) return false
      rows.bytes[row] = amount
      return true
    }
    return true
  }

  /** NaN when it is not plain. */
  #parseAmount(bytes: Uint8Array, slot: number): number {
    const { kind, start, end } = this.cells
    if (kind[slot] === KIND.text) return parseDecimal(bytes, start[slot], end[slot])
    return kind[slot] === KIND.number ? parseJsonNumber(bytes, start[slot], end[slot]) : Number.NaN
  }

  /** @returns the number of an endpoint + 1 */
  #addEndpoint(method: number, path: number): number {
    const texts = this.#texts.values
    const name = this.#nameEndpoint(texts[method], texts[path])
    let number = this.#numberOfEndpoint.get(name)
    if (number === undefined) {
      number = this.#endpointNames.push(name) - 1
      this.#numberOfEndpoint.set(name, number)
    }
    let byPath = this.#endpoints[method]
    if (byPath === undefined || path >= byPath.length) {
      const longer = new Int32Array(Math.max(64, texts.length * 2))
      if (byPath !== undefined) longer.set(byPath)
      byPath = longer
      while (this.#endpoints.length < method) this.#endpoints.push(new Int32Array(0))
      this.#endpoints[method] = byPath
    }
    byPath[path] = number + 1
    return number + 1
  }

  #code(dimension: number, number: number, texts: readonly string[]): number {
    if (number === 0) return 0
    let codes = this.#codes[dimension]
    if (number >= codes.length) {
      const longer = new Int32Array(Math.max(number + 1, codes.length * 2))
      longer.set(codes)
      codes = longer
      this.#codes[dimension] = codes
    }
    const code = codes[number]
    if (code !== 0) return code
    codes[number] = this.values[dimension].push(texts[number]) - 1
    return codes[number]
  }

  #forget(): void {
    this.#texts = new Texts()
    this.#nameEndpoint = createEndpointNamer(this.#routes)
    this.#endpoints = []
    this.#endpointNames = ['']
    this.#numberOfEndpoint = new Map([['', 0]])
    this.#answers?.forget()
    this.#codes = DIMENSIONS.map(() => new Int32Array(64))
  }
}

import { OUTCOME } from '../../types.ts'
import { LARGEST } from '../cells.ts'
import { toMilliseconds } from '../duration.ts'
import { outcomeOfStatus } from '../outcome.ts'
import { NOT_PLAIN, NOTHING_KNOWN, PlainAnswers, tellsOfAnswers } from './answers.ts'
import { Cells, KIND } from './cells.ts'
import { PlainDimensions } from './dimensions.ts'
import { parseDecimal, parseJsonNumber, parsePlainStatus } from './numbers.ts'
import type { PlainFields, PlainPlan } from './plan.ts'
import { FLAG, type RowColumns } from './row-columns.ts'
import { PlainTimes } from './times.ts'

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
  readonly #dimensions: PlainDimensions

  constructor(plan: PlainPlan) {
    this.cells = new Cells(plan.slots)
    this.#of = plan.fields
    this.#times = new PlainTimes(plan.isUtc)
    this.#dimensions = new PlainDimensions(plan, this.cells)
    this.#answers = tellsOfAnswers(plan) ? new PlainAnswers(plan, this.cells) : null
  }

  /** Begins a block: its codes count from 0 again. */
  startBlock(bytes: Uint8Array): void {
    this.cells.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#dimensions.startBlock()) this.#answers?.forget()
  }

  /** The block's own values by code, one list per dimension; the first is always `''`. */
  get values(): string[][] {
    return this.#dimensions.values
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
    rows.flags[row] = 0
    const time = this.#parseTime(bytes, rows, row)
    if (Number.isNaN(time)) return false
    rows.time[row] = time
    const status = this.#parseStatus(bytes)
    if (status === NOT_PLAIN) return false
    rows.status[row] = Math.max(status, 0)
    rows.outcome[row] = status < 0 ? OUTCOME.unknown : outcomeOfStatus(status)
    if (!this.#writeDuration(bytes, rows, row) || !this.#writeBytes(bytes, rows, row)) return false

    const dimensions = this.#dimensions
    const endpoint = dimensions.find(bytes)
    const verdict =
      this.#answers === null || status < 200 || status > 299
        ? NOTHING_KNOWN
        : this.#answers.judge(bytes, dimensions.texts, endpoint, dimensions.endpointNames)
    if (verdict === NOT_PLAIN) return false
    rows.payload[row] = verdict >> 4
    rows.content[row] = verdict & 15
    dimensions.write(rows, row)
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
}

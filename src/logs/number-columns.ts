import { MOST_ROOM } from './dictionary.ts'

/** Room for rows before the first growth. */
const FIRST_ROOM = 1_024
/** Room beyond the rows that are expected; how much more room is made at once at least, so that it is seldom, and at most. */
const SPARE = 1.02
const LEAST_GROWTH = 1.25
const MOST_GROWTH = 8

/** The columns of a log table that are numbers, with room for more rows; what they mean stands in src/types.ts. */
export class NumberColumns {
  room = FIRST_ROOM
  time = new Float64Array(FIRST_ROOM)
  durationMs = new Float32Array(FIRST_ROOM)
  status = new Uint16Array(FIRST_ROOM)
  outcome = new Uint8Array(FIRST_ROOM)
  bytes = new Float32Array(FIRST_ROOM)
  payload = new Uint8Array(FIRST_ROOM)
  reason = new Uint8Array(FIRST_ROOM)
  content = new Uint8Array(FIRST_ROOM)
  file = new Uint32Array(FIRST_ROOM)
  line = new Uint32Array(FIRST_ROOM)

  /** @param rows that there may be in the end; NaN or no more than there is room for: nobody knows */
  grow(rows: number): void {
    const expected = rows * SPARE
    const room = expected > this.room ? Math.min(expected, this.room * MOST_GROWTH) : 0
    this.room = Math.ceil(room === 0 ? this.room * 2 : Math.max(room, this.room * LEAST_GROWTH))
    this.time = new Float64Array(this.time.buffer.transfer(this.room * 8))
    this.durationMs = new Float32Array(this.durationMs.buffer.transfer(this.room * 4))
    this.status = new Uint16Array(this.status.buffer.transfer(this.room * 2))
    this.outcome = new Uint8Array(this.outcome.buffer.transfer(this.room))
    this.bytes = new Float32Array(this.bytes.buffer.transfer(this.room * 4))
    this.payload = new Uint8Array(this.payload.buffer.transfer(this.room))
    this.reason = new Uint8Array(this.reason.buffer.transfer(this.room))
    this.content = new Uint8Array(this.content.buffer.transfer(this.room))
    this.file = new Uint32Array(this.file.buffer.transfer(this.room * 4))
    this.line = new Uint32Array(this.line.buffer.transfer(this.room * 4))
  }

  /**
   * Hands the first `rows` rows over. The columns are spent.
   *
   * @param order which row comes at each place; null: they are in order
   */
  build(rows: number, order: Uint32Array | null) {
    return {
      time: gather(this.time, rows, order, Float64Array),
      durationMs: gather(this.durationMs, rows, order, Float32Array),
      status: gather(this.status, rows, order, Uint16Array),
      outcome: gather(this.outcome, rows, order, Uint8Array),
      bytes: gather(this.bytes, rows, order, Float32Array),
      payload: gather(this.payload, rows, order, Uint8Array),
      reason: gather(this.reason, rows, order, Uint8Array),
      file: gather(this.file, rows, order, Uint32Array),
      line: gather(this.line, rows, order, Uint32Array),
    }
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

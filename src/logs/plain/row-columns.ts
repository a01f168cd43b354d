/** What is said of a row beside its values. */
export const FLAG = {
  /** Its time is a clock's in the file's zone, not UTC. */
  zoneless: 1,
  /** No request, and no row. */
  other: 2,
  /** Its duration is the negative amount of a unit that the whole file tells. */
  guessed: 4,
} as const

/** Bytes of a row in all columns. */
const ROW_BYTES = 58
const LEAST_CAPACITY = 256

/** Rows of one block, one array per column in one buffer, so that a thread hands them over as one. */
export class RowColumns {
  buffer: ArrayBuffer
  capacity: number
  /** As in LogTable; `durationMs` not yet rounded to 32 bits. */
  time!: Float64Array
  durationMs!: Float64Array
  bytes!: Float32Array
  /** Line in the block, from 0. */
  line!: Uint32Array
  /** Index of its first byte in the block. */
  start!: Uint32Array
  /** Codes into the block's own values, one column per dimension. */
  codes!: readonly Uint32Array[]
  status!: Uint16Array
  outcome!: Uint8Array
  payload!: Uint8Array
  content!: Uint8Array
  /** A sum of FLAG. */
  flags!: Uint8Array

  /** @param buffer is written over; one of a spent block serves again */
  constructor(buffer: ArrayBuffer = new ArrayBuffer(LEAST_CAPACITY * ROW_BYTES)) {
    this.buffer = buffer
    this.capacity = 0
    this.#lay()
  }

  /** Doubles the room. */
  grow(): void {
    const old = new RowColumns(this.buffer)
    this.buffer = new ArrayBuffer(this.capacity * 2 * ROW_BYTES)
    this.#lay()
    this.time.set(old.time)
    this.durationMs.set(old.durationMs)
    this.bytes.set(old.bytes)
    this.line.set(old.line)
    this.start.set(old.start)
    for (const [at, codes] of this.codes.entries()) codes.set(old.codes[at])
    this.status.set(old.status)
    this.outcome.set(old.outcome)
    this.payload.set(old.payload)
    this.content.set(old.content)
    this.flags.set(old.flags)
  }

  #lay(): void {
    const { buffer } = this
    // A multiple of 8, so that every column begins where its type may.
    const capacity = Math.floor(buffer.byteLength / ROW_BYTES / 8) * 8
    this.capacity = capacity
    let at = 0
    const take = (bytesEach: number): number => {
      const from = at
      at += capacity * bytesEach
      return from
    }
    this.time = new Float64Array(buffer, take(8), capacity)
    this.durationMs = new Float64Array(buffer, take(8), capacity)
    this.bytes = new Float32Array(buffer, take(4), capacity)
    this.line = new Uint32Array(buffer, take(4), capacity)
    this.start = new Uint32Array(buffer, take(4), capacity)
    this.codes = Array.from({ length: 5 }, () => new Uint32Array(buffer, take(4), capacity))
    this.status = new Uint16Array(buffer, take(2), capacity)
    this.outcome = new Uint8Array(buffer, take(1), capacity)
    this.payload = new Uint8Array(buffer, take(1), capacity)
    this.content = new Uint8Array(buffer, take(1), capacity)
    this.flags = new Uint8Array(buffer, take(1), capacity)
  }
}

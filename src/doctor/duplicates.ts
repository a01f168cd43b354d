import type { LogTable } from '../types.ts'

/** Rows that are looked at; of larger logs those whose hash falls into a sample, so that copies stay together. */
const MOST_ROWS = 2_000_000

export interface Duplicates {
  /** Share (0..1) of the rows that repeat an earlier one; an estimate when the log was sampled. */
  readonly share: number
  /** Rows that were looked at. */
  readonly rows: number
  readonly isSampled: boolean
}

/**
 * How many rows repeat an earlier row's time, endpoint, status, duration and size.
 *
 * One 64-bit hash per row in a table of at most 64 MiB: of two million different rows, two collide with a probability
 * of about 1e-7.
 *
 * @returns null when rows are too much alike by nature to tell: whole seconds without durations
 */
export function measureDuplicates(table: LogTable): Duplicates | null {
  if (!hasDetail(table)) return null
  const divisor = Math.max(1, Math.ceil(table.rows / MOST_ROWS))
  const capacity = 2 ** Math.ceil(Math.log2(2 * Math.max(1, Math.min(table.rows, 2 * MOST_ROWS))))
  const slots = new Uint32Array(capacity)
  const tags = new Uint32Array(capacity)
  const hash = createRowHash(table)
  let rows = 0
  let copies = 0
  for (let row = 0; row < table.rows; row++) {
    hash.read(row)
    const { first, second } = hash
    if (second % divisor !== 0) continue
    // The sample is as large as the divisor says, within chance.
    if (rows >= capacity - 1) break
    rows++
    const tag = second === 0 ? 1 : second
    let place = first % capacity
    while (tags[place] !== 0 && !(tags[place] === tag && slots[place] === first)) place = (place + 1) % capacity
    if (tags[place] !== 0) copies++
    tags[place] = tag
    slots[place] = first
  }
  return { share: rows === 0 ? 0 : copies / rows, rows, isSampled: divisor > 1 }
}

function hasDetail({ rows, time, durationMs }: LogTable): boolean {
  for (let row = 0; row < rows; row++) {
    if (time[row] % 1000 !== 0 || !Number.isNaN(durationMs[row])) return true
  }
  return false
}

/**
 * Two 32-bit hashes of a row's bits, by multiplication and shifts (MurmurHash3's mixing step). They are left in the
 * object, so that millions of rows make no garbage.
 */
function createRowHash({ time, durationMs, bytes, status, dimensions }: LogTable) {
  const numbers = new Float64Array(1)
  const words = new Uint32Array(numbers.buffer)
  const endpoint = dimensions.endpoint.codes
  const hash = {
    first: 0,
    second: 0,
    read(row: number) {
      hash.first = 0x9747b28c
      hash.second = 0x1b873593
      addNumber(time[row])
      addNumber(durationMs[row])
      addNumber(bytes[row])
      addWord(endpoint[row])
      addWord(status[row])
    },
  }
  function addNumber(value: number): void {
    numbers[0] = Number.isNaN(value) ? -1 : value
    addWord(words[0])
    addWord(words[1])
  }
  function addWord(word: number): void {
    hash.first = mix(hash.first ^ word, 0x85ebca6b)
    hash.second = mix(hash.second ^ word, 0xcc9e2d51)
  }
  return hash
}

function mix(word: number, factor: number): number {
  let mixed = Math.imul(word, factor)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 13)) >>> 0
}

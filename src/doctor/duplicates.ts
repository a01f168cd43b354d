import type { LogTable } from '../types.ts'

/** Rows of one time are compared each with each up to so many; more of them are looked up. */
const FEW_ROWS = 16

/**
 * The share (0..1) of the rows that repeat an earlier one's time, endpoint, status, duration and size.
 *
 * @param table sorted by time, so that copies stand among few neighbours
 * @returns null when rows are too much alike by nature to tell: whole seconds without durations
 */
export function measureDuplicates(table: LogTable): number | null {
  if (!hasDetail(table)) return null
  const { rows, time } = table
  const isCopy = createComparison(table)
  const countMany = createCopyCount(table, isCopy)
  let copies = 0
  for (let start = 0; start < rows; ) {
    let end = start + 1
    while (end < rows && time[end] === time[start]) end++
    if (end - start > FEW_ROWS) copies += countMany(start, end)
    else if (end - start > 1) copies += countFew(start, end, isCopy)
    start = end
  }
  return rows === 0 ? 0 : copies / rows
}

function hasDetail({ rows, time, durationMs }: LogTable): boolean {
  for (let row = 0; row < rows; row++) {
    if (time[row] % 1000 !== 0 || !Number.isNaN(durationMs[row])) return true
  }
  return false
}

type Comparison = (row: number, other: number) => boolean

/** Whether two rows of one time are alike; what is unknown in both is. */
function createComparison({ durationMs, bytes, status, dimensions }: LogTable): Comparison {
  const endpoint = dimensions.endpoint.codes
  const isEqual = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b))
  return (row, other) =>
    endpoint[row] === endpoint[other] &&
    status[row] === status[other] &&
    isEqual(durationMs[row], durationMs[other]) &&
    isEqual(bytes[row], bytes[other])
}

function countFew(start: number, end: number, isCopy: Comparison): number {
  let copies = 0
  for (let row = start + 1; row < end; row++) {
    let other = start
    while (other < row && !isCopy(row, other)) other++
    if (other < row) copies++
  }
  return copies
}

/** Counts the rows of [start, end), all of one time, that repeat an earlier one, by a hash table with open addressing. */
function createCopyCount(
  { durationMs, bytes, status, dimensions }: LogTable,
  isCopy: Comparison,
): (start: number, end: number) => number {
  const endpoint = dimensions.endpoint.codes
  const numbers = new Float32Array(2)
  const words = new Uint32Array(numbers.buffer)
  return (start, end) => {
    const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * (end - start))))
    let copies = 0
    for (let row = start; row < end; row++) {
      numbers[0] = durationMs[row] || -1
      numbers[1] = bytes[row] || -1
      let slot = mix(mix(mix(words[0]) ^ words[1]) ^ (endpoint[row] * 1024 + status[row])) % slots.length
      while (slots[slot] !== 0 && !isCopy(row, slots[slot] - 1)) slot = (slot + 1) % slots.length
      if (slots[slot] === 0) slots[slot] = row + 1
      else copies++
    }
    return copies
  }
}

/** MurmurHash3's mixing step. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

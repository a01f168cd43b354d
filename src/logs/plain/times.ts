import { createDayCache, EARLIEST, HOUR, LATEST, MINUTE, parseEpoch, SECOND } from '../time.ts'
import { parseDecimal } from './numbers.ts'

/** In a zone that is not settled yet a time near the ends of the range may be beyond them. */
const LARGEST_OFFSET = 24 * HOUR
const LEAST_EPOCH_DIGITS = 9
const MOST_EPOCH_DIGITS = 19

/**
 * Reads the plain ones of the times that `createTimeParser` reads, to the same bit: ISO 8601 with a clock, `Z`, a numeric
 * offset or no zone, and epochs.
 */
export class PlainTimes {
  readonly #dayStart = createDayCache()
  readonly #isUtc: boolean
  /** The bytes of the last date, hour and minute, and what they stand for: neighbours mostly have the same. */
  #first = 0
  #second = 0
  #third = 0
  #fourth = 0
  #day = Number.NaN
  #clock = 0
  /** Whether the time that was read last named no zone; unless such times are UTC, it is a clock's. */
  isZoneless = false

  constructor(isUtc: boolean) {
    this.#isUtc = isUtc
  }

  /**
   * @param view of the bytes
   * @returns ms UTC, NaN when it is not plain
   */
  parse(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.isZoneless = false
    const separator = end - start >= 10 ? bytes[start + 4] : 0
    if (separator === 45 || separator === 47) {
      return end - start >= 16 && this.#readMinute(bytes, view, start, separator)
        ? this.#parseRest(bytes, start + 16, end)
        : Number.NaN
    }
    let digits = 0
    while (start + digits < end && isDigit(bytes[start + digits])) digits++
    if (digits < LEAST_EPOCH_DIGITS || digits > MOST_EPOCH_DIGITS) return Number.NaN
    return this.parseNumber(parseDecimal(bytes, start, end))
  }

  /** @returns ms UTC of an epoch, NaN when it is out of range */
  parseNumber(value: number): number {
    this.isZoneless = false
    const time = parseEpoch(value)
    return time >= EARLIEST && time < LATEST ? time : Number.NaN
  }

  /** Sets day and clock by `YYYY-MM-DDTHH:MM`; false when it is something else. */
  #readMinute(bytes: Uint8Array, view: DataView, start: number, separator: number): boolean {
    const first = view.getInt32(start, true)
    const second = view.getInt32(start + 4, true)
    const third = view.getInt32(start + 8, true)
    const fourth = view.getInt32(start + 12, true)
    if (first === this.#first && second === this.#second && third === this.#third && fourth === this.#fourth) {
      return true
    }
    const blank = bytes[start + 10]
    if (bytes[start + 7] !== separator || bytes[start + 13] !== 58) return false
    if (blank !== 84 && blank !== 116 && blank !== 32) return false
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
    const day = this.#dayStart(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8))
    const hour = twoDigits(bytes, start + 11)
    const minute = twoDigits(bytes, start + 14)
    if (!(hour < 24 && minute < 60) || Number.isNaN(day)) return false
    this.#day = day
    this.#clock = hour * HOUR + minute * MINUTE
    this.#first = first
    this.#second = second
    this.#third = third
    this.#fourth = fourth
    return true
  }

  /** What follows the minute. */
  #parseRest(bytes: Uint8Array, start: number, end: number): number {
    let clock = this.#clock
    let at = start
    if (at < end && bytes[at] === 58) {
      if (end - at < 3) return Number.NaN
      const second = twoDigits(bytes, at + 1)
      if (!(second <= 60)) return Number.NaN
      at += 3
      let fraction = 0
      if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
        let value = 0
        let scale = 1
        for (at++; at < end; at++) {
          const digit = bytes[at] - 48
          if (digit < 0 || digit > 9) break
          if (scale < 1e9) {
            value = value * 10 + digit
            scale *= 10
          }
        }
        fraction = (value * SECOND) / scale
      }
      clock += second * SECOND + fraction
    }
    const local = this.#day + clock
    if (at === end) {
      this.isZoneless = true
      const margin = this.#isUtc ? 0 : LARGEST_OFFSET
      return local >= EARLIEST + margin && local < LATEST - margin ? local : Number.NaN
    }
    const time = local - parsePlainOffset(bytes, at, end)
    return time >= EARLIEST && time < LATEST ? time : Number.NaN
  }
}

/** Milliseconds that a zone is ahead of UTC: `Z`, `+01:00`, `+0100` or `+01`; NaN for anything else. */
function parsePlainOffset(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start]
  const length = end - start
  if ((sign === 90 || sign === 122) && length === 1) return 0
  const hasColon = length === 6
  if ((sign !== 43 && sign !== 45) || (length !== 3 && length !== 5 && !hasColon)) return Number.NaN
  if (hasColon && bytes[start + 3] !== 58) return Number.NaN
  const minutes = length === 3 ? 0 : twoDigits(bytes, start + (hasColon ? 4 : 3))
  const offset = twoDigits(bytes, start + 1) * HOUR + minutes * MINUTE
  if (!(offset <= 18 * HOUR)) return Number.NaN
  return sign === 45 ? -offset : offset
}

/** NaN when they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] - 48
  const ones = bytes[at + 1] - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}

import { createZone, type Zone } from './zone.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
/** Times from here to before LATEST are taken for times, ms UTC. */
export const EARLIEST = Date.UTC(1980, 0, 1)
export const LATEST = Date.UTC(2100, 0, 1)
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What a time must be, for messages. */
export const TIME_RULE = 'an ISO 8601, CLF, RFC 1123 or epoch time (s, ms, µs, ns) from 1980 to 2099'

/** Reads the times of one log, in file order. */
export interface TimeParser {
  /** @returns ms UTC, with the fraction that the log has; NaN when it is no time from 1980 to 2099 */
  parse(value: string | number): number
  /**
   * Takes down a time that was read elsewhere, so that what follows is read as if it had been read here.
   *
   * @param time ms UTC; without a zone its clock's, see `Zone`
   * @returns ms UTC
   */
  follow(time: number, isZoneless: boolean): number
  /** Whether times without a zone are UTC. */
  readonly isUtc: boolean
  /** How many times so far named no zone. */
  readonly zoneless: number
}

/**
 * Reads ISO 8601 (`T` or blank, `-` or `/`, `.` or `,` fractions, with or without zone), Apache's
 * `17/May/2015:10:05:03 +0000`, RFC 1123 and epoch seconds, milli-, micro- and nanoseconds, told by magnitude.
 *
 * @param timezone IANA name, for times without a zone
 * @throws RangeError when the zone is not known
 */
export function createTimeParser(timezone: string): TimeParser {
  const zone: Zone | null = /^(?:utc|etc\/utc|gmt|z)$/i.test(timezone) ? null : createZone(timezone)
  const scan: Scan = { end: 0, dayStart: createDayCache() }
  let previous = Number.NaN
  let zoneless = 0

  const settle = (local: number, offset: number): number => {
    if (!Number.isNaN(offset)) return local - offset
    zoneless++
    return zone === null ? local : zone.toUtc(local, previous)
  }

  const parseText = (raw: string): number => {
    const text = raw.charCodeAt(0) > 32 && raw.charCodeAt(raw.length - 1) > 32 ? raw : raw.trim()
    const separator = text.charCodeAt(4)
    if (separator === 45 || separator === 47) {
      const iso = parseIso(text, scan)
      return Number.isNaN(iso) ? iso : settle(iso, parseOffset(text, scan.end))
    }
    if (/^\d{9,19}(?:\.\d+)?$/.test(text)) return parseEpoch(Number(text))
    return parseNamedMonth(text, scan, settle)
  }

  return {
    parse(value) {
      const time = typeof value === 'number' ? parseEpoch(value) : parseText(value)
      if (!(time >= EARLIEST && time < LATEST)) return Number.NaN
      previous = time
      return time
    },
    follow(time, isZoneless) {
      previous = isZoneless ? settle(time, Number.NaN) : time
      return previous
    },
    isUtc: zone === null,
    get zoneless() {
      return zoneless
    },
  }
}

/** Ranges of 1980–2099 in the four units do not overlap, so the magnitude tells the unit. Fractions end at a µs. */
export function parseEpoch(value: number): number {
  if (value < LATEST / 1e3) return Math.round(value * 1e6) / 1e3
  if (value < LATEST) return value
  return Math.round(value < LATEST * 1e3 ? value : value / 1e3) / 1e3
}

/** What one parser remembers from text to text, so that a row costs no object. */
interface Scan {
  /** Index after the clock that was read last. */
  end: number
  readonly dayStart: DayStart
}

/** Wall-clock milliseconds of `YYYY-MM-DD[( |T)HH:MM[:SS[(.|,)fraction]]]`, NaN when it is something else. */
function parseIso(text: string, scan: Scan): number {
  const year = digits(text, 0) * 100 + digits(text, 2)
  const month = digits(text, 5)
  const day = digits(text, 8)
  if (text.charCodeAt(4) !== text.charCodeAt(7)) return Number.NaN
  const start = scan.dayStart(year, month, day)
  scan.end = 10
  if (text.length === 10) return start
  const blank = text.charCodeAt(10)
  if (blank !== 84 && blank !== 116 && blank !== 32) return Number.NaN
  const hour = digits(text, 11)
  const minute = digits(text, 14)
  if (!(hour < 24 && minute < 60) || text.charCodeAt(13) !== 58) return Number.NaN
  scan.end = 16
  let clock = hour * HOUR + minute * MINUTE
  if (text.charCodeAt(16) === 58) {
    const second = digits(text, 17)
    if (!(second <= 60)) return Number.NaN
    clock += second * SECOND + parseFraction(text, 19, scan)
  }
  return start + clock
}

/** Milliseconds of the fraction at an index, 0 for none; moves `scan.end`. */
function parseFraction(text: string, index: number, scan: Scan): number {
  scan.end = index
  const mark = text.charCodeAt(index)
  if (mark !== 46 && mark !== 44) return 0
  let value = 0
  let scale = 1
  let place = index + 1
  for (; place < text.length; place++) {
    const digit = text.charCodeAt(place) - 48
    if (digit < 0 || digit > 9) break
    if (scale < 1e9) {
      value = value * 10 + digit
      scale *= 10
    }
  }
  scan.end = place
  return (value * SECOND) / scale
}

/** Milliseconds to subtract for the zone at an index: 0 for UTC, NaN for none, Infinity for something that is no zone. */
function parseOffset(text: string, index: number): number {
  if (index === text.length) return Number.NaN
  const sign = text.charCodeAt(index)
  if ((sign === 90 || sign === 122) && index + 1 === text.length) return 0
  const [, plusMinus, hours, minutes] =
    /^ ?(?:([+-])(\d\d):?(\d\d)?|UTC|GMT|Z)(?: UTC| GMT)?$/.exec(text.slice(index)) ?? []
  if (plusMinus !== undefined) {
    const offset = Number(hours) * HOUR + Number(minutes ?? 0) * MINUTE
    return offset > 18 * HOUR ? Number.POSITIVE_INFINITY : plusMinus === '-' ? -offset : offset
  }
  return /^ ?(?:UTC|GMT|Z)$/.test(text.slice(index)) ? 0 : Number.POSITIVE_INFINITY
}

const CLF = /^(\d\d)\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?: ([+-])(\d\d)(\d\d))?$/
const RFC_1123 =
  /^(?:[A-Za-z]{3}, )?(\d\d?) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d)()? (?:GMT|UTC|([+-])(\d\d)(\d\d))$/

/** CLF and RFC 1123 times. */
function parseNamedMonth(text: string, scan: Scan, settle: (local: number, offset: number) => number): number {
  const clf = CLF.exec(text)
  const match = clf ?? RFC_1123.exec(text)
  if (match === null) return Number.NaN
  const [, day, name, year, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match
  const start = scan.dayStart(Number(year), MONTHS.indexOf(name.toLowerCase()) + 1, Number(day))
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return Number.NaN
  const clock = Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND
  const local = start + clock + (fraction ? Number(`0.${fraction}`) * SECOND : 0)
  if (Number.isNaN(local)) return Number.NaN
  if (sign === undefined) return settle(local, clf === null ? 0 : Number.NaN)
  const offset = Number(zoneHour) * HOUR + Number(zoneMinute) * MINUTE
  return settle(local, sign === '-' ? -offset : offset)
}

/** Two digits at an index, NaN when they are not. */
function digits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 48
  const ones = text.charCodeAt(index + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Milliseconds of midnight, NaN for a day that does not exist. */
type DayStart = (year: number, month: number, day: number) => number

/** Days of a log come in long runs: each is computed once. */
export function createDayCache(): DayStart {
  let last = Number.NaN
  let start = 0
  return (year, month, day) => {
    const key = (year * 100 + month) * 100 + day
    if (key === last) return start
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN
    last = key
    start = Date.UTC(year, month - 1, day)
    return start
  }
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

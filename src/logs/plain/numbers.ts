import { decodeBytes } from './cells.ts'

/** 10^k is a double for every k up to 22, and a quotient of two exact doubles is the nearest one: Clinger 1990. */
const MOST_DIGITS = 15
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** A number like `12` or `12.34` without a sign, the same double as `Number` gives; NaN for anything else. */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  let at = start
  for (; at < end; at++) {
    const digit = bytes[at] - 48
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  const whole = at - start
  if (whole === 0) return Number.NaN
  if (at === end) return whole <= MOST_DIGITS ? value : Number(decodeBytes(bytes, start, end))
  if (bytes[at] !== 46) return Number.NaN
  const fraction = at + 1
  for (at = fraction; at < end; at++) {
    const digit = bytes[at] - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  const places = end - fraction
  if (places === 0) return Number.NaN
  return whole + places <= MOST_DIGITS ? value / POWERS[places] : Number(decodeBytes(bytes, start, end))
}

/** The number that a JSON number stands for; the bytes are known to be one. */
export function parseJsonNumber(bytes: Uint8Array, start: number, end: number): number {
  const value = parseDecimal(bytes, start, end)
  return Number.isNaN(value) ? Number(decodeBytes(bytes, start, end)) : value
}

/** An HTTP status of three digits, or `0`; -1 for anything else. */
export function parsePlainStatus(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] - 48
  if (end - start === 1) return first === 0 ? 0 : -1
  if (end - start !== 3 || first < 1 || first > 9) return -1
  const second = bytes[start + 1] - 48
  const third = bytes[start + 2] - 48
  if (second < 0 || second > 9 || third < 0 || third > 9) return -1
  return first * 100 + second * 10 + third
}

/** Looks for bytes four at a time, as one number of 32 bits whose lowest byte stands first. */

const ONES = 0x01010101
const HIGHS = 0x80808080 | 0
const CONTROLS = 0x20202020
const QUOTES = 0x22222222
const BACKSLASHES = 0x5c5c5c5c

/**
 * The index of the first quote, backslash or control character from a place on, or one before it: less than four bytes
 * from the end of the view nobody looked.
 */
export function skipPlainText(view: DataView, start: number): number {
  const last = view.byteLength - 4
  let at = start
  while (at <= last) {
    const word = view.getInt32(at, true)
    const x = word ^ QUOTES
    const y = word ^ BACKSLASHES
    // The lowest bit that is set here tells the first such byte (Warren, Hacker's Delight, 6-1).
    const found = (((x - ONES) & ~x) | ((y - ONES) & ~y) | ((word - CONTROLS) & ~word)) & HIGHS
    if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3)
    at += 4
  }
  return at
}

/** Bytes that are looked for as they are, in words. */
export interface Sample {
  readonly length: number
  /** At 0, 4, 8 and so on; the last one ends where they end, so that it may overlap the one before. */
  readonly words: Int32Array
}

/** @param bytes none, or four at least */
export function prepareSample(bytes: Uint8Array): Sample {
  const { length } = bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  const places = Array.from({ length: Math.ceil(length / 4) }, (_, i) => Math.min(i * 4, length - 4))
  return { length, words: Int32Array.from(places, (at) => view.getInt32(at, true)) }
}

/** Whether the sample stands there; one without bytes stands nowhere. */
export function isSampleAt({ length, words }: Sample, view: DataView, start: number): boolean {
  if (length === 0 || start + length > view.byteLength) return false
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (words[i] !== view.getInt32(start + i * 4, true)) return false
  return words[last] === view.getInt32(start + length - 4, true)
}

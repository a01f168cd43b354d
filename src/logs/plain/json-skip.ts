/** Steps over JSON values, which are held to the grammar of RFC 8259: what passes here, `JSON.parse` takes as well. */

const CR = 13
const QUOTE = 34
const COLON = 58
const COMMA = 44
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
/** Instead of an index: not JSON, or nobody looked. */
export const NOT_SKIPPED = -1
/** Values that are skipped nest less deep than JSON may. */
const MOST_LEVELS = 16

/**
 * @param bytes end with a line feed
 * @param level how deep the value stands within others that are skipped
 * @returns the index after a value of any kind, or NOT_SKIPPED
 */
export function skipValue(bytes: Uint8Array, start: number, level: number): number {
  const byte = bytes[start]
  if (byte === QUOTE) return skipText(bytes, start)
  if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
    return level >= MOST_LEVELS ? NOT_SKIPPED : skipNested(bytes, start, level)
  }
  if (byte === 116) return skipWord(bytes, start, 'true')
  if (byte === 102) return skipWord(bytes, start, 'false')
  if (byte === 110) return skipWord(bytes, start, 'null')
  return skipNumber(bytes, start)
}

function skipNested(bytes: Uint8Array, start: number, level: number): number {
  const isObject = bytes[start] === OPEN_BRACE
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET
  let at = skipBlanks(bytes, start + 1)
  if (bytes[at] === close) return at + 1
  for (;;) {
    if (isObject) {
      if (bytes[at] !== QUOTE) return NOT_SKIPPED
      at = skipText(bytes, at)
      if (at === NOT_SKIPPED) return NOT_SKIPPED
      at = skipBlanks(bytes, at)
      if (bytes[at] !== COLON) return NOT_SKIPPED
      at = skipBlanks(bytes, at + 1)
    }
    at = skipValue(bytes, at, level + 1)
    if (at === NOT_SKIPPED) return NOT_SKIPPED
    at = skipBlanks(bytes, at)
    const byte = bytes[at]
    if (byte === close) return at + 1
    if (byte !== COMMA) return NOT_SKIPPED
    at = skipBlanks(bytes, at + 1)
  }
}

/** The index after a string that begins at its quote, or NOT_SKIPPED. */
export function skipText(bytes: Uint8Array, start: number): number {
  let at = start + 1
  for (;;) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte < 32) return NOT_SKIPPED
    if (byte === BACKSLASH) {
      at++
      const letter = bytes[at]
      if (letter === 117) {
        for (let digit = 1; digit <= 4; digit++) if (!isHex(bytes[at + digit])) return NOT_SKIPPED
        at += 4
      } else if (!isEscape(letter)) return NOT_SKIPPED
    }
    at++
  }
}

function skipWord(bytes: Uint8Array, start: number, word: string): number {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word.charCodeAt(at)) return NOT_SKIPPED
  return start + word.length
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 45 ? start + 1 : start
  const whole = at
  at = skipDigits(bytes, at)
  if (at === whole || (bytes[whole] === 48 && at > whole + 1)) return NOT_SKIPPED
  if (bytes[at] === 46) {
    const fraction = at + 1
    at = skipDigits(bytes, fraction)
    if (at === fraction) return NOT_SKIPPED
  }
  if (bytes[at] === 101 || bytes[at] === 69) {
    at++
    if (bytes[at] === 43 || bytes[at] === 45) at++
    const exponent = at
    at = skipDigits(bytes, at)
    if (at === exponent) return NOT_SKIPPED
  }
  return at
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start
  for (let byte = bytes[at]; byte >= 48 && byte <= 57; byte = bytes[at]) at++
  return at
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start
  while (isBlank(bytes[at])) at++
  return at
}

/** Whether a byte may stand between the tokens of one line. */
export function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === CR
}

function isHex(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)
}

/** `"\/bfnrt`. */
function isEscape(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 47 ||
    byte === 98 ||
    byte === 102 ||
    byte === 110 ||
    byte === 114 ||
    byte === 116
  )
}

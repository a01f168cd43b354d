/** What a value must be, for the command line and the config file alike: both hand over text. */

export interface Rule<Value> {
  /** Completes `'window' must be …`. */
  readonly rule: string
  /** The value, or undefined when the text breaks the rule. */
  parse(text: string): Value | undefined
}

const WINDOW_UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const LONGEST_WINDOW_MS = 86_400_000
const DAY_MS = 86_400_000

/** Width of the windows in ms. */
export const WINDOW: Rule<number> = {
  rule: 'like 30s, 5m, 1h or 1d, from 1s to 1d',
  parse(text) {
    const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
    if (amount === undefined) return undefined
    const windowMs = Number(amount) * WINDOW_UNITS_MS[unit as keyof typeof WINDOW_UNITS_MS]
    return windowMs > 0 && windowMs <= LONGEST_WINDOW_MS ? windowMs : undefined
  },
}

/** An IANA zone, as Intl spells it. */
export const TIMEZONE: Rule<string> = {
  rule: 'an IANA time zone like UTC or Europe/Berlin',
  parse(text) {
    try {
      return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone
    } catch {
      return undefined
    }
  },
}

/** Any text but none. */
export const NAME: Rule<string> = {
  rule: 'a name, not empty',
  parse: (text) => (text.trim() === '' ? undefined : text),
}

export const FILE: Rule<string> = {
  rule: 'the path of a file',
  parse: NAME.parse,
}

export const FOLDER: Rule<string> = {
  rule: 'the path of a folder',
  parse: NAME.parse,
}

/** `ours=theirs`; theirs may hold further equals signs. */
export const MAPPING: Rule<readonly [ours: string, theirs: string]> = {
  rule: "'ours=theirs', like status=http_code",
  parse(text) {
    const at = text.indexOf('=')
    const ours = text.slice(0, at).trim()
    const theirs = text.slice(at + 1).trim()
    return at > 0 && ours !== '' && theirs !== '' ? [ours, theirs] : undefined
  },
}

/** Scheme, host and port of a web server; `https` where no scheme is named. */
export const WEB_HOST: Rule<string> = {
  rule: 'a host like quickchart.io or https://charts.example.com:8080',
  parse(text) {
    const [, scheme = 'https', host] = /^(?:(https?):\/\/)?([a-z0-9.-]+(?::\d{1,5})?)\/?$/i.exec(text) ?? []
    const address = `${scheme.toLowerCase()}://${host}`
    return host !== undefined && URL.canParse(address) ? address : undefined
  },
}

/** A day, as the last millisecond of it in UTC. */
export const LAST_DAY: Rule<number> = {
  rule: 'a day like 2026-12-31',
  parse(text) {
    const start = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
    // Some engines read 2026-02-31 as a day in March.
    if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(text)) return undefined
    return start + DAY_MS - 1
  },
}

/** YAML 1.1 has on and off for true and false, YAML 1.2 for words: both are understood. */
export const SWITCH: Rule<boolean> = {
  rule: 'on or off',
  parse(text) {
    const word = text.toLowerCase()
    if (word === 'on' || word === 'true') return true
    return word === 'off' || word === 'false' ? false : undefined
  },
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Rule<Word> {
  return {
    rule: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text),
  }
}

/** A decimal number from `low` to `high`, both included. */
export function numberFrom(low: number, high: number): Rule<number> {
  return {
    rule: high === Number.POSITIVE_INFINITY ? `a number of at least ${low}` : `a number from ${low} to ${high}`,
    parse: (text) => parseDecimal(text, low, high),
  }
}

/** A whole number from `low` to `high`, both included. */
export function wholeNumberFrom(low: number, high: number): Rule<number> {
  return {
    rule: `a whole number from ${low} to ${high}`,
    parse: (text) => (/^\d+$/.test(text) ? parseDecimal(text, low, high) : undefined),
  }
}

function parseDecimal(text: string, low: number, high: number): number | undefined {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  return value >= low && value <= high && Number.isFinite(value) ? value : undefined
}

const LONGEST_QUOTE = 80

/** A value for a message: quoted, on one line, cut. */
export function quote(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ')
  return `'${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}'`
}

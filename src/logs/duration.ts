/** Units of time as factors to milliseconds. */
const MILLISECONDS_PER = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const
export type TimeUnit = keyof typeof MILLISECONDS_PER

export const UNIT_NAMES: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
}

const WORDS: Readonly<Record<string, TimeUnit>> = {
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  ms: 'ms',
  msec: 'ms',
  msecs: 'ms',
  millis: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
  us: 'us',
  µs: 'us',
  μs: 'us',
  usec: 'us',
  micros: 'us',
  microsecond: 'us',
  microseconds: 'us',
  ns: 'ns',
  nsec: 'ns',
  nanos: 'ns',
  nanosecond: 'ns',
  nanoseconds: 'ns',
}

/** The unit that a word names, undefined for none. */
export function parseUnit(word: string): TimeUnit | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
}

/** A duration in milliseconds. */
export function toMilliseconds(value: number, unit: TimeUnit): number {
  return unit === 's' ? value * 1000 : unit === 'ms' ? value : value / (unit === 'us' ? 1e3 : 1e6)
}

/**
 * Reads a duration that carries its own unit, such as `231ms`, `1.5 s` or `12µs`.
 *
 * @returns milliseconds, NaN when it is not one
 */
export function parseDurationWithUnit(text: string): number {
  const [, value, word] = /^(\d+(?:\.\d+)?)\s*([a-zµμ]+)$/i.exec(text) ?? []
  const unit = word === undefined ? undefined : parseUnit(word.toLowerCase())
  return unit === undefined ? Number.NaN : toMilliseconds(Number(value), unit)
}

/** Finds the unit of a column of durations whose name does not tell it, from all of its values. */
export class UnitGuess {
  #values = 0
  #fractional = 0
  #below5 = 0
  #below30 = 0
  #from30Thousand = 0
  #from2Million = 0

  /** @param value in the unknown unit, not negative; 0 tells nothing */
  add(value: number): void {
    if (!(value > 0)) return
    this.#values++
    if (!Number.isInteger(value)) this.#fractional++
    if (value < 5) this.#below5++
    if (value < 30) this.#below30++
    if (value >= 30_000) this.#from30Thousand++
    if (value >= 2_000_000) this.#from2Million++
  }

  /**
   * The unit under which most requests take between a millisecond and half a minute: fractions with a median below 5
   * and 95 % below 30 are seconds; a median of 30,000 or more cannot be milliseconds, one of 2,000,000 or more not
   * microseconds.
   */
  unit(): TimeUnit {
    const half = this.#values / 2
    if (this.#values === 0) return 'ms'
    if (this.#fractional >= half && this.#below5 > half && this.#below30 >= 0.95 * this.#values) return 's'
    if (this.#from2Million > half) return 'ns'
    return this.#from30Thousand > half ? 'us' : 'ms'
  }
}

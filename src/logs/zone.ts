const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Every change of offset since 1980 falls on a multiple of this. */
const SLOT = HOUR / 4
/** By how much a line of a log may be earlier than the line before it, in the hour that autumn repeats. */
const MOST_DISORDER = HOUR / 6
const MOST_SLOTS = 100_000

/** Maps wall-clock times of one time zone to UTC. */
export interface Zone {
  /**
   * @param local the wall-clock time, as milliseconds since 1970-01-01 on the same clock
   * @param previous UTC time of the entry before it in the log, NaN for none: it settles the hour that autumn has
   *   twice. Without it that hour is its first occurrence; the hour that spring skips is read with the offset before
   *   the change, as `Temporal` does ("compatible")
   * @returns ms UTC
   */
  toUtc(local: number, previous: number): number
}

/**
 * @param name an IANA time zone
 * @throws RangeError when the name is not known
 */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsetAt = (utc: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value)
    const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second)
    return local - Math.floor(utc / 1000) * 1000
  }

  /** Offsets that a wall-clock time may have: two where autumn repeats it, the larger first. */
  const offsetsOf = (local: number): readonly [number, number] => {
    const before = offsetAt(local - DAY)
    const after = offsetAt(local + DAY)
    if (before === after) return [before, before]
    const fits = [before, after].filter((offset) => offsetAt(local - offset) === offset).sort((a, b) => b - a)
    return fits.length === 0 ? [before, before] : [fits[0], fits[fits.length - 1]]
  }

  const known = new Map<number, readonly [number, number]>()
  let lastSlot = Number.NaN
  let lastOffsets: readonly [number, number] = [0, 0]
  return {
    toUtc(local, previous) {
      const slot = Math.floor(local / SLOT)
      if (slot !== lastSlot) {
        let offsets = known.get(slot)
        if (offsets === undefined) {
          offsets = offsetsOf(slot * SLOT)
          if (known.size >= MOST_SLOTS) known.clear()
          known.set(slot, offsets)
        }
        lastSlot = slot
        lastOffsets = offsets
      }
      const first = local - lastOffsets[0]
      const second = local - lastOffsets[1]
      return second !== first && previous - first > MOST_DISORDER ? second : first
    },
  }
}

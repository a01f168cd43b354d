import { madScale, median } from '../math/stats.ts'

/** How far means over some windows wander, times the root of their length: standard deviation and degrees of freedom. */
export interface Wander {
  readonly scale: number
  readonly df: number
  /** Blocks that measured it. */
  readonly blocks: number
}

/** Lengths at which wander is measured, as intervals are judged. */
const MEASURED = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
/** Blocks that the wander of all days is worth beside that of weekends alone. */
const POOLED_BLOCKS = 10

/**
 * Measures how far means of deviations wander by the number of windows they span: what days differ by does not average
 * out, so each length is measured.
 *
 * @param deviation standardised; NaN unknown
 * @param center what the deviations of [from, to) are held against
 * @param belongs whether a block that starts at this window counts
 */
export function measureWander(
  deviation: Float64Array,
  center: (from: number, to: number) => number,
  longest: number,
  belongs: (window: number) => boolean,
): Map<number, Wander> {
  const wander = new Map<number, Wander>()
  let least = 1
  for (const length of MEASURED.filter((measured) => measured <= Math.max(1, longest))) {
    const sums: number[] = []
    for (let from = 0; from + length <= deviation.length; from += length) {
      if (!belongs(from)) continue
      const sum = (meanOf(deviation, from, from + length) - center(from, from + length)) * Math.sqrt(length)
      if (!Number.isNaN(sum)) sums.push(sum)
    }
    const scale = Math.max(least, madScale(sums, 0) || 0)
    least = scale
    // A median absolute deviation of n values is worth about half as many for a standard deviation.
    wander.set(length, { scale, df: Math.max(3, sums.length / 2), blocks: sums.length })
  }
  return wander
}

/** The wander of one kind of day, shrunk to that of all days and never below it. */
export function poolWander(own: ReadonlyMap<number, Wander>, pooled: ReadonlyMap<number, Wander>): Map<number, Wander> {
  return new Map(
    Array.from(pooled, ([length, { scale, df, blocks }]) => {
      const { scale: ownScale, blocks: ownBlocks } = own.get(length)!
      const variance = (ownBlocks * ownScale ** 2 + POOLED_BLOCKS * scale ** 2) / (ownBlocks + POOLED_BLOCKS)
      return [length, { scale: Math.max(scale, Math.sqrt(variance)), df, blocks }]
    }),
  )
}

/** The wander at the next measured length. */
export function wanderAt(wander: ReadonlyMap<number, Wander>, length: number): Wander {
  const lengths = [...wander.keys()]
  return wander.get(lengths.find((measured) => measured >= length) ?? lengths.at(-1)!)!
}

/** Medians of the values before and after [from, to), `reach` windows to each side; NaN where under half are known. */
export function sidesOf(
  values: Float64Array,
  from: number,
  to: number,
  reach: number,
): { before: number; after: number } {
  const side = (first: number, end: number) => {
    const known = values
      .subarray(Math.max(0, first), Math.min(values.length, end))
      .filter((value) => !Number.isNaN(value))
    return known.length < reach / 2 ? Number.NaN : median(known)
  }
  return { before: side(from - reach, from), after: side(to, to + reach) }
}

/** What an interval must rise above (or fall below): the higher (lower) of its two sides, so that a step is neither. */
export function nearerSide({ before, after }: { before: number; after: number }, above: boolean): number {
  return above ? Math.max(before, after) : Math.min(before, after)
}

export function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let w = from; w < to; w++) sum += values[w]
  return sum / (to - from)
}

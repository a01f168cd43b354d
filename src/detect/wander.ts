import { madScale, mean, median } from '../math/stats.ts'

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

/** Squares above CLIP² count as that; the mean of a squared normal value is then so much. */
const CLIP = 1.5
const CLIPPED_MEAN = 0.7785
/** So estimated, n values are worth this part of n for a standard deviation (its asymptotic efficiency); the MAD is worth 0.37. */
const CLIPPED_WORTH = 0.72
/** Variances from blocks that overlap by half vary three quarters as much as from blocks that do not. */
const OVERLAP_WORTH = 4 / 3
/** Each round brings the scale nearer by a factor of two or more: far below what a p-value can show. */
const ROUNDS = 30

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
    // Blocks that overlap by half are worth a third more than blocks that do not.
    const step = Math.max(1, length >> 1)
    for (let from = 0; from + length <= deviation.length; from += step) {
      if (!belongs(from)) continue
      const sum = (mean(deviation, from, from + length) - center(from, from + length)) * Math.sqrt(length)
      if (!Number.isNaN(sum)) sums.push(sum)
    }
    const scale = Math.max(least, clippedScale(sums))
    least = scale
    const blocks = (sums.length * step) / length
    const worth = length === 1 ? CLIPPED_WORTH : CLIPPED_WORTH * OVERLAP_WORTH
    wander.set(length, { scale, df: Math.max(3, blocks * worth), blocks })
  }
  return wander
}

/**
 * Standard deviation about 0 of values that are normal but for some: the s at which the squares of values/s, none counted
 * above CLIP², have the mean that normal values give them (an M-estimator of scale; Huber 1981). A third of
 * the values may lie anywhere.
 */
function clippedScale(values: readonly number[]): number {
  let scale = madScale(values, 0) || 0
  for (let round = 0; round < ROUNDS && scale > 0; round++) {
    const clipped = mean(values.map((value) => Math.min((value / scale) * (value / scale), CLIP * CLIP)))
    scale *= Math.sqrt(clipped / CLIPPED_MEAN)
  }
  return scale
}

/** The wander of one kind of day, shrunk to that of all days. */
export function poolWander(own: ReadonlyMap<number, Wander>, pooled: ReadonlyMap<number, Wander>): Map<number, Wander> {
  return new Map(
    Array.from(pooled, ([length, { scale, df, blocks }]) => {
      const { scale: ownScale, blocks: ownBlocks } = own.get(length)!
      const variance = (ownBlocks * ownScale ** 2 + POOLED_BLOCKS * scale ** 2) / (ownBlocks + POOLED_BLOCKS)
      return [length, { scale: Math.sqrt(variance), df, blocks }]
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

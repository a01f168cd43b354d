/** Quantiles of many values without sorting them. */
import { leastBehind, select } from './select.ts'
import { quantileSorted } from './stats.ts'

/** Up to so many values are sorted rather than searched. */
const FEW_VALUES = 24
/** From so many values on counting them by size first takes less time than dividing them again and again. */
const MANY_VALUES = 256
/** Bins to count by: few enough to stay in the fastest cache, so many that hardly anything is left in the wanted one. */
const BINS = 1024
/** Of a number below zero: its bits are in another order. */
const SIGN_BIT = 0x80000000

/**
 * Quantiles as `quantileSorted` gives them, in linear time: the values are put in order only as far as that needs
 * (Hoare 1961).
 *
 * @param values without NaN; they change places
 * @param quantiles each 0..1, ascending
 */
export function selectQuantiles(values: Float32Array, quantiles: readonly number[]): number[] {
  const n = values.length
  if (n <= FEW_VALUES) {
    values.sort()
    return quantiles.map((q) => quantileSorted(values, q))
  }
  const bins = n < MANY_VALUES ? null : countBySize(values)
  if (bins !== null) return quantiles.map((q) => interpolate(n, q, (rank) => pairInBins(bins, rank)))
  let ordered = 0
  return quantiles.map((q) =>
    interpolate(n, q, (rank) => {
      const low = select(values, ordered, rank)
      ordered = rank
      return [low, leastBehind(values, rank)]
    }),
  )
}

/** The q-quantile of n values. @param pairAt the values that are rank-th and next in order (from 0; the last: itself) */
function interpolate(n: number, q: number, pairAt: (rank: number) => readonly [number, number]): number {
  const position = (n - 1) * q
  const below = Math.floor(position)
  const [low, high] = pairAt(below)
  return below === n - 1 ? low : low + (high - low) * (position - below)
}

/** Values counted by the leading bits in which they differ: of numbers that are not negative these are in their order. */
interface Bins {
  readonly values: Float32Array
  readonly bits: Uint32Array
  readonly least: number
  /** A value's bin is (bits − least) >>> shift. */
  readonly shift: number
  readonly counts: Uint32Array
}

/** Is counted in by one call after the other: a log has tens of thousands of windows. */
const room = new Uint32Array(BINS)

/** Null when some are negative. */
function countBySize(values: Float32Array): Bins | null {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  let least = bits[0]
  let most = least
  for (let i = 1; i < bits.length; i++) {
    const own = bits[i]
    if (own < least) least = own
    if (own > most) most = own
  }
  if (most >= SIGN_BIT) return null
  let shift = 0
  while ((most - least) >>> shift >= BINS) shift++
  const counts = room.subarray(0, ((most - least) >>> shift) + 1).fill(0)
  for (let i = 0; i < bits.length; i++) counts[(bits[i] - least) >>> shift]++
  return { values, bits, least, shift, counts }
}

function pairInBins({ values, bits, least, shift, counts }: Bins, rank: number): readonly [number, number] {
  let before = 0
  let bin = 0
  while (before + counts[bin] <= rank) before += counts[bin++]
  const own = gatherBin(values, bits, least, shift, bin, counts[bin])
  const low = select(own, 0, rank - before)
  if (rank - before + 1 < own.length) return [low, leastBehind(own, rank - before)]
  let next = bin + 1
  while (next < counts.length && counts[next] === 0) next++
  if (next === counts.length) return [low, low]
  return [low, leastBehind(gatherBin(values, bits, least, shift, next, counts[next]), -1)]
}

function gatherBin(
  values: Float32Array,
  bits: Uint32Array,
  least: number,
  shift: number,
  bin: number,
  count: number,
): Float32Array {
  const own = new Float32Array(count)
  let found = 0
  for (let i = 0; i < values.length; i++) if ((bits[i] - least) >>> shift === bin) own[found++] = values[i]
  return own
}

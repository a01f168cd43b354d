import type { Calendar } from './calendar.ts'
import { createExpectation, type ShareModel } from './share-model.ts'

/**
 * Shares move more than chance alone explains. The spread φ is the variance of the share's logit from one interval to
 * the next, so that Var(share) = φ·(μ(1−μ))² beside the binomial part; for rare events √φ is the relative fluctuation.
 * It is measured at every interval length, because what moves slowly averages out slowly.
 */
export interface Spread {
  /** By exponent e of the length 2^e: block sums outside an interval give φ. */
  readonly scales: readonly ScaleSpread[]
}

/** Sums over blocks of one length. */
export interface ScaleSums {
  readonly sumExcess: number
  readonly sumWeight: number
  readonly sumInformation: number
}

interface ScaleSpread extends ScaleSums {
  readonly length: number
  /** Empty when no block says anything. Per block of `length` windows: squared residual less its sampling variance, and what φ multiplies. */
  readonly excess: Float64Array
  readonly weight: Float64Array
  /** How much each block can say, 0..1: of E expected events chance alone hides all but (E / (E + 1))². */
  readonly information: Float64Array
}

/** A block's squared residual counts at most this many variances, so that one incident does not pass as usual spread. */
const MOST_VARIANCES = 9
/** Where this many blocks share the harm of one incident, a rare burst may count for more: it may be how things are. */
const MANY_BLOCKS = 64
const MOST_VARIANCES_OF_MANY = 16
/** Expected events below which a block says nothing about spread. */
const FEWEST_EVENTS = 0.5
/** Blocks that the pooled spread of all slices is worth beside a slice's own, and what is typical of a metric beside the pooled one. */
export const POOLED_BLOCKS = 10

const NO_BLOCKS: Float64Array = new Float64Array(0)

/** Columns over the blocks of all lengths in which one spread after the other is measured: it is lost when the next one is. */
export interface BlockColumns {
  readonly excess: Float64Array
  readonly weight: Float64Array
  readonly information: Float64Array
  /** Numbers of blocks of one length. */
  readonly blocks: Int32Array
}

export function createBlockColumns({ windows }: Calendar): BlockColumns {
  // Lengths double, so that all their blocks are fewer than twice the windows.
  const column = () => new Float64Array(2 * windows)
  return { excess: column(), weight: column(), information: column(), blocks: new Int32Array(windows) }
}

/**
 * Measures one slice's spread at the lengths 1, 2, 4 … up to `longest` windows.
 *
 * @param columns where the spread is kept: give the same to the next measurement when this one is done with
 */
export function measureSpread(
  model: ShareModel,
  calendar: Calendar,
  masked: Uint8Array | null,
  longest: number,
  typical: number,
  columns: BlockColumns = createBlockColumns(calendar),
): Spread {
  const scales: ScaleSpread[] = []
  const expectation = createExpectation()
  let first = 0
  for (let length = 1; length <= longest; length *= 2) {
    const blocks = Math.floor(calendar.windows / length)
    const most = blocks >= MANY_BLOCKS ? MOST_VARIANCES_OF_MANY : MOST_VARIANCES
    let excess = NO_BLOCKS
    let weight = NO_BLOCKS
    let information = NO_BLOCKS
    let sumExcess = 0
    let sumWeight = 0
    let sumInformation = 0
    const telling = model.listBlocks(FEWEST_EVENTS, length, columns.blocks)
    for (let i = 0; i < telling; i++) {
      const block = columns.blocks[i]
      const from = block * length
      if (masked !== null && isMasked(masked, from, from + length)) continue
      const { bad, total, share, doubt } = model.expect(from, from + length, expectation)
      const expected = total * share
      if (expected < FEWEST_EVENTS || total - expected < FEWEST_EVENTS) continue
      if (excess === NO_BLOCKS) {
        excess = columns.excess.subarray(first, first + blocks).fill(0)
        weight = columns.weight.subarray(first, first + blocks).fill(0)
        information = columns.information.subarray(first, first + blocks).fill(0)
        first += blocks
      }
      const variance = expected * (1 - share) * (1 + total * doubt)
      const spread = square(expected * (1 - share))
      const residual = Math.min(square(bad - expected), most * (variance + typical * spread)) - variance
      const informed = square(expected / (expected + 1))
      excess[block] = residual
      weight[block] = spread
      information[block] = informed
      sumExcess += residual
      sumWeight += spread
      sumInformation += informed
    }
    scales.push({ length, excess, weight, information, sumExcess, sumWeight, sumInformation })
  }
  return { scales }
}

const square = (value: number) => value * value

function isMasked(masked: Uint8Array, from: number, to: number): boolean {
  for (let w = from; w < to; w++) if (masked[w] === 1) return true
  return false
}

/** A spread without its blocks. */
export function sumSpread({ scales }: Spread): { readonly scales: readonly ScaleSums[] } {
  return {
    scales: scales.map(({ sumExcess, sumWeight, sumInformation }) => ({ sumExcess, sumWeight, sumInformation })),
  }
}

/** Scales of which an interval's spread is told: its own length and the two shorter ones. */
const MOST_OUTSIDE = 3
/** Numbers that tell of a scale: sumExcess, sumWeight and sumInformation. */
const SUMS = 3

/** What the blocks outside an interval say, shortest length first: a row of sums for each of `scales` lengths. */
export interface OutsideSums {
  scales: number
  readonly sums: Float64Array
}

export function createOutsideSums(): OutsideSums {
  return { scales: 0, sums: new Float64Array(MOST_OUTSIDE * SUMS) }
}

/**
 * What the blocks outside an interval say at its own length and the two shorter ones.
 *
 * @param into where to put it, for those who ask often
 */
export function sumOutside(
  { scales }: Spread,
  exponent: number,
  from: number,
  to: number,
  into: OutsideSums = createOutsideSums(),
): OutsideSums {
  const shortest = shortestExponent(exponent)
  const end = Math.min(exponent + 1, scales.length)
  let at = 0
  for (let e = shortest; e < end; e++) {
    const { length, excess, weight, information } = scales[e]
    let { sumExcess, sumWeight, sumInformation } = scales[e]
    const last = Math.min(Math.floor((to - 1) / length), excess.length - 1)
    for (let block = Math.floor(from / length); block <= last; block++) {
      sumExcess -= excess[block]
      sumWeight -= weight[block]
      sumInformation -= information[block]
    }
    into.sums[at++] = sumExcess
    into.sums[at++] = sumWeight
    into.sums[at++] = sumInformation
  }
  into.scales = Math.max(0, end - shortest)
  return into
}

/** The same of an interval that leaves all blocks outside. */
export function sumWhole(scales: readonly ScaleSums[], exponent: number): OutsideSums {
  const into = createOutsideSums()
  const own = scales.slice(shortestExponent(exponent), exponent + 1)
  for (const [i, { sumExcess, sumWeight, sumInformation }] of own.entries()) {
    into.sums.set([sumExcess, sumWeight, sumInformation], SUMS * i)
  }
  into.scales = own.length
  return into
}

/** Shorter lengths only guard against a chance zero at the interval's own. */
const shortestExponent = (exponent: number) => Math.max(0, exponent - MOST_OUTSIDE + 1)

/**
 * φ of an interval, from the blocks outside it: the slice's own, shrunk to the pooled one, and widened by how few
 * blocks measured it (a variance of B blocks has a relative standard error of √(2/B); two of them are added).
 *
 * @param outside as `sumOutside` gives it
 */
export function spreadOutside({ scales, sums }: OutsideSums, pooled: Float64Array, exponent: number): number {
  const shortest = shortestExponent(exponent)
  let least = 0
  let result = 0
  for (let i = 0; i < scales; i++) {
    const sumExcess = sums[SUMS * i]
    const sumWeight = sums[SUMS * i + 1]
    const sumInformation = sums[SUMS * i + 2]
    const usual = pooled[shortest + i]
    const blocks = Math.max(0, sumInformation)
    const own = sumInformation > 0.1 && sumWeight > 0 ? Math.max(0, sumExcess / sumWeight) : 0
    const shrunk = (blocks * own + POOLED_BLOCKS * usual) / (blocks + POOLED_BLOCKS)
    // The last one, of the interval's own length, stands.
    result = Math.max(least, shrunk, usual / 2) * (1 + 2 * Math.sqrt(2 / (sumInformation + POOLED_BLOCKS)))
    least = Math.max(least, shrunk) / 2
  }
  return result
}

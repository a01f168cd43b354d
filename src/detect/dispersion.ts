import { weightedMedian } from '../math/stats.ts'
import type { Calendar } from './calendar.ts'
import type { ShareModel } from './share-model.ts'

/**
 * Shares move more than chance alone explains. The spread φ is the variance of the share's logit from one interval to
 * the next, so that Var(share) = φ·(μ(1−μ))² beside the binomial part; for rare events √φ is the relative fluctuation.
 * It is measured at every interval length, because what moves slowly averages out slowly.
 */
export interface Spread {
  /** By exponent e of the length 2^e: block sums outside an interval give φ. */
  readonly scales: readonly ScaleSpread[]
}

/** What a slice's spread adds to the pooled one, at one length. */
interface ScaleSums {
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
/** Blocks' worth of information without which a slice does not speak for others. */
const FEWEST_BLOCKS = 2
/** Expected events below which a block says nothing about spread. */
const FEWEST_EVENTS = 0.5
/** Blocks that the pooled spread of all slices is worth beside a slice's own. */
const POOLED_BLOCKS = 10

const NO_BLOCKS = new Float64Array(0)

/** Measures one slice's spread at the lengths 1, 2, 4 … up to `longest` windows. */
export function measureSpread(
  model: ShareModel,
  calendar: Calendar,
  masked: Uint8Array | null,
  longest: number,
  typical: number,
): Spread {
  const scales: ScaleSpread[] = []
  for (let length = 1; length <= longest; length *= 2) {
    const blocks = Math.floor(calendar.windows / length)
    const most = blocks >= MANY_BLOCKS ? MOST_VARIANCES_OF_MANY : MOST_VARIANCES
    let excess = NO_BLOCKS
    let weight = NO_BLOCKS
    let information = NO_BLOCKS
    let sumExcess = 0
    let sumWeight = 0
    let sumInformation = 0
    for (let block = 0; block < blocks; block++) {
      const from = block * length
      if (!model.canExpect(FEWEST_EVENTS, from, from + length)) continue
      if (masked !== null && isMasked(masked, from, from + length)) continue
      const { bad, total, share, doubt } = model.expect(from, from + length)
      const expected = total * share
      if (expected < FEWEST_EVENTS || total - expected < FEWEST_EVENTS) continue
      if (excess === NO_BLOCKS) {
        excess = new Float64Array(blocks)
        weight = new Float64Array(blocks)
        information = new Float64Array(blocks)
      }
      const variance = expected * (1 - share) * (1 + total * doubt)
      const spread = (expected * (1 - share)) ** 2
      const residual = Math.min((bad - expected) ** 2, most * (variance + typical * spread))
      excess[block] = residual - variance
      weight[block] = spread
      information[block] = (expected / (expected + 1)) ** 2
      sumExcess += excess[block]
      sumWeight += spread
      sumInformation += information[block]
    }
    scales.push({ length, excess, weight, information, sumExcess, sumWeight, sumInformation })
  }
  return { scales }
}

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

/**
 * The typical φ of many slices by exponent: the median, weighted by how many blocks each slice measured.
 *
 * @param exponents how many lengths 2^0, 2^1 … there are
 * @param fallback φ by exponent where no slice measured it
 */
export function poolSpreads(
  spreads: readonly { readonly scales: readonly ScaleSums[] }[],
  exponents: number,
  fallback: (exponent: number) => number,
): Float64Array {
  const pooled = new Float64Array(exponents)
  for (let exponent = 0; exponent < exponents; exponent++) {
    const values: number[] = []
    const weights: number[] = []
    for (const { scales } of spreads) {
      const scale = scales[exponent]
      if (scale === undefined || scale.sumInformation < FEWEST_BLOCKS) continue
      values.push(Math.max(0, scale.sumExcess / scale.sumWeight))
      weights.push(scale.sumInformation)
    }
    const typical = weightedMedian(values, weights)
    // A spread halves at most when the length doubles: it would be white noise then.
    const least = exponent > 0 ? pooled[exponent - 1] / 2 : 0
    pooled[exponent] = Math.max(least, Number.isNaN(typical) ? fallback(exponent) : typical)
  }
  return pooled
}

/**
 * φ of an interval, from the blocks outside it: the slice's own, shrunk to the pooled one, and widened by how few
 * blocks measured it (a variance of B blocks has a relative standard error of √(2/B); two of them are added).
 */
export function spreadOutside(
  spread: Spread,
  pooled: Float64Array,
  exponent: number,
  from: number,
  to: number,
): number {
  let least = 0
  let result = 0
  for (let e = 0; e <= Math.min(exponent, spread.scales.length - 1); e++) {
    const { length, excess, weight, information, sumExcess, sumWeight, sumInformation } = spread.scales[e]
    // Shorter lengths only guard against a chance zero at the interval's own.
    if (e < exponent - 2) continue
    let outExcess = sumExcess
    let outWeight = sumWeight
    let blocks = sumInformation
    for (
      let block = Math.floor(from / length);
      block <= Math.floor((to - 1) / length) && block < excess.length;
      block++
    ) {
      outExcess -= excess[block]
      outWeight -= weight[block]
      blocks -= information[block]
    }
    const own = blocks > 0.1 && outWeight > 0 ? Math.max(0, outExcess / outWeight) : 0
    const shrunk = (Math.max(0, blocks) * own + POOLED_BLOCKS * pooled[e]) / (Math.max(0, blocks) + POOLED_BLOCKS)
    result = Math.max(least, shrunk, pooled[e] / 2) * (1 + 2 * Math.sqrt(2 / (blocks + POOLED_BLOCKS)))
    least = Math.max(least, shrunk) / 2
  }
  return result
}

import { weightedMedian } from '../math/stats.ts'
import type { ScaleSums } from './dispersion.ts'

/** Blocks' worth of information without which a slice does not speak for others. */
const FEWEST_BLOCKS = 2

/** What slices measure is worth: each cut of the log (by region, by endpoint and region …) holds the same requests once more. */
export interface Pooling {
  /** Cuts that the slices belong to, ≥ 1. */
  readonly cuts: number
  /** Blocks that the fallback is worth beside what all slices measured; 0 where it only serves when none did. */
  readonly fallbackBlocks: number
  /** Whether what is measured may grow with the length, as that of shares that drift by nature. */
  readonly mayGrow: boolean
}

/**
 * The typical φ of many slices by exponent: the median, weighted by how many blocks each slice measured, and shrunk to
 * the fallback where those are few (of rare events only the largest slices measure any, and those are the same requests).
 *
 * @param exponents how many lengths 2^0, 2^1 … there are
 * @param fallback φ by exponent where no slice measured it
 */
export function poolSpreads(
  spreads: readonly { readonly scales: readonly ScaleSums[] }[],
  exponents: number,
  fallback: (exponent: number) => number,
  { cuts, fallbackBlocks, mayGrow }: Pooling,
): Float64Array {
  const pooled = new Float64Array(exponents)
  let shorter = { spread: Number.POSITIVE_INFINITY, blocks: 0 }
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
    const blocks = weights.reduce((sum, weight) => sum + weight, 0) / cuts
    // A spread halves at most when the length doubles: it would be white noise then.
    const least = exponent > 0 ? pooled[exponent - 1] / 2 : 0
    const shrunk = (blocks * typical + fallbackBlocks * fallback(exponent)) / (blocks + fallbackBlocks)
    const measured = Number.isNaN(typical) ? fallback(exponent) : shrunk
    const known = blocks + fallbackBlocks
    // Nor does it grow, for means over longer times vary less: what looks so is taken for chance, and shared by both.
    const grows = !mayGrow && measured > shorter.spread && shorter.blocks + known > 0
    const both = (shorter.blocks * shorter.spread + known * measured) / (shorter.blocks + known)
    pooled[exponent] = Math.max(least, grows ? both : measured)
    shorter = { spread: pooled[exponent], blocks: known }
  }
  return pooled
}

import ln from '@stdlib/math-base-special-ln'
import { factorPositive } from '../math/matrix.ts'
import { findCrossing } from '../math/root.ts'
import { madScale, mean } from '../math/stats.ts'
import { distancePValue, fitRobustCovariance } from '../models/robust-covariance.ts'
import type { OutlierInput } from './outlier-input.ts'

/** Rows that a covariance of d metrics needs: 8·d, and never fewer than this. */
const FEWEST_ROWS = 24
export const ROWS_PER_METRIC = 8
/**
 * What a block is worth where blocks lie half a length apart: neighbours correlate by ½, so that a variance of n of them
 * is as sure as one of n / (1 + 2·½²) independent ones.
 */
const HALF_OVERLAP = 2 / 3
/** A metric that sits at one value gets this scale. */
const LEAST_SCALE = 1e-9
const LEAST_P = 1e-300
/** A squared distance that no p-value asks for. */
const FARTHEST = 1e12
/** How many rows a shape was learnt from, in how many metrics: what a distance is held against. */
export type Yardstick = Parameters<typeof distancePValue>[1]

/** Runs of so many windows. */
export interface Blocks {
  readonly input: OutlierInput
  readonly from: number[]
  /** Deviations of the metrics, and the same in coordinates whose noise is apart. */
  readonly columns: Float64Array[]
  readonly coordinates: Float64Array[]
}

/** A slice's blocks with the shape of their bulk. */
export interface Shape {
  readonly blocks: Blocks
  /** What each metric's blocks usually are off by. */
  readonly scales: readonly number[]
  /** Squared distances, and by how much heavy tails widen them. */
  readonly distances: Float64Array
  readonly tail: number
  readonly yardstick: Yardstick
  /** The blocks in coordinates in which the bulk is round: a broken correlation is large there in one coordinate. */
  readonly round: Float64Array[]
}

/** Null when there are too few blocks for their number of metrics. */
export function measureShape(blocks: Blocks): Shape | null {
  const width = blocks.columns.length
  if (blocks.from.length < Math.max(FEWEST_ROWS, ROWS_PER_METRIC * width)) return null
  const { center, inverse, squared, kept, dimensions } = fitRobustCovariance(blocks.coordinates)
  const yardstick = { kept: Math.floor(kept * HALF_OVERLAP), dimensions }
  const factor = factorPositive(inverse, width)
  const round =
    factor === undefined
      ? []
      : blocks.coordinates.map((_, j) =>
          blocks.coordinates[0].map((_, row) => {
            let sum = 0
            for (let k = j; k < width; k++) sum += factor[k * width + j] * (blocks.coordinates[k][row] - center[k])
            return sum
          }),
        )
  return {
    blocks,
    scales: blocks.columns.map((column) => Math.max(LEAST_SCALE, madScale(column))),
    distances: squared,
    tail: tailFactor(squared, yardstick),
    yardstick,
    round,
  }
}

/** The squared distance whose p-value is `p`. */
export function distanceAt(p: number, yardstick: Yardstick): number {
  if (distancePValue(FARTHEST, yardstick) > p) return FARTHEST
  const logP = ln(Math.max(LEAST_P, p))
  return findCrossing((squared) => ln(distancePValue(squared, yardstick)) - logP, 0, yardstick.dimensions)
}

/** Means of `length` consecutive windows in which every metric is known, half a block apart. */
export function buildBlocks(
  input: OutlierInput,
  columns: readonly Float64Array[],
  coordinates: readonly Float64Array[],
  length: number,
): Blocks {
  const from: number[] = []
  const all = [...columns, ...coordinates]
  const rows: number[][] = all.map(() => [])
  const windows = columns[0].length
  for (let start = 0; start + length <= windows; start += length / 2) {
    const means = all.map((column) => mean(column, start, start + length))
    if (means.some((mean) => Number.isNaN(mean))) continue
    from.push(start)
    for (const [d, mean] of means.entries()) rows[d].push(mean)
  }
  const means = rows.map((row) => Float64Array.from(row))
  return { input, from, columns: means.slice(0, columns.length), coordinates: means.slice(columns.length) }
}

/** Blocks in a row that are this unlikely are an episode when there are so many: a single odd window lies in two of them. */
const EPISODE_P = 0.01
const EPISODE_BLOCKS = 3

/** Blocks [first, end) in a row that lie far out: what lasts, as incidents do, where heavy tails come and go. */
export function listEpisodes(distances: Float64Array, yardstick: Yardstick): { first: number; end: number }[] {
  const limit = distanceAt(EPISODE_P, yardstick)
  const episodes: { first: number; end: number }[] = []
  for (let first = 0; first < distances.length; first++) {
    let end = first
    while (end < distances.length && distances[end] > limit) end++
    if (end - first >= EPISODE_BLOCKS) episodes.push({ first, end })
    first = end
  }
  return episodes
}

/**
 * By how much real distances outgrow those of normal residuals, from their upper middle: heavy tails widen the
 * yardstick instead of passing as outliers. Episodes have no say.
 */
function tailFactor(distances: Float64Array, yardstick: Yardstick): number {
  const usual = Float64Array.from(distances)
  for (const { first, end } of listEpisodes(distances, yardstick)) usual.fill(Number.NaN, first, end)
  const sorted = usual.filter((distance) => !Number.isNaN(distance)).sort()
  let factor = 1
  for (const q of [0.5, 0.75, 0.9, 0.95]) {
    const seen = sorted[Math.floor(q * (sorted.length - 1))]
    factor = Math.max(factor, seen / distanceAt(1 - q, yardstick))
  }
  return factor
}

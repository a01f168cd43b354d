import { factorPositive } from '../math/matrix.ts'
import { median } from '../math/stats.ts'
import { distancePValue, fitRobustCovariance } from '../models/robust-covariance.ts'
import type { Finding, OutlierFindings, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { findAxes, project } from './coordinates.ts'
import { hasRestMoved } from './outlier-reach.ts'
import { measureResiduals } from './residuals.ts'

/** One slice's metrics by window; NaN where unknown or where too few requests would make it noise. */
export interface OutlierInput {
  readonly slice: number
  readonly requests: ArrayLike<number>
  /** Named columns on a scale on which their noise is roughly normal and equal: log of a median, root of a count. */
  readonly metrics: readonly {
    readonly name: string
    readonly values: Float64Array
    /** Whether a slice's value is about the mean of its parts', weighted by their requests. */
    readonly isMean: boolean
  }[]
}

/** Scores rows, 0..1, higher is more anomalous. */
export type ForestScorer = (columns: Float64Array[]) => Float64Array

/** Blocks of these many windows are judged; a single window's oddity is most often noise. */
const LENGTHS = [2, 4, 8] as const
/** Rows that a covariance of d metrics needs: 8·d, and never fewer than this. */
const FEWEST_ROWS = 24
const ROWS_PER_METRIC = 8
/** The forest's top ranks: this part of all blocks of one length. */
const TOP_SHARE = 0.02
/**
 * What a block is worth where blocks lie half a length apart: neighbours correlate by ½, so that a variance of n of them
 * is as sure as one of n / (1 + 2·½²) independent ones.
 */
const HALF_OVERLAP = 2 / 3
/** Requests behind a finding: medians of fewer are anecdotes. */
const FEWEST_REQUESTS = 50
/** What one metric shows alone belongs to another detector: together they must say three times as much. */
const TOGETHER = 3
const KEEP_LOG_P = Math.log(1e-3)
const MOST_WATCHED = 3
/** 0.5 is a row like any other, 1 one that a single cut isolates. */
const WATCH_SCORE = 0.7

/** How many rows a shape was learnt from, in how many metrics: what a distance is held against. */
type Yardstick = Parameters<typeof distancePValue>[1]

interface Blocks {
  readonly input: OutlierInput
  readonly from: number[]
  /** Deviations of the metrics, and the same in coordinates whose noise is apart. */
  readonly columns: Float64Array[]
  readonly coordinates: Float64Array[]
}

/**
 * Windows in which several metrics together are odd: an Isolation Forest ranks them, and a robust Mahalanobis distance
 * of the residuals from each metric's usual course says how surprising that is. A finding needs both.
 */
export function detectOutliers(
  inputs: readonly OutlierInput[],
  slices: readonly Slice[],
  calendar: Calendar,
  scoreForest: ForestScorer,
): OutlierFindings {
  const residuals = new Map<number, { names: string[]; columns: Float64Array[]; coordinates: Float64Array[] }>()
  for (const input of inputs) {
    const measured = input.metrics.map(({ values }) => measureResiduals(values, input.requests, calendar))
    const kept = measured.flatMap((known, i) => (known === null ? [] : [{ ...input.metrics[i], ...known }]))
    if (kept.length < 2) continue
    const columns = kept.map(({ deviations }) => deviations)
    residuals.set(input.slice, {
      names: kept.map(({ name }) => name),
      columns,
      coordinates: separate(kept, input.requests, calendar) ?? columns,
    })
  }
  const notes: string[] = []
  if (residuals.size === 0) notes.push('Outliers were not judged: fewer than two metrics vary in enough windows.')

  const findings: Finding[] = []
  const forestTop: Ranked[] = []
  const judged = [0, 0, 0]
  let shown: Yardstick = { kept: 1000, dimensions: 2 }
  for (const length of LENGTHS) {
    const shapes = inputs.flatMap((input) => {
      const known = residuals.get(input.slice)
      return known === undefined
        ? []
        : (measureShape(buildBlocks(input, known.columns, known.coordinates, length)) ?? [])
    })
    for (const width of new Set(shapes.map(({ blocks }) => blocks.columns.length))) {
      const group = shapes.filter(({ blocks }) => blocks.columns.length === width)
      const scores = scoreGroup(group, scoreForest)
      const cut =
        Float64Array.from(scores.flatMap((own) => [...own]))
          .sort()
          .at(-Math.ceil(TOP_SHARE * scores.reduce((sum, own) => sum + own.length, 0))) ?? 1
      for (const [at, shape] of group.entries()) {
        const { slice } = shape.blocks.input
        judged[slices[slice].level] += shape.blocks.from.length
        if (length === LENGTHS[0] && slice === 0) shown = shape.yardstick
        for (const [i, from] of shape.blocks.from.entries()) {
          if (scores[at][i] >= cut) forestTop.push({ slice, from, to: from + length, score: scores[at][i] })
          const finding = judgeBlock(shape, i, from + length, slices[slice].level)
          if (finding !== null) findings.push(finding)
        }
      }
    }
  }
  forestTop.sort((a, b) => b.score - a.score || a.from - b.from)
  const watched = forestTop
    .filter(({ from, to, score }) => to - from === LENGTHS[0] && score >= WATCH_SCORE)
    .slice(0, MOST_WATCHED)
    .map(({ slice, from, to, score }): Finding => {
      const requests = inputs.find((input) => input.slice === slice)!.requests
      return {
        category: 'outlier',
        metric: 'multivariate',
        detector: 'forest',
        slice,
        level: slices[slice].level,
        from,
        to,
        logP: 0,
        actual: score,
        expected: Number.NaN,
        support: sumOf(requests, from, to),
      }
    })
  return {
    findings,
    watched,
    tests: ([0, 1, 2] as const).map((level) => ({ metric: 'multivariate', level, judged: judged[level] })),
    confirms: (slice, from, to) => forestTop.some((top) => top.slice === slice && top.from < to && top.to > from),
    deviations: (slice, from, to) => {
      const known = residuals.get(slice)
      if (known === undefined) return []
      return known.names
        .map((name, i) => ({ name, deviation: meanKnown(known.columns[i], from, to) }))
        .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation))
    },
    spreads: (part, broader, from, to) => {
      const [own, all] = [part, broader].map((slice) => inputs.find((input) => input.slice === slice))
      return own !== undefined && all !== undefined && hasRestMoved(all, own, calendar, from, to)
    },
    passing: (logP) => Math.sqrt(distanceAt(Math.exp(logP), shown)),
    notes,
  }
}

/**
 * Deviations along axes whose noise is apart. Each axis has its own usual course: what the metrics share would leave
 * more of itself between the medians of each.
 */
function separate(
  metrics: readonly { readonly values: Float64Array; readonly off: Float64Array }[],
  requests: ArrayLike<number>,
  calendar: Calendar,
): Float64Array[] | null {
  const axes = findAxes(
    metrics.map(({ off }) => off),
    requests,
  )
  if (axes === null) return null
  const values = metrics.map((metric) => metric.values)
  const coordinates = axes.flatMap((axis) => measureResiduals(project(values, axis), requests, calendar) ?? [])
  return coordinates.length < axes.length ? null : coordinates.map(({ deviations }) => deviations)
}

/** A slice's blocks with the shape of their bulk. */
interface Shape {
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

interface Ranked {
  readonly slice: number
  readonly from: number
  readonly to: number
  readonly score: number
}

/** Null when there are too few blocks for their number of metrics. */
function measureShape(blocks: Blocks): Shape | null {
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
    scales: blocks.columns.map(scaleOf),
    distances: squared,
    tail: tailFactor(squared, yardstick),
    yardstick,
    round,
  }
}

/** Forest scores of each slice's blocks, all ranked by one forest over the metrics and their round coordinates. */
function scoreGroup(group: readonly Shape[], scoreForest: ForestScorer): Float64Array[] {
  const width = group[0].blocks.columns.length
  const isRound = group.every(({ round }) => round.length === width)
  const columns = Array.from({ length: width }, (_, j) => concat(group.map(({ blocks }) => blocks.columns[j])))
  if (isRound) columns.push(...Array.from({ length: width }, (_, j) => concat(group.map(({ round }) => round[j]))))
  const scores = scoreForest(columns)
  let offset = 0
  return group.map(({ blocks }) => {
    offset += blocks.from.length
    return scores.subarray(offset - blocks.from.length, offset)
  })
}

/** A block as a finding, if its distance is surprising, well supported, and no single metric's doing. */
function judgeBlock(
  { blocks, scales, distances, tail, yardstick }: Shape,
  i: number,
  to: number,
  level: 0 | 1 | 2,
): Finding | null {
  const from = blocks.from[i]
  const support = sumOf(blocks.input.requests, from, to)
  if (support < FEWEST_REQUESTS) return null
  const distance = distances[i] / tail
  const alone = Math.max(...blocks.columns.map((column, j) => (column[i] / scales[j]) ** 2))
  if (distance < TOGETHER * alone) return null
  const logP = Math.log(Math.max(1e-300, distancePValue(distance, yardstick)))
  if (logP > KEEP_LOG_P) return null
  return {
    category: 'outlier',
    metric: 'multivariate',
    detector: 'forest',
    slice: blocks.input.slice,
    level,
    from,
    to,
    logP,
    actual: Math.sqrt(distance),
    expected: Math.sqrt(blocks.columns.length),
    support,
  }
}

/** The squared distance whose p-value is `p`. */
function distanceAt(p: number, yardstick: Yardstick): number {
  let low = 0
  let high = 1
  while (distancePValue(high, yardstick) > p && high < 1e12) high *= 2
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (distancePValue(middle, yardstick) > p) low = middle
    else high = middle
  }
  return high
}

/** Means of `length` consecutive windows in which every metric is known, half a block apart. */
function buildBlocks(
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
    const means = all.map((column) => meanAll(column, start, start + length))
    if (means.some((mean) => Number.isNaN(mean))) continue
    from.push(start)
    for (const [d, mean] of means.entries()) rows[d].push(mean)
  }
  const means = rows.map((row) => Float64Array.from(row))
  return { input, from, columns: means.slice(0, columns.length), coordinates: means.slice(columns.length) }
}

/**
 * By how much real distances outgrow those of normal residuals, from their upper middle: heavy tails widen the
 * yardstick instead of passing as outliers.
 */
function tailFactor(distances: Float64Array, yardstick: Yardstick): number {
  const sorted = Float64Array.from(distances).sort()
  let factor = 1
  for (const q of [0.5, 0.75, 0.9, 0.95]) {
    const seen = sorted[Math.floor(q * (sorted.length - 1))]
    factor = Math.max(factor, seen / distanceAt(1 - q, yardstick))
  }
  return factor
}

function scaleOf(column: Float64Array): number {
  const center = median(column)
  return Math.max(1e-9, 1.4826 * median(column.map((value) => Math.abs(value - center))))
}

function meanAll(values: Float64Array, from: number, to: number): number {
  return sumOf(values, from, to) / (to - from)
}

function meanKnown(values: Float64Array, from: number, to: number): number {
  let sum = 0
  let count = 0
  for (let w = from; w < to; w++) {
    if (Number.isNaN(values[w])) continue
    sum += values[w]
    count++
  }
  return count === 0 ? 0 : sum / count
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let w = from; w < to; w++) sum += values[w]
  return sum
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

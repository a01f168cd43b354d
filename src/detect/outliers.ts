import { meanKnown, sum } from '../math/stats.ts'
import { distancePValue } from '../models/robust-covariance.ts'
import type { Finding, OutlierFindings, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { type Deviations, measureDeviations } from './outlier-deviations.ts'
import type { OutlierInput } from './outlier-input.ts'
import { isSlowness, measureGains } from './outlier-parts.ts'
import { hasRestMoved } from './outlier-reach.ts'
import { buildBlocks, distanceAt, measureShape, type Shape, type Yardstick } from './outlier-shape.ts'

/** Scores rows, 0..1, higher is more anomalous. */
export type ForestScorer = (columns: Float64Array[]) => Float64Array

/** Blocks of these many windows are judged; a single window's oddity is most often noise. */
const LENGTHS = [2, 4, 8] as const
/** The forest's top ranks: this part of all blocks of one length. */
const TOP_SHARE = 0.02
/** Requests behind a finding: medians of fewer are anecdotes. */
const FEWEST_REQUESTS = 50
/** What one metric shows alone belongs to another detector: together they must say three times as much. */
const TOGETHER = 3
const KEEP_LOG_P = Math.log(1e-3)
const MOST_WATCHED = 3
/** 0.5 is a row like any other, 1 one that a single cut isolates. */
const WATCH_SCORE = 0.7

/**
 * Windows in which several metrics together are odd: a robust Mahalanobis distance of the residuals from each metric's
 * usual course says how surprising each block of windows is, and is what a finding needs. An Isolation Forest ranks the
 * blocks: what it ranks highest confirms other incidents and is watched. (A block whose
 * metrics are each as usual is cut off late: of 40 simulated broken correlations it ranked 3 that the distance put beyond
 * p = 1e-6 below its top two per cent.)
 */
export function detectOutliers(
  inputs: readonly OutlierInput[],
  slices: readonly Slice[],
  calendar: Calendar,
  scoreForest: ForestScorer,
): OutlierFindings {
  const residuals = new Map<number, Deviations>()
  for (const input of inputs) {
    const measured = measureDeviations(input, calendar)
    if (measured !== null) residuals.set(input.slice, measured)
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
        if (length === LENGTHS[0] && slice === 0) shown = shape.yardstick
        for (const [i, from] of shape.blocks.from.entries()) {
          const to = from + length
          if (scores[at][i] >= cut) forestTop.push({ slice, from, to, score: scores[at][i] })
          const support = sum(shape.blocks.input.requests, from, to)
          if (support < FEWEST_REQUESTS) continue
          judged[slices[slice].level]++
          const finding = judgeBlock(shape, i, to, slices[slice].level, support)
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
        support: sum(requests, from, to),
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
      return known.metrics
        .map(({ name, values }) => ({ name, deviation: meanKnown(values, from, to) || 0 }))
        .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation))
    },
    isSlowness: (slice, from, to) => {
      const known = residuals.get(slice)
      return known !== undefined && isSlowness(known.metrics, from, to)
    },
    gains: (slice, from, to) => {
      const known = residuals.get(slice)
      return known === undefined ? null : measureGains(known.coordinates, from, to)
    },
    spreads: (part, broader, from, to) => {
      const [own, all] = [part, broader].map((slice) => inputs.find((input) => input.slice === slice))
      const known = residuals.has(part) && residuals.has(broader) && own !== undefined && all !== undefined
      return known && hasRestMoved(all, own, calendar, from, to)
    },
    passing: (logP) => Math.sqrt(distanceAt(Math.exp(logP), shown)),
    notes,
  }
}

interface Ranked {
  readonly slice: number
  readonly from: number
  readonly to: number
  readonly score: number
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

/** A block of so many requests as a finding, if its distance is surprising and no single metric's doing. */
function judgeBlock(
  { blocks, scales, distances, tail, yardstick }: Shape,
  i: number,
  to: number,
  level: 0 | 1 | 2,
  support: number,
): Finding | null {
  const from = blocks.from[i]
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

function concat(parts: readonly Float64Array[]): Float64Array {
  const result = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { fitForest, scoreForest } from '../models/isolation-forest.ts'
import type { OutlierFindings, Slice } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { detectOutliers, type ForestScorer } from './outliers.ts'

const HOUR = 3_600_000
const HOURS = 14 * 24
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: HOURS * HOUR - 1 }]).table, HOUR).grid)
const SLICES: Slice[] = [{ scope: {}, level: 0, requests: 100 * HOURS, parents: [] }]
const forest: ForestScorer = (columns) => scoreForest(fitForest(columns, { seed: 1 }), columns)
const inside = (w: number) => w >= 200 && w < 204

/**
 * Latency and size follow the time of day, and beyond that each other: correlation 0.95.
 *
 * @param change added to the two, in standard deviations of their noise
 */
function detect(seed: number, change: (w: number) => readonly [number, number], requests = 100): OutlierFindings {
  const random = createRandom(seed)
  const columns = [new Float64Array(HOURS), new Float64Array(HOURS), new Float64Array(HOURS)]
  for (let w = 0; w < HOURS; w++) {
    const common = drawNormal(random)
    const [latency, size] = change(w)
    const season = 3 * Math.sin((w / 12) * Math.PI)
    columns[0][w] = 5 + season + 0.1 * (common + 0.2 * drawNormal(random) + latency)
    columns[1][w] = 8 + season + 0.1 * (common + 0.2 * drawNormal(random) + size)
    columns[2][w] = 30 + drawNormal(random)
  }
  const names = ['median latency', 'median size', 'requests']
  const metrics = columns.map((values, i) => ({ name: names[i], values, isMean: i < 2, isLatency: i === 0 }))
  return detectOutliers(
    [{ slice: 0, requests: new Uint32Array(HOURS).fill(requests), metrics }],
    SLICES,
    calendar,
    forest,
  )
}
const significant = ({ findings, tests }: OutlierFindings) => findings.filter(decide(tests, 0.005).isSignificant)

describe('outliers', () => {
  const broken = detect(1, (w) => (inside(w) ? [1.8, -1.8] : [0, 0]))

  test('are windows in which metrics do not fit together, though each alone is as usual', () => {
    const found = significant(broken)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(({ from, to }) => to <= 200 || from >= 204)).toEqual([])
    const strongest = found.toSorted((a, b) => a.logP - b.logP)[0]
    expect(strongest).toMatchObject({ category: 'outlier', metric: 'multivariate', detector: 'forest', slice: 0 })
    expect(strongest.actual).toBeGreaterThan(broken.passing(decide(broken.tests, 0.005).threshold(strongest)))
  })

  test('are confirmed by the forest, and told by how far each metric is off', () => {
    expect(broken.confirms(0, 200, 204)).toBe(true)
    expect(broken.confirms(1, 200, 204)).toBe(false)
    const [first, second] = broken.deviations(0, 200, 204)
    expect([first.name, second.name].toSorted()).toEqual(['median latency', 'median size'])
    expect(first.deviation * second.deviation).toBeLessThan(0)
  })

  test('are seen in busy windows though the nights are noisy', () => {
    const night = (w: number) => w % 24 < 8
    const random = createRandom(4)
    const requests = Uint32Array.from({ length: HOURS }, (_, w) => (night(w) ? 12 : 120))
    const metrics = [0, 1].map((i) => ({
      name: `m${i}`,
      values: new Float64Array(HOURS),
      isMean: true,
      isLatency: false,
    }))
    for (let w = 0; w < HOURS; w++) {
      const common = 0.13 * drawNormal(random)
      for (const [i, { values }] of metrics.entries()) {
        const odd = w >= 205 && w < 209 ? (i === 0 ? 0.16 : -0.16) : 0
        values[w] = common + (0.5 / Math.sqrt(requests[w])) * drawNormal(random) + odd
      }
    }
    const found = significant(detectOutliers([{ slice: 0, requests, metrics }], SLICES, calendar, forest))
    expect(found.some(({ from, to }) => from >= 204 && to <= 210)).toBe(true)
  })

  test('are not what one metric shows alone: that is another detector’s', () => {
    const alone = detect(2, (w) => (inside(w) ? [9, 9] : [0, 0]))
    expect(significant(alone).filter(({ from, to }) => from >= 200 && to <= 204)).toEqual([])
  })

  test('are found beside incidents that last, which do not pass as heavy tails', () => {
    const surges = (w: number) => (w >= 40 && w < 54) || (w >= 260 && w < 272)
    for (let seed = 20; seed < 24; seed++) {
      const found = significant(detect(seed, (w) => (inside(w) ? [1.4, -1.4] : surges(w) ? [6, 0] : [0, 0])))
      expect(found.some(({ from, to }) => from >= 198 && to <= 206)).toBe(true)
    }
  })

  test('are not a quiet day’s whose like had incidents at that hour', () => {
    // Of the four days at weekends (the first is a Monday) the last two have one each.
    const hour = (day: number, w: number) => (Math.floor(w / 24) === day ? w % 24 : -1)
    const change = (w: number): readonly [number, number] =>
      hour(12, w) >= 8 && hour(12, w) < 14 ? [6, 0] : hour(13, w) >= 10 && hour(13, w) < 18 ? [0, -6] : [0, 0]
    for (let seed = 30; seed < 34; seed++) {
      const found = significant(detect(seed, change))
      expect(found.filter(({ to }) => to < 12 * 24)).toEqual([])
      expect(found.length).toBeGreaterThan(0)
    }
  })

  test('are none in quiet logs, for the time of day is usual', () => {
    for (let seed = 10; seed < 18; seed++) expect(significant(detect(seed, () => [0, 0]))).toEqual([])
  })

  test('of a handful of requests are anecdotes', () => {
    const { findings, tests } = detect(1, (w) => (inside(w) ? [1.8, -1.8] : [0, 0]), 5)
    expect(findings).toEqual([])
    // What cannot be found is no test.
    const count = (all: typeof tests) => all.reduce((total, { judged }) => total + judged, 0)
    expect(count(tests)).toBe(0)
    // Of seven requests an hour those blocks are judged that hold eight hours.
    expect(count(detect(1, () => [0, 0], 7).tests)).toBe(HOURS / 4 - 1)
  })

  test('are farther off the surer a verdict must be', () => {
    const distances = [1e-3, 1e-6, 1e-9].map((p) => broken.passing(Math.log(p)))
    expect(distances).toEqual(distances.toSorted((a, b) => a - b))
  })
})

describe('outliers are not judged', () => {
  const requests = new Uint32Array(HOURS).fill(100)
  const detectMetrics = (...columns: Float64Array[]) =>
    detectOutliers(
      [
        {
          slice: 0,
          requests,
          metrics: columns.map((values, i) => ({ name: `m${i}`, values, isMean: true, isLatency: false })),
        },
      ],
      SLICES,
      calendar,
      forest,
    )
  const noise = () => {
    const random = createRandom(5)
    return Float64Array.from({ length: HOURS }, () => drawNormal(random))
  }
  const note = 'Outliers were not judged: fewer than two metrics vary in enough windows.'

  test.each([
    ['of one metric', () => detectMetrics(noise())],
    ['of constant metrics', () => detectMetrics(noise(), new Float64Array(HOURS).fill(7))],
    ['of unknown metrics', () => detectMetrics(noise(), new Float64Array(HOURS).fill(Number.NaN))],
    ['of a short log', () => detectMetrics(noise().fill(Number.NaN, 20), noise().fill(Number.NaN, 20))],
    ['of nothing', () => detectOutliers([], SLICES, calendar, forest)],
  ])('%s', (_, detectNothing) => {
    const found = detectNothing()
    expect(found).toMatchObject({ findings: [], watched: [], notes: [note] })
    expect(found.tests.every(({ judged }) => judged === 0)).toBe(true)
    expect(found.deviations(0, 0, 2)).toEqual([])
    expect(found.confirms(0, 0, HOURS)).toBe(false)
    expect(found.spreads(0, 0, 0, 2)).toBe(false)
  })
})

import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { anscombe } from './anscombe.ts'
import { buildCalendar } from './calendar.ts'
import { listIntervals } from './intervals.ts'
import { detectTraffic, type Forecaster } from './traffic.ts'
import { judgeBeside } from './traffic-beside.ts'

const HOUR = 3_600_000
const WINDOWS = 24 * 9
/** Between 60 requests an hour at night and 300 by day. */
const usual = (w: number) => 180 - 120 * Math.cos(((w % 24) / 12) * Math.PI)

function draw(seed: number, mean: (w: number) => number): Uint32Array {
  const random = createRandom(seed)
  return Uint32Array.from({ length: WINDOWS }, (_, w) => {
    const here = mean(w) * (1 + 0.05 * drawNormal(random))
    return Math.max(0, Math.round(here + Math.sqrt(here) * drawNormal(random)))
  })
}

/** The least logarithm of a p-value of all long intervals, in both directions. */
function leastLogP(seed: number, mean: (w: number) => number) {
  const counts = draw(seed, mean)
  const course = Float64Array.from(counts, (_, w) => anscombe(usual(w)))
  const logP = judgeBeside(Float64Array.from(counts, anscombe), course, 10)
  let least = { log: 0, from: 0, to: 0, above: false }
  for (const { from, to } of listIntervals(WINDOWS, 10)) {
    if (to - from <= 4) continue
    for (const above of [true, false]) {
      const log = logP(counts, from, to, above)
      if (log < least.log) least = { log, from, to, above }
    }
  }
  return least
}
const isWeekend = (w: number) => w >= 120 && w < 168

describe('an interval beside others', () => {
  test('that falls to next to nothing for hours is a drop at any level', () => {
    for (const depth of [0.2, 0.5, 1, 1.5]) {
      const least = leastLogP(1, (w) => usual(w) * (isWeekend(w) ? depth : 1) * (w >= 130 && w < 139 ? 0.02 : 1))
      expect(least.above).toBe(false)
      expect(least.log).toBeLessThan(Math.log(1e-7))
      expect([least.from >= 128, least.to <= 141]).toEqual([true, true])
    }
  })

  test('that triples for hours is a surge', () => {
    const least = leastLogP(2, (w) => usual(w) * (w >= 130 && w < 138 ? 3 : 1))
    expect(least).toMatchObject({ above: true })
    expect(least.log).toBeLessThan(Math.log(1e-6))
  })

  test.each([
    ['as on weekdays, but at a tenth', (w: number) => 0.1 * usual(w)],
    ['even all day', () => 60],
    ['half even and half as on weekdays', (w: number) => 30 + 0.1 * usual(w)],
  ])('is none on a weekend that goes %s', (_, course) => {
    for (let seed = 3; seed < 13; seed++) {
      expect(leastLogP(seed, (w) => (isWeekend(w) ? course(w) : usual(w))).log).toBeGreaterThan(Math.log(1e-4))
    }
  })

  test('is none where the level only steps or ramps', () => {
    for (const rest of [0.2, 5]) {
      expect(leastLogP(13, (w) => usual(w) * (w < 130 ? 1 : rest)).log).toBeGreaterThan(Math.log(1e-4))
      const ramp = (w: number) => rest ** Math.min(1, Math.max(0, (w - 100) / 12))
      expect(leastLogP(14, (w) => usual(w) * ramp(w)).log).toBeGreaterThan(Math.log(1e-4))
    }
  })
})

describe('a total outage of hours', () => {
  const forecaster: Forecaster = async (series, at) =>
    at.map((time) => anscombe(usual(Math.round((time - series.time[0]) / HOUR))))
  const significant = async (counts: Uint32Array, firstMs: number, windowMs: number) => {
    const rows = [{ time: firstMs }, { time: firstMs + counts.length * windowMs - 1 }]
    const { grid } = buildGrid(buildLogs(rows).table, windowMs)
    const found = await detectTraffic(counts, grid, buildCalendar(grid), forecaster)
    const { isSignificant } = decide(found.tests, 0.005)
    return found.findings.filter(isSignificant)
  }

  test('on the weekend of a short log is one drop of what the weekend usually holds', async () => {
    const monday = 4 * 24 * HOUR
    const found = await significant(
      draw(20, (w) => usual(w) * (isWeekend(w) ? 0.4 : 1) * (w >= 130 && w < 140 ? 0 : 1)),
      monday,
      HOUR,
    )
    expect(new Set(found.map(({ category }) => category))).toEqual(new Set(['traffic_drop']))
    const [best] = found.sort((a, b) => a.logP - b.logP)
    expect([best.from >= 128, best.to <= 142]).toEqual([true, true])
    expect(best.expected).toBeGreaterThan(0.2 * usual(134) * (best.to - best.from))
  })

  test('in a log of a day and a half is a drop', async () => {
    const quarters = Uint32Array.from(draw(21, (w) => 150 * (w >= 70 && w < 82 ? 0 : 1)).subarray(0, 144))
    const [best] = (await significant(quarters, 0, HOUR / 4)).sort((a, b) => a.logP - b.logP)
    expect(best).toMatchObject({ category: 'traffic_drop' })
    expect([best.from >= 68, best.to <= 84]).toEqual([true, true])
  })
})

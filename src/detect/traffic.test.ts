import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import type { TrafficForecast, WindowGrid } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { detectTraffic, type Forecaster } from './traffic.ts'

const HOUR = 3_600_000
const gridOf = (hours: number) => buildGrid(buildLogs([{}, { time: hours * HOUR - 1 }]).table, HOUR).grid

/** Between 100 requests an hour at night and 900 by day. */
const usual = (w: number) => 500 - 400 * Math.cos((w / 12) * Math.PI)
/** Knows the mean of each hour exactly, on the scale on which it is asked. */
const exact: Forecaster = async (series, at) =>
  at.map((time) => 2 * Math.sqrt(usual((time - series.time[0]) / HOUR) + 0.375))
const cannot: Forecaster = async () => null

/** Poisson counts (nearly), whose mean wanders by a part `noise` beside that. */
function drawRequests(
  seed: number,
  hours: number,
  noise: number,
  change: (w: number) => number = () => 1,
): Uint32Array {
  const random = createRandom(seed)
  return Uint32Array.from({ length: hours }, (_, w) => {
    const mean = usual(w) * change(w) * (1 + noise * drawNormal(random))
    return Math.max(0, Math.round(mean + Math.sqrt(Math.max(0, mean)) * drawNormal(random)))
  })
}
const detect = (requests: Uint32Array, forecaster: Forecaster = exact, grid: WindowGrid = gridOf(requests.length)) =>
  detectTraffic(requests, grid, buildCalendar(grid), forecaster)
const significant = ({ findings, tests }: TrafficForecast) => {
  const { isSignificant } = decide(tests, 0.005)
  return findings.filter(isSignificant).sort((a, b) => a.logP - b.logP)
}
const DAYS = 14
const HOURS = 24 * DAYS

describe('the traffic of the whole', () => {
  test('that stops for an hour is a drop, also at night', async () => {
    for (const hour of [100, 96 + 24]) {
      const found = significant(await detect(drawRequests(1, HOURS, 0.1, (w) => (w === hour ? 0 : 1))))
      expect(found[0]).toMatchObject({ category: 'traffic_drop', from: hour, to: hour + 1, actual: 0, support: 0 })
    }
  })

  test('that halves for six hours is a drop', async () => {
    const found = significant(await detect(drawRequests(2, HOURS, 0.1, (w) => (w >= 106 && w < 112 ? 0.5 : 1))))
    expect(found[0].category).toBe('traffic_drop')
    expect(found.filter(({ from, to }) => to <= 106 || from >= 112)).toEqual([])
  })

  test('that triples is a surge', async () => {
    const found = significant(await detect(drawRequests(3, HOURS, 0.1, (w) => (w === 60 || w === 61 ? 3 : 1))))
    expect(found[0]).toMatchObject({ category: 'traffic_surge', from: 60, to: 62 })
  })

  test('with a fifth more by a bot for an hour is as usual', async () => {
    expect(significant(await detect(drawRequests(4, HOURS, 0.1, (w) => (w === 60 ? 1.2 : 1))))).toEqual([])
  })

  test('as always gives no finding in ten logs', async () => {
    for (let seed = 10; seed < 20; seed++) expect(significant(await detect(drawRequests(seed, HOURS, 0.1)))).toEqual([])
  })

  test('is no surge on weekend days of which others had outages at that hour', async () => {
    // Of the four days at weekends (the first is a Monday) the second and the third.
    const outage = (w: number) => [6, 12].includes(Math.floor(w / 24)) && w % 24 >= 12 && w % 24 < 15
    for (let seed = 30; seed < 34; seed++) {
      const found = significant(await detect(drawRequests(seed, HOURS, 0.1, (w) => (outage(w) ? 0.2 : 1))))
      expect(found.filter(({ category }) => category === 'traffic_surge')).toEqual([])
      for (const day of [6, 12]) expect(found.some(({ from }) => from >= day * 24 + 12 && outage(from))).toBe(true)
    }
  })

  test('has p-values that hold what they promise', async () => {
    let rejected = 0
    let judged = 0
    for (let seed = 100; seed < 120; seed++) {
      const { findings, tests } = await detect(drawRequests(seed, HOURS, 0.1))
      rejected += findings.length
      judged += tests[0].judged
    }
    expect(judged).toBeGreaterThan(50_000)
    expect(rejected).toBeLessThanOrEqual(1.5e-3 * judged)
  })

  test('is not judged in windows that the log covers in part', async () => {
    const grid = gridOf(HOURS)
    const whole = grid.whole.map((flag, w) => (w >= 100 && w < 104 ? 0 : flag))
    const forecast = await detect(
      drawRequests(5, HOURS, 0.1, (w) => (w >= 100 && w < 104 ? 0 : 1)),
      exact,
      { ...grid, whole },
    )
    expect(significant(forecast)).toEqual([])
    expect(forecast.band(-12).lower[101]).toBeNaN()
  })
})

describe('the forecast', () => {
  test('of a day has not seen that day', async () => {
    const seen: number[] = []
    const forecaster: Forecaster = async (series, at, seasons) => {
      expect(seasons).toEqual({ daily: true, weekly: true, weeklyOrder: 3, changepoints: 2 })
      if (at.length < HOURS) {
        for (const time of at) seen.push(series.value[(time - series.time[0]) / HOUR])
      }
      return exact(series, at, seasons)
    }
    await detect(drawRequests(1, HOURS, 0.1), forecaster)
    expect(seen).toEqual(new Array(HOURS).fill(Number.NaN))
  })

  test('does not learn from what lies far outside', async () => {
    const learnt: boolean[] = []
    const forecaster: Forecaster = async (series, at, seasons) => {
      learnt.push(!Number.isNaN(series.value[100]))
      return exact(series, at, seasons)
    }
    await detect(
      drawRequests(1, HOURS, 0.1, (w) => (w === 100 ? 0 : 1)),
      forecaster,
    )
    expect(learnt[0]).toBe(true)
    expect(learnt.slice(1).every((known) => !known)).toBe(true)
  })

  test('has a band beyond which a window does not pass', async () => {
    const requests = drawRequests(6, HOURS, 0.1)
    const forecast = await detect(requests)
    const limit = Math.log(1e-6)
    const { lower, upper } = forecast.band(limit)
    for (const w of [0, 12, 100, 200, HOURS - 1]) {
      expect(lower[w]).toBeLessThan(forecast.expected[w])
      expect(upper[w]).toBeGreaterThan(forecast.expected[w])
      for (const [count, above] of [
        [Math.floor(lower[w]) - 1, false],
        [Math.ceil(upper[w]) + 1, true],
      ] as const) {
        if (count >= 0) expect(forecast.logP(requests.with(w, count), w, w + 1, above)).toBeLessThanOrEqual(limit)
      }
    }
  })
})

describe('a log that cannot be forecast', () => {
  test('of a few windows is not judged, and a note says so', async () => {
    const forecast = await detect(drawRequests(1, 10, 0))
    expect(forecast).toMatchObject({ judged: false, findings: [], tests: [] })
    expect(forecast.notes).toEqual([
      'The traffic of the whole was not judged: 10 complete windows are too few to say what is usual.',
    ])
    expect(forecast.band(-5).lower.every(Number.isNaN)).toBe(true)
  })

  test('of a day is held against the level around', async () => {
    const forecast = await detect(drawRequests(1, 47, 0, (w) => (w === 20 ? 0 : 500 / usual(w))))
    expect(forecast.notes.join()).toContain('too short for a daily forecast')
    expect(significant(forecast)[0]).toMatchObject({ category: 'traffic_drop', from: 20, to: 21 })
    expect(forecast.expected[20]).toBeGreaterThan(400)
  })

  test('for which Prophet fails is held against the level around, and a note says so', async () => {
    const forecast = await detect(new Uint32Array(HOURS).fill(700).with(150, 0), cannot)
    expect(forecast.notes.join()).toContain('Prophet could not be fitted')
    expect(significant(forecast)[0]).toMatchObject({ category: 'traffic_drop', from: 150, to: 151 })
  })

  test.each([0, 1, 5000])('because it always holds %p requests has nothing to find', async (count) => {
    for (const forecaster of [
      cannot,
      (async (_, at) => at.map(() => 2 * Math.sqrt(count + 0.375))) satisfies Forecaster,
    ]) {
      const forecast = await detect(new Uint32Array(HOURS).fill(count), forecaster)
      expect(forecast.findings).toEqual([])
      const { lower, upper } = forecast.band(-10)
      expect(lower[50]).toBeLessThanOrEqual(count)
      expect(upper[50]).toBeGreaterThan(count)
    }
  })
})

import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { buildCalendar } from './calendar.ts'
import { detectShares } from './shares.ts'
import { detectTraffic, type Forecaster } from './traffic.ts'
import { createTrafficSubject, joinTrafficShares } from './traffic-shares.ts'
import { followUnknown, isForetold, markUnknown, markUnknownShares } from './weekends.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** The grid of a number of days from a day of the week on (0 is Monday). */
const gridOf = (days: number, firstDay: number) =>
  buildGrid(buildLogs([{ time: firstDay * DAY }, { time: (firstDay + days) * DAY - 1 }]).table, HOUR).grid
const calendarOf = (days: number, firstDay = 0) => buildCalendar(gridOf(days, firstDay))
const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0)

const usual = (time: number) => 500 - 400 * Math.cos((time / (12 * HOUR)) * Math.PI)
const forecaster: Forecaster = async (_, at) => at.map((time) => 2 * Math.sqrt(usual(time) + 0.375))
/** How far the weekend has come at a time of a place so many hours ahead, over six hours at its edges. */
function weekendness(time: number, hoursAhead: number): number {
  const hour = (((time / HOUR + hoursAhead + 72) % 168) + 168) % 168
  return Math.max(0, (3 - hour) / 6, Math.min(1, (hour - 117) / 6, (171 - hour) / 6))
}

/** Slices of one dimension: their part of the whole, by how many hours they are ahead, a weekend in multiples of weekdays. */
interface Parts {
  readonly dimension: 'region' | 'environment'
  readonly parts: readonly (readonly [part: number, hoursAhead: number, factor: number])[]
}

const regionsOf = (factor: number): Parts => ({
  dimension: 'region',
  parts: [
    [0.25, 8, factor],
    [0.3, 0, factor],
    [0.45, -7, factor],
  ],
})
const environmentsOf = (factor: number): Parts => ({
  dimension: 'environment',
  parts: [
    [0.85, 0, 0.7],
    [0.1, 0, 0.4],
    [0.05, 0, factor],
  ],
})

/** @param change of the last part's requests */
function drawParts(
  seed: number,
  days: number,
  firstDay: number,
  { parts }: Parts,
  change: (day: number, hour: number) => number,
) {
  const random = createRandom(seed)
  const grid = gridOf(days, firstDay)
  const counts = parts.map(([part, hoursAhead, factor], at) =>
    Uint32Array.from({ length: grid.windows }, (_, w) => {
      const time = grid.startMs + w * HOUR
      const depth = 1 - (1 - factor) * weekendness(time, hoursAhead)
      const own = at === parts.length - 1 ? change((firstDay + Math.floor(w / 24)) % 7, w % 24) : 1
      const mean = part * usual(time) * depth * own * (1 + 0.05 * drawNormal(random))
      return Math.max(0, Math.round(mean + Math.sqrt(Math.max(0, mean)) * drawNormal(random)))
    }),
  )
  return { grid, counts, whole: counts.reduce((a, b) => a.map((n, w) => n + b[w])) }
}
async function judge(...[seed, days, firstDay, parts, change]: Parameters<typeof drawParts>) {
  const { grid, counts, whole } = drawParts(seed, days, firstDay, parts, change)
  const calendar = buildCalendar(grid)
  const forecast = await detectTraffic(whole, grid, calendar, forecaster)
  const requests = Uint32Array.from([whole, ...counts].flatMap((own) => [...own]))
  const slices = [
    { scope: {}, level: 0 as const, requests: 0, parents: [] },
    ...counts.map((_, i) => ({ scope: { [parts.dimension]: `p${i}` }, level: 1 as const, requests: 0, parents: [0] })),
  ]
  const byParent = [0, 1].map((parent) => detectShares(createTrafficSubject(requests, slices, calendar, parent)))
  const expectedWhole = forecast.expected
  const shares = joinTrafficShares(byParent, { requests, slices, calendar, expectedWhole, leastChange: 0.2 })
  const { isSignificant } = decide([...forecast.tests, ...shares.tests], 0.005)
  return [...forecast.findings, ...shares.findings].filter(isSignificant)
}
const always = () => 1

describe('the hours that a log cannot tell the level of', () => {
  test('are those around a weekend, in less than two weeks', () => {
    for (const [days, firstDay, unknown] of [
      [7, 0, 72],
      [8, 0, 84],
      [13, 0, 120],
      [14, 0, 0],
      [4, 1, 12],
    ] as const) {
      const calendar = calendarOf(days, firstDay)
      expect(sumOf(markUnknown(new Float64Array(calendar.windows), calendar))).toBe(unknown)
    }
  })

  test('are all where weekdays were hardly seen', () => {
    const calendar = calendarOf(4, 4)
    expect(sumOf(markUnknown(new Float64Array(calendar.windows), calendar))).toBe(96)
    const week = calendarOf(7)
    const gap = new Float64Array(week.windows).fill(Number.NaN, 0, 72)
    expect(sumOf(markUnknown(gap, week))).toBe(7 * 24)
  })

  test('of a region’s share are the edges and unknown weekends, or all where the rest teaches no course of the day', () => {
    const shares = (days: number, firstDay: number) => sumOf(markUnknownShares(calendarOf(days, firstDay), true))
    expect(shares(8, 0)).toBe(84)
    expect(shares(14, 0)).toBe(0)
    expect(shares(2, 0)).toBe(48)
    expect(shares(2, 1)).toBe(0)
    expect(shares(2, 3)).toBe(48)
    expect(shares(4, 1)).toBe(12)
  })
})

test('an unknown level is the known one times what is seen around, and nothing else moves', () => {
  const unknown = Uint8Array.from({ length: 100 }, (_, w) => (w >= 40 && w < 70 ? 1 : 0))
  const course = Float64Array.from({ length: 100 }, (_, w) => 40 + 10 * Math.sin(w))
  const seen = course.map((y, w) => (unknown[w] === 1 ? y / 2 : y))
  seen[55] = 0
  const level = course.slice()
  followUnknown(level, seen, unknown, HOUR)
  for (let w = 0; w < 100; w++) {
    if (w < 40 || w >= 70) expect(level[w]).toBe(course[w])
    if (w >= 47 && w < 63) expect(level[w]).toBeCloseTo(course[w] / 2, 9)
  }
})

test('weekends are foretold when they lie as near to the forecast as other days', () => {
  const random = createRandom(3)
  const weekend = Uint8Array.from({ length: 336 }, (_, w) => (w % 168 >= 108 ? 1 : 0))
  const noise = Float64Array.from(weekend, () => drawNormal(random))
  expect(isForetold(noise, weekend)).toBe(true)
  expect(
    isForetold(
      noise.map((z, w) => (weekend[w] === 1 ? z - 5 : z)),
      weekend,
    ),
  ).toBe(false)
  expect(isForetold(noise, new Uint8Array(336))).toBe(true)
})

describe('weekends of any depth', () => {
  test.each([
    ['all regions', 0.1, regionsOf],
    ['all regions', 0.3, regionsOf],
    ['all regions', 1, regionsOf],
    ['all regions', 1.5, regionsOf],
    ['one environment', 0.1, environmentsOf],
    ['one environment', 0.3, environmentsOf],
    ['one environment', 1, environmentsOf],
  ] as const)('of %s, at %p of weekdays, are no finding in logs of less than two weeks', async (_, factor, partsOf) => {
    for (const [seed, days] of [2, 3, 5, 7, 8, 9, 11, 13].entries()) {
      for (const firstDay of [seed % 7, (seed + 4) % 7]) {
        const found = await judge(seed + 1, days, firstDay, partsOf(factor), always)
        expect({ days, firstDay, found }).toEqual({ days, firstDay, found: [] })
      }
    }
  })

  test.each([0.3, 1])('at %p of weekdays hide no region that falls silent for hours', async (factor) => {
    for (const silent of [2, 4, 5, 6]) {
      const change = (day: number, hour: number) => (day === silent && hour >= 14 && hour < 18 ? 0 : 1)
      const found = await judge(9, 8, 0, regionsOf(factor), change)
      expect(found.map(({ slice, category }) => `${category} of ${slice}`)).toContain('traffic_drop of 3')
    }
  })
})

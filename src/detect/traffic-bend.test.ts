import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { buildCalendar } from './calendar.ts'
import { bendSeasons } from './traffic-bend.ts'

const HOUR = 3_600_000
/** Begins on a Thursday. */
const calendarOf = (days: number) =>
  buildCalendar(buildGrid(buildLogs([{}, { time: days * 24 * HOUR - 1 }]).table, HOUR).grid)

/** A level of 30 on the root scale, and values that lie `misfit` off it, with noise of standard deviation 1. */
function bend(days: number, seed: number, misfit: (w: number) => number) {
  const calendar = calendarOf(days)
  const random = createRandom(seed)
  const level = new Float64Array(calendar.windows).fill(30)
  const value = level.map((y, w) => y + misfit(w) + drawNormal(random))
  bendSeasons(level, value, calendar, new Uint8Array(calendar.windows))
  return level.map((y) => y - 30)
}
const isWeekend = (w: number) => [2, 3].includes(Math.floor(w / 24) % 7)
const isWeekendNight = (w: number) => isWeekend(w) && w % 24 < 8
const isWeekendDay = (w: number) => isWeekend(w) && w % 24 >= 10
const meanWhere = (values: Float64Array, belongs: (w: number) => boolean) => {
  const some = values.filter((_, w) => belongs(w))
  return some.reduce((sum, value) => sum + value, 0) / some.length
}

describe('the level is bent', () => {
  test('to what is missed on the nights of each weekend, and the other way by day', () => {
    const moved = bend(14, 1, (w) => (isWeekendNight(w) ? 3 : isWeekendDay(w) ? -2 : 0))
    expect(meanWhere(moved, isWeekendNight)).toBeGreaterThan(2)
    expect(meanWhere(moved, isWeekendDay)).toBeLessThan(-1.3)
    expect(Math.abs(meanWhere(moved, (w) => !isWeekend(w)))).toBeLessThan(0.5)
  })

  test('to a job that runs at one hour of every day, in a short log too', () => {
    for (const days of [5, 14]) {
      const isJob = (w: number) => w % 24 === 3
      const moved = bend(days, 2, (w) => (isJob(w) ? 3 : 0))
      expect(meanWhere(moved, isJob)).toBeGreaterThan(1.5)
    }
  })

  test('hardly by noise', () => {
    let squares = 0
    for (let seed = 10; seed < 20; seed++) squares += bend(14, seed, () => 0).reduce((sum, y) => sum + y * y, 0) / 336
    expect(squares / 10).toBeLessThan(0.05)
  })

  test('hardly by an incident of another week, and not at all by its own', () => {
    const isIncident = (w: number) => w >= 80 && w < 90
    const moved = bend(14, 3, (w) => (isIncident(w) ? -3.5 : 0))
    expect(Math.abs(meanWhere(moved, (w) => isIncident(w - 168)))).toBeLessThan(0.7)
    expect(Math.abs(meanWhere(moved, isIncident))).toBeLessThan(0.5)
  })

  test('nowhere in windows that the log cannot tell', () => {
    const calendar = calendarOf(14)
    const level = new Float64Array(calendar.windows).fill(30)
    const unknown = calendar.weekendSomewhere
    bendSeasons(
      level,
      level.map((y, w) => y + (unknown[w] === 1 ? 3 : 0)),
      calendar,
      unknown,
    )
    expect(level.every((y) => y === 30)).toBe(true)
  })
})

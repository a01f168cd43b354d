import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { buildCalendar } from './calendar.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Hours from a number of days after Monday, 2 March 2026, 00:00 UTC. */
const calendarOf = (days: number, firstDay = 0) => {
  const { table } = buildLogs([{ time: firstDay * DAY }, { time: (firstDay + days) * DAY - 1 }])
  return buildCalendar(buildGrid(table, HOUR).grid)
}
const daysWith = (flags: Uint8Array, dayOf: Uint32Array) => [
  ...new Set(dayOf.filter((_, window) => flags[window] === 1)),
]

describe('a calendar', () => {
  test('gives each window its hour and day', () => {
    const { phases, phaseOf, dayOf, days } = calendarOf(3)
    expect({ phases, days }).toEqual({ phases: 24, days: 3 })
    expect([phaseOf[0], phaseOf[23], phaseOf[24], phaseOf[71]]).toEqual([0, 23, 0, 23])
    expect([dayOf[0], dayOf[23], dayOf[24], dayOf[71]]).toEqual([0, 0, 1, 2])
  })

  test('knows no phases in a log of a day', () => {
    const { phases, weekly, phaseOf } = calendarOf(1)
    expect({ phases, weekly }).toEqual({ phases: 0, weekly: 0 })
    expect(Math.max(...phaseOf)).toBe(0)
  })

  test.each([
    [13, 0],
    [14, 168],
  ])('knows weeks after two of them: %p days', (days, weekly) => {
    expect(calendarOf(days).weekly).toBe(weekly)
  })
})

describe('weekends', () => {
  test('are told from weekdays once they were seen twice', () => {
    const { kindsKnown, kindOf, dayOf, unknownKind } = calendarOf(14)
    expect(kindsKnown).toBe(true)
    expect(daysWith(kindOf, dayOf)).toEqual([5, 6, 12, 13])
    expect(Math.max(...unknownKind)).toBe(0)
  })

  test('that were seen once are unknown', () => {
    const { kindsKnown, kindOf, dayOf, unknownKind } = calendarOf(8)
    expect(kindsKnown).toBe(false)
    expect(Math.max(...kindOf)).toBe(0)
    expect(daysWith(unknownKind, dayOf)).toEqual([5, 6])
  })

  test('are all that there is in a log of a weekend', () => {
    expect(Math.max(...calendarOf(2, 5).unknownKind)).toBe(0)
  })

  test('begin on Friday noon somewhere, and end on Monday noon elsewhere', () => {
    const { weekendSomewhere, weekendEdge } = calendarOf(8)
    const spansOf = (flags: Uint8Array) =>
      [...flags, 0].flatMap((flag, hour) => (flag === (flags[hour - 1] ?? 0) ? [] : [hour - 4 * 24]))
    expect(spansOf(weekendSomewhere)).toEqual([-96, -84, 12, 84])
    expect(spansOf(weekendEdge)).toEqual([-96, -84, 12, 36, 60, 84])
  })

  test('have no hours in a log of a day', () => {
    const { weekendSomewhere, weekendEdge } = calendarOf(1, 5)
    expect([...weekendSomewhere, ...weekendEdge]).not.toContain(1)
  })
})

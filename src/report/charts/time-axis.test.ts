import { expect, test } from 'bun:test'
import { timeTickLabel, timeTicks } from './time-axis.ts'

const START = Date.UTC(2026, 2, 1, 9, 57)

test('from a minute to ten years: a handful of ticks inside the span', () => {
  for (let span = 60_000; span < 3.2e11; span *= 1.7) {
    const ticks = timeTicks(START, START + span, 15)
    expect(ticks.length, String(span)).toBeGreaterThanOrEqual(3)
    expect(ticks.length, String(span)).toBeLessThanOrEqual(15)
    expect(ticks[0]).toBeGreaterThanOrEqual(START)
    expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(START + span)
  }
})

test('days for long spans, clock times for short ones, the date once per day', () => {
  const days = timeTicks(Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 15), 15)
  expect(days.slice(0, 2).map((tick) => timeTickLabel(tick, days))).toEqual(['1 Mar\n2026', '2 Mar'])
  const minutes = timeTicks(START, START + 600_000, 15)
  expect(minutes.slice(0, 2).map((tick) => timeTickLabel(tick, minutes))).toEqual(['09:57\n1 Mar 2026', '09:58'])
  const hours = timeTicks(Date.UTC(2026, 2, 1, 12), Date.UTC(2026, 2, 2, 12), 13)
  expect(timeTickLabel(Date.UTC(2026, 2, 2), hours)).toBe('00:00\n2 Mar 2026')
})

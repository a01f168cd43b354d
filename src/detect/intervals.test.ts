import { expect, test } from 'bun:test'
import { listIntervals } from './intervals.ts'

test('short intervals lie half a length apart', () => {
  const text = listIntervals(6, 4).map(({ from, to }) => `${from}-${to}`)
  expect(text).toEqual([
    '0-1',
    '1-2',
    '2-3',
    '3-4',
    '4-5',
    '5-6',
    '0-2',
    '1-3',
    '2-4',
    '3-5',
    '4-6',
    '0-3',
    '1-4',
    '2-5',
    '3-6',
    '0-4',
    '2-6',
  ])
})

test('every length ends at the end of the log, once', () => {
  for (const windows of [1, 5, 48, 97, 336]) {
    const intervals = listIntervals(windows, Math.max(1, windows >> 1))
    const lengths = new Set(intervals.map(({ from, to }) => to - from))
    for (const length of lengths) {
      expect(intervals.filter(({ from, to }) => to === windows && to - from === length)).toHaveLength(1)
    }
    expect(new Set(intervals.map(({ from, to }) => `${from}-${to}`)).size).toBe(intervals.length)
    expect(intervals.every(({ from, to }) => from >= 0 && to <= windows && from < to)).toBe(true)
  }
})

test('any long stretch is covered by an interval inside it, by more than half', () => {
  const intervals = listIntervals(336, 168)
  for (let length = 10; length <= 168; length++) {
    for (let from = 0; from + length <= 336; from += 5) {
      const inside = intervals.filter((interval) => interval.from >= from && interval.to <= from + length)
      expect(Math.max(...inside.map((interval) => interval.to - interval.from)) / length).toBeGreaterThan(0.5)
    }
  }
})

test('what lasts to the end is covered by four fifths by an interval inside it', () => {
  const intervals = listIntervals(336, 168).filter(({ to }) => to === 336)
  for (let length = 10; length <= 168; length++) {
    const inside = intervals.map(({ from }) => 336 - from).filter((own) => own <= length)
    expect(Math.max(...inside) / length).toBeGreaterThan(0.79)
  }
})

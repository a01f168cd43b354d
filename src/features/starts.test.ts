import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { countRows, findStarts, firstFrom } from './starts.ts'

const random = createRandom(4)

test('windows begin where dividing every time says', () => {
  for (let trial = 0; trial < 60; trial++) {
    const startMs = 1_700_000_000_000 + trial * 60_000
    const windowMs = [1_000, 7_001, 86_400_000][trial % 3]
    const rows = Math.floor(random() * 500)
    const spread = windowMs * (1 + Math.floor(random() ** 3 * 300))
    // Some exactly at a boundary, some a hair before one.
    const draw = () => {
      const ms = Math.floor(random() * spread)
      return startMs + (random() < 0.5 ? ms : Math.ceil(ms / windowMs) * windowMs - (random() < 0.5 ? 2 ** -12 : 0))
    }
    const time = Float64Array.from({ length: rows }, draw)
      .map((ms) => Math.max(ms, startMs))
      .sort()
    const windows = rows === 0 ? 0 : Math.floor((time[rows - 1] - startMs) / windowMs) + 1
    const expected = new Uint32Array(windows)
    for (const ms of time) expected[Math.floor((ms - startMs) / windowMs)]++
    const starts = findStarts(time, rows, startMs, windowMs, windows)
    expect(countRows(starts)).toEqual(expected)
    expect(starts[windows]).toBe(rows)
  }
})

test('the first row from a time on, or the end', () => {
  const time = Float64Array.of(1, 2, 2, 5)
  expect([0, 1, 2, 3, 5, 6].map((ms) => firstFrom(time, 4, 0, ms))).toEqual([0, 0, 1, 3, 3, 4])
  expect(firstFrom(time, 4, 2, 0)).toBe(2)
  expect(firstFrom(time, 3, 0, 9)).toBe(3)
})

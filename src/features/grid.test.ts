import { describe, expect, test } from 'bun:test'
import { buildLogs, FIXTURE_START, type FixtureRow } from '../logs/log-fixture.ts'
import { buildGrid, chooseWindowMs, WINDOW_LADDER_MS } from './grid.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A request every `step` ms in [from, to). */
const every = (step: number, from: number, to: number, file = 'test.csv'): FixtureRow[] =>
  Array.from({ length: Math.floor((to - from) / step) }, (_, i) => ({ time: from + i * step, file }))
const gridOf = (rows: readonly FixtureRow[], windowMs: number | null = null) =>
  buildGrid(buildLogs(rows).table, windowMs)
const indices = (flags: Uint8Array, wanted: number) =>
  Array.from(flags).flatMap((flag, window) => (flag === wanted ? [window] : []))

describe('the window', () => {
  test.each([
    ['two weeks of 50,000 rows', 14 * DAY, 50_000, HOUR],
    ['a day of a million rows', DAY, 1_000_000, MINUTE],
    ['ten minutes of a test: narrower, to have enough windows', 10 * MINUTE, 3000, 10 * SECOND],
    ['a day of 100 rows: wide enough for ten requests', DAY, 100, 3 * HOUR],
    ['one row', 0, 1, SECOND],
    ['far more than can be told apart', SECOND, 1_000_000, SECOND],
    ['ten years', 3650 * DAY, 10_000_000, DAY],
  ])('of %s', (_, span, rows, width) => {
    expect(chooseWindowMs(span, rows)).toBe(width)
  })

  test('is never narrower for fewer rows, and always on the ladder', () => {
    for (const span of [MINUTE, 3 * HOUR, 2 * DAY, 100 * DAY]) {
      const widths = [1e6, 1e5, 1e4, 1e3, 100, 10, 1].map((rows) => chooseWindowMs(span, rows))
      expect(widths).toEqual(widths.toSorted((a, b) => a - b))
      expect(widths.every((width) => WINDOW_LADDER_MS.includes(width))).toBe(true)
    }
  })

  test('of the ladder divides a day', () => {
    expect(WINDOW_LADDER_MS.filter((width) => DAY % width !== 0)).toEqual([])
  })
})

describe('the grid', () => {
  test('starts at a multiple of the window and holds every row', () => {
    const { grid } = gridOf(every(MINUTE, 7 * MINUTE, 3 * HOUR), 10 * MINUTE)
    expect(grid).toMatchObject({ windowMs: 10 * MINUTE, startMs: FIXTURE_START, windows: 18, days: 1, phasesPerDay: 0 })
    expect([grid.firstMs, grid.lastMs]).toEqual([FIXTURE_START + 7 * MINUTE, FIXTURE_START + 3 * HOUR - MINUTE])
  })

  test('judges no count of a window that the log covers in part', () => {
    const { grid } = gridOf(every(MINUTE, 37 * MINUTE, 5 * HOUR + 20 * MINUTE), HOUR)
    expect(indices(grid.whole, 0)).toEqual([0, 5])
    expect(indices(grid.covered, 0)).toEqual([])
  })

  test('a log that fills its first and last window has whole ones', () => {
    expect(indices(gridOf(every(MINUTE, 0, 5 * HOUR), HOUR).grid.whole, 0)).toEqual([])
  })

  test.each([
    ['1 day', DAY, 0],
    ['2 days', 2 * DAY, 24],
  ])('knows the phases of a day after two days: %s', (_, span, phases) => {
    expect(gridOf(every(MINUTE, 0, span), HOUR).grid.phasesPerDay).toBe(phases)
  })

  test('a window that does not divide a day has no phases', () => {
    expect(gridOf(every(MINUTE, 0, 4 * DAY), 7 * HOUR).grid.phasesPerDay).toBe(0)
  })

  test('one row is one window, not whole', () => {
    const { grid, notes } = gridOf([{ time: 1234 }])
    expect(grid).toMatchObject({ windows: 1, windowMs: SECOND, days: 1, firstMs: grid.lastMs })
    expect(notes).toEqual([])
  })
})

describe('a silence of the whole', () => {
  const night = { from: 10 * HOUR, to: 14 * HOUR }
  const day = (file: string, from: number, to: number) => every(MINUTE, from, to, file)

  test('inside one file is an outage: windows of zero requests', () => {
    const { grid, notes } = gridOf([...day('a', 0, night.from), ...day('a', night.to, DAY)], HOUR)
    expect(indices(grid.covered, 0)).toEqual([])
    expect(indices(grid.whole, 0)).toEqual([])
    expect(notes).toEqual([])
  })

  test('between two files is a gap, and its neighbours are not whole', () => {
    const { grid, notes } = gridOf([...day('a', 0, night.from), ...day('b', night.to, DAY)], HOUR)
    expect(indices(grid.covered, 0)).toEqual([10, 11, 12, 13])
    expect(indices(grid.whole, 0)).toEqual([9, 10, 11, 12, 13, 14])
    expect(notes.join()).toContain('(4 h in all)')
  })

  test('that another file spans is an outage', () => {
    const spanning = [{ time: 0, file: 'c' }, ...day('a', 0, night.from), ...day('b', night.to, DAY)]
    const { grid } = gridOf([...spanning, { time: DAY - MINUTE, file: 'c' }], HOUR)
    expect(indices(grid.covered, 0)).toEqual([])
  })

  test('of most of a file is a pause between runs', () => {
    const { grid } = gridOf([...day('a', 0, 5 * HOUR), ...day('a', 19 * HOUR, DAY)], HOUR)
    expect(indices(grid.covered, 0)).toHaveLength(14)
  })

  test('that comes again and again is the pause between runs appended to one file', () => {
    const runs = [0, 6, 12, 18].flatMap((hour) => every(10 * SECOND, hour * HOUR, (hour + 2) * HOUR))
    const { grid, notes } = gridOf(runs, HOUR)
    expect(indices(grid.covered, 1)).toEqual([0, 1, 6, 7, 12, 13, 18, 19])
    expect(notes.join()).toContain('3 silences of the whole log (12 h in all)')
  })

  test('of sparse traffic is no pause: an empty window is chance there', () => {
    const sparse = every(3 * HOUR, 0, 4 * DAY)
    expect(indices(gridOf(sparse, HOUR).grid.covered, 0)).toEqual([])
  })
})

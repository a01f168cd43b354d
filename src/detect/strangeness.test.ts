import { expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { buildCalendar } from './calendar.ts'
import { SHARE_KINDS } from './kinds.ts'
import { fitShareModel } from './share-model.ts'
import { createStrangeness } from './strangeness.ts'

const HOUR = 3_600_000
const DAY = 24
const WINDOWS = 14 * DAY
/** Two weeks from a Monday on. */
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: WINDOWS * HOUR - 1 }]).table, HOUR).grid)

/** A version that has its first requests on the first Saturday (day 5), and 10 in each hour from then on. */
const total = Uint32Array.from({ length: WINDOWS }, (_, w) => (w < 5 * DAY ? 0 : 10))
const series = { bad: total.map((count) => count / 10), total }
const model = fitShareModel(series, calendar, {
  masked: null,
  prior: { bad: 0.5, total: 1 },
  baseline: null,
  phaseStrength: 1000,
})

function strangenessOf(
  metric: 'slow_share' | 'server_error_share',
  firstDay: number,
  endDay: number,
  baseline = false,
) {
  const input = { series, baseline: baseline ? { bad: 10, total: 100 } : null }
  const ask = createStrangeness(model, input, SHARE_KINDS[metric], calendar)
  const [from, to] = [firstDay * DAY, endDay * DAY]
  return ask(model.expect(from, to), from, to)
}

test('how slow all weekdays of a version are cannot be told from its weekends', () => {
  expect(strangenessOf('slow_share', 7, 12)).toEqual({
    part: 1,
    spread: SHARE_KINDS.slow_share.typicalSpread,
    drift: 0,
    beside: null,
  })
  // Two of these seven days are known from other weekends: those of the week after are outside.
  expect(strangenessOf('slow_share', 5, 12)!.part).toBeCloseTo(5 / 7)
})

test('days of which others were seen are known', () => {
  expect(strangenessOf('slow_share', 7, 8)).toBeNull()
  expect(strangenessOf('slow_share', 5, 7)).toBeNull()
})

test('errors do not care for the day of the week, nor does what a baseline says', () => {
  expect(strangenessOf('server_error_share', 7, 12)).toBeNull()
  expect(strangenessOf('slow_share', 7, 12, true)).toBeNull()
})

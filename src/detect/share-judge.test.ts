import { expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { buildCalendar } from './calendar.ts'
import { SHARE_KINDS } from './kinds.ts'
import { createEvidence, createWeigh } from './share-judge.ts'

const HOUR = 3_600_000
const calendarOf = (hours: number) =>
  buildCalendar(buildGrid(buildLogs([{}, { time: hours * HOUR - 1 }]).table, HOUR).grid)

/** The φ of an interval of four windows, so many times as long as the rest of its slice's life. */
function spreadOf(
  metric: 'slow_share' | 'server_error_share',
  lengthRatio: number,
  { hours = 14 * 24, otherRun = false } = {},
) {
  const weigh = createWeigh(SHARE_KINDS[metric], new Float64Array(9).fill(0.04), calendarOf(hours), otherRun)
  const { precision } = weigh(
    { ...createEvidence(), bad: 20, total: 100, share: 0.1, weeklyShare: 0.1, doubt: 0, overall: 1, lengthRatio },
    0,
    4,
  )
  return 1 / (precision + 1) / (0.1 * 0.9)
}

test('what drifts is expected less surely the shorter the rest of its life was', () => {
  const usual = spreadOf('slow_share', 0)
  expect(spreadOf('slow_share', 0.01) / usual).toBeCloseTo(1.1)
  expect(spreadOf('slow_share', 4) / usual).toBeCloseTo(3)
})

test.each([
  ['errors, which do not drift', 'server_error_share', {}],
  ['an expectation from a baseline log', 'slow_share', { otherRun: true }],
  ['a log without seasons, where time itself widens', 'slow_share', { hours: 30 }],
] as const)('not so for %s', (_, metric, log) => {
  expect(spreadOf(metric, 4, log)).toBe(spreadOf(metric, 0, log))
})

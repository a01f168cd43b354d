import { expect, test } from 'bun:test'
import { calibrate, LEVELS } from './calibration.ts'
import { CalibrationBoard } from './calibration-board.ts'
import { CLEAN } from './clean-families.ts'
import { playFamily } from './play.ts'

test('a clean run has p-values about as small as they say', async () => {
  const family = { ...CLEAN[0], rows: 8_000, days: 5 }
  const run = await calibrate(await playFamily(family, 1), 1)
  expect([...run.sampled.keys()].sort()).toEqual([
    'client_error_share',
    'requests',
    'server_error_share',
    'silent_failure_share',
    'slow_share',
    'traffic_share',
  ])
  for (const { tests, below } of run.sampled.values()) {
    expect(tests).toBeGreaterThan(100)
    expect(below).toHaveLength(LEVELS.length)
    expect(below[0] / tests).toBeGreaterThan(0.01)
    expect(below[0] / tests).toBeLessThan(0.25)
    expect(below).toEqual([...below].sort((a, b) => b - a))
  }
  expect(run.coverage?.all.windows).toBeGreaterThan(40)
  expect(run.coverage!.all.inside).toBeGreaterThan(0.9 * run.coverage!.all.windows)

  const board = new CalibrationBoard()
  board.add(family, run)
  const rows = board.render().filter((line) => line.startsWith('| latency |'))
  expect(rows.map((row) => row.split(' | ').length)).toEqual([10, 10])
})

test('what lies too far above nominal is listed with its counts', () => {
  const board = new CalibrationBoard()
  const run = (below: readonly number[]) => ({
    sampled: new Map([['slow_share' as const, { tests: 156_436, below }]]),
    findings: new Map(),
    rejections: new Map(),
    rejectionsByDefault: 0,
    coverage: null,
  })
  board.add({ ...CLEAN[0], rows: 50_000 }, run([15_000, 1_500, 150, 27]))
  expect(board.render()).toContain(
    'Above 1.5 × nominal: latency in logs of 30,000 rows or more at 1e-4 (27 tests where 15.6 are due); latency in logs of any size at 1e-4 (27 tests where 15.6 are due).',
  )
})

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

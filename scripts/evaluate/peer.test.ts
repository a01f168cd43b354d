import { expect, test } from 'bun:test'
import { generateLog } from '../../src/logs/generate.ts'
import { renderLog } from '../../src/logs/generate-text.ts'
import { DAY, HOUR, START } from './families.ts'
import { runPeer } from './peer.ts'
import { readText } from './play.ts'

const burst = { start: START + 3 * DAY + 12 * HOUR, end: START + 3 * DAY + 15 * HOUR }

test('the notebook sees a gross burst of errors, and alarms that touch are one', async () => {
  const { records } = generateLog({
    rows: 12_000,
    days: 5,
    seed: 3,
    clean: false,
    start: START,
    events: [
      { ...burst, category: 'error_spike', metric: 'server_error_share', scope: { service: 'catalog' }, size: 0.9 },
    ],
  })
  const alarms = await runPeer(await readText(renderLog(records, 'csv'), 'log.csv'), 1)
  const inside = alarms.filter(
    ({ part, scope, start, end }) =>
      part === 'errors' && scope.service === 'catalog' && start < burst.end && end > burst.start,
  )
  expect(inside).toHaveLength(1)
  expect(inside[0].category).toBe('error_spike')
  expect(inside[0].end - inside[0].start).toBeGreaterThanOrEqual(2 * HOUR)

  // Prophet looks at the whole, everything else at services; no two alarms of one kind are neighbours.
  expect(new Set(alarms.filter(({ part }) => part === 'prophet').map(({ scope }) => JSON.stringify(scope)))).toEqual(
    new Set(alarms.some(({ part }) => part === 'prophet') ? ['{}'] : []),
  )
  for (const a of alarms) {
    for (const b of alarms) {
      const isSameKind = a.part === b.part && a.category === b.category && a.scope.service === b.scope.service
      if (a !== b && isSameKind) expect(b.start > a.end + HOUR || a.start > b.end + HOUR).toBe(true)
    }
  }
})

import { describe, expect, test } from 'bun:test'
import { beginSurveys, type ShareWork, type Surveyor } from '../detect/share-work.ts'
import { generateLog } from '../logs/generate.ts'
import { renderLog } from '../logs/generate-text.ts'
import { readLogs } from '../logs/read.ts'
import { renderIncidents } from '../report/json.ts'
import { run } from '../run.ts'
import type { Logs } from '../types.ts'
import { createSurveyor } from './surveyor.ts'
import { startWorkers } from './workers.ts'

async function generate(): Promise<Logs> {
  const { records } = generateLog({ rows: 12_000, days: 5, seed: 4, clean: false })
  const text = new TextEncoder().encode(renderLog(records, 'csv'))
  return readLogs([
    {
      name: 'log.csv',
      open: async function* () {
        yield text
      },
    },
  ])
}
const logs = await generate()

/** The work of a run, and its report. */
async function runWith(surveyor: Surveyor): Promise<{ work: ShareWork; report: string }> {
  const asked: ShareWork[] = []
  const report = await run(logs, {
    surveyor: (work) => {
      asked.push(work)
      return surveyor(work)
    },
  })
  return { work: asked[0], report: renderIncidents(report) }
}

describe('the surveys of shares', () => {
  test.each([0, 1, 2])('are the same with %d workers as with none', async (count) => {
    const alone = await run(logs)
    expect(alone.incidents.length).toBeGreaterThan(3)
    const pool = startWorkers(count)
    try {
      const { report } = await runWith(createSurveyor(pool, 0))
      expect(report).toBe(renderIncidents(alone))
    } finally {
      await pool.close()
    }
  })

  test('are left to this thread where workers would be in its way', async () => {
    const pool = startWorkers(1)
    const { work } = await runWith(createSurveyor(pool))
    // A pool that was not asked has nothing to end.
    await pool.close()
    expect(work.tasks.map(({ metric }) => metric)).toContain('traffic_share')
    expect(work.taken[0]).toBeGreaterThanOrEqual(work.tasks.length)
  })

  test('that a worker took and did not finish are made here', async () => {
    const { report, work } = await runWith(async (work) => {
      Atomics.add(work.taken, 0, 2)
      return async () => new Map()
    })
    expect(report).toBe(renderIncidents(await run(logs)))
    const finish = await beginSurveys({ ...work, taken: new Int32Array([work.tasks.length]) }, null)
    expect((await finish()).length).toBe(work.tasks.length)
  })
})

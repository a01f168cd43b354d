import { expect, test } from 'bun:test'
import { buildLogs, FIXTURE_START } from './logs/log-fixture.ts'
import { createRandom } from './math/random.ts'
import { run } from './run.ts'

test('the report says what was too small to be seen', async () => {
  const random = createRandom(3)
  const endpoints = ['GET /busy', 'GET /busy', 'GET /busy', 'GET /busy', 'GET /quiet']
  const rows = Array.from({ length: 6000 }, (_, i) => ({
    time: FIXTURE_START + i * 30_000,
    endpoint: random() < 0.006 ? 'GET /rare' : endpoints[Math.floor(random() * 5)],
    status: random() < 0.005 ? 500 : 200,
  }))
  const { notes } = await run(buildLogs(rows))
  const seen = notes.find((note) => note.startsWith('An error spike')) ?? ''
  const shares = [...seen.matchAll(/([\d.]+) % in ([^,]+?)[,.]?(?= |$)/g)].map(([, share]) => Number(share))
  expect(seen).toContain('in all traffic')
  expect(shares[0]).toBeGreaterThan(0.5)
  expect(shares[1]).toBeGreaterThan(shares[0])
  expect(notes.join(' ')).toMatch(/In GET \/rare an error spike of .* has too few requests to be seen at any share\./)
})

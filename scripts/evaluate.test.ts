import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PAIR_FAMILIES, playCleanPair } from './evaluate/pairs.ts'
import { playReduced, type Reduced } from './evaluate/reduced.ts'
import { evaluate } from './evaluate.ts'

const size = { rows: 50_000, days: 14, form: 'csv' } as const
/** What the reduced scoreboard finds and raises; `UPDATE_GOLDEN=1 bun test scripts/evaluate.test.ts` rewrites it. */
const FOUND = join(import.meta.dir, '../fixtures/quality/found.json')

test('planted incidents are found with the right category and scope, and little else is', async () => {
  const { found, planted, surplus } = await evaluate([9], { ...size, clean: false })
  expect(planted).toBe(8)
  expect(found).toBeGreaterThanOrEqual(7)
  expect(surplus).toBe(0)
}, 60_000)

test('clean logs give nothing above low', async () => {
  const { surplus, lines } = await evaluate([1], { ...size, clean: true })
  expect({ surplus, lines: lines.filter((line) => line.startsWith('  ')) }).toEqual({ surplus: 0, lines: [] })
}, 60_000)

test('no family loses an incident that was found before, and no clean run raises one', async () => {
  const now = await playReduced()
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(FOUND), { recursive: true })
    writeFileSync(FOUND, `${JSON.stringify(now, null, 2)}\n`)
  }
  const before: Reduced = JSON.parse(readFileSync(FOUND, 'utf8'))
  expect(before.found.length).toBeGreaterThanOrEqual(15)
  const lost = before.found.filter((line) => !now.found.includes(line))
  const raised = now.raised.filter((line) => !before.raised.includes(line))
  expect({ lost, raised }).toEqual({ lost: [], raised: [] })
}, 120_000)

test('pairs of clean runs bring nothing new', async () => {
  const raised = [
    ...(await playCleanPair(PAIR_FAMILIES[0], 1, 0.3)),
    ...(await playCleanPair(PAIR_FAMILIES.find(({ name }) => name === 'low traffic')!, 2)),
    ...(await playCleanPair(PAIR_FAMILIES.find(({ name }) => name === '6 hours')!, 3)),
    ...(await playCleanPair(PAIR_FAMILIES.find(({ name }) => name === 'nine days with a deep weekend')!, 4)),
  ]
  expect(raised).toEqual([])
}, 60_000)

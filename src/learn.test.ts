import { expect, test } from 'bun:test'
import { buildFeatures } from './features.ts'
import { learn } from './learn.ts'
import { buildLogs, type FixtureRow } from './logs/log-fixture.ts'
import { DEFAULT_SETTINGS } from './types.ts'

/** Endpoints with 100 fields each, the later the busier, in two versions. */
const lesson = (endpoints: number) => {
  const rows = Array.from({ length: endpoints }, (_, route) => {
    const body = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${route}_${i}`, 1]))
    return ['1', '2'].flatMap((version) =>
      Array.from({ length: 5 + route }, (): FixtureRow => ({ endpoint: `GET /${route}`, version, body })),
    )
  })
  return learn(buildFeatures(buildLogs(rows.flat()), null, DEFAULT_SETTINGS), [], null).endpoints
}

test('a few endpoints are learnt with all of their fields, each version apart', () => {
  const facts = lesson(10)
  expect(facts).toHaveLength(20)
  for (const { bodies, fields, requests } of facts) {
    expect(bodies).toBe(requests)
    expect(fields).toHaveLength(100)
  }
})

test('of many, the fields of the busiest are learnt, of all versions together', () => {
  const facts = lesson(150)
  expect(facts.map(({ endpoint }) => endpoint)).toEqual(Array.from({ length: 150 }, (_, i) => `GET /${149 - i}`))
  const taught = facts.filter(({ bodies }) => bodies > 0)
  expect(taught).toEqual(facts.slice(0, taught.length))
  expect(taught.length).toBeGreaterThan(80)
  expect(taught.length).toBeLessThan(145)
  for (const { fields, bodies, requests } of taught) expect([fields.length, bodies]).toEqual([100, requests])
  for (const { fields } of facts.slice(taught.length)) expect(fields).toEqual([])
})

import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { buildEndpointFacts } from './endpoint-facts.ts'

const facts = (rows: readonly FixtureRow[]) => buildEndpointFacts(buildLogs(rows).table)
const answers = (count: number, body: (i: number) => unknown, row: FixtureRow = {}) =>
  Array.from({ length: count }, (_, i): FixtureRow => ({ endpoint: 'GET /orders', body: body(i), ...row }))

describe('what bodies teach', () => {
  test('is kinds of content, and fields with their types', () => {
    const [orders] = facts([
      ...answers(40, (i) => ({ id: i % 2 === 0 ? 1 : 'a', items: i < 10 ? [] : [1] })),
      ...answers(3, () => []),
      ...answers(2, () => '<html>'),
      ...answers(5, () => undefined),
    ])
    expect(orders).toMatchObject({
      requests: 50,
      contents: { 'empty json array': 3, html: 2, 'json object': 40 },
      bodies: 40,
      fields: [
        { name: 'id', types: { number: 20, string: 20 }, empty: 0 },
        { name: 'items', types: { array: 40 }, empty: 10 },
      ],
    })
  })

  test('comes from 2xx answers that are no failures', () => {
    const [orders] = facts([
      ...answers(9, () => ({ id: 1 })),
      ...answers(9, () => ({ message: 'no' }), { status: 404 }),
      ...answers(9, () => ({ error: 'no' }), { invalid: 'body has "error"' }),
      // Only the last baseline says so: what no incident took away is usual.
      ...answers(9, () => ({ id: 1 }), { invalid: 'field `total` missing (0 of 1,234 before)' }),
    ])
    expect(orders).toMatchObject({ bodies: 18, fields: [{ name: 'id', types: { number: 18 } }] })
  })

  test('is nothing of single requests', () => {
    const [orders] = facts(answers(400, (i) => ({ id: 1, [`user${i}`]: 1, ...(i < 3 ? { rare: 1 } : {}) })))
    expect(orders.fields.map(({ name }) => name)).toEqual(['id'])
    const [few] = facts(answers(2, () => ({ id: 1 })))
    expect(few).toMatchObject({ bodies: 0, fields: [] })
  })
})

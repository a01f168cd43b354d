import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

const recording = readFileSync(join(import.meta.dir, '../../../fixtures/formats/recording.har'), 'utf8')
const read = (text: string) => readLogs([sourceOf('a.har', text)])

test('HAR: entries with what their bodies and headers say', async () => {
  const logs = await read(recording)
  expect([logs.formats, logs.plannedTraffic, logs.rejectedCount]).toEqual([['har'], true, 0])
  expect(rowsOf(logs)).toEqual([
    {
      line: 1,
      time: '09:00:00.120Z',
      status: 200,
      ms: 48.5,
      bytes: 2210,
      service: 'shop.example',
      endpoint: 'GET /items/{id}',
      payload: 'valid',
    },
    {
      line: 2,
      time: '09:00:01.000Z',
      status: 200,
      ms: 9.5,
      bytes: 61,
      service: 'api.shop.example',
      endpoint: 'POST /graphql',
      payload: 'body has non-empty "errors"',
    },
    {
      line: 3,
      time: '09:00:02.000Z',
      status: 200,
      ms: 12,
      bytes: 80,
      service: 'shop.example',
      endpoint: 'GET /items/{id}',
      payload: 'body has "error"',
    },
    {
      line: 4,
      time: '09:00:03.000Z',
      status: 200,
      ms: 7,
      bytes: 33,
      service: 'shop.example',
      endpoint: 'GET /items/{id}',
      payload: 'body is HTML where JSON is due',
    },
    {
      line: 5,
      time: '09:00:04.000Z',
      status: 200,
      ms: 20,
      bytes: 0,
      service: 'api.shop.example',
      endpoint: 'POST /shop.Cart/Add',
      payload: 'gRPC status is not 0 under HTTP 2xx',
    },
    { line: 6, time: '09:00:05.000Z', outcome: 'no response', service: 'metrics.example', endpoint: 'GET /beacon' },
  ])
  expect(logs.table.excerpts.get(1)).toContain('cart is locked')
})

test('a schema judges the bodies of its route', async () => {
  const schemas = new Map([['GET /items/{item}', () => '/currency is missing']])
  const { table } = await readLogs([sourceOf('a.har', recording)], { schemas })
  expect(table.reasons[table.reason[0]]).toBe('body breaks its schema: /currency is missing')
})

test('a recording that was cut, one line as well as many, gives what it has', async () => {
  for (const text of [recording, JSON.stringify(JSON.parse(recording))]) {
    const { table, notes } = await read(text.slice(0, text.indexOf('beacon')))
    expect(table.rows).toBe(5)
    expect(notes).toContain('a.har: ends within its JSON; what comes before was read.')
  }
})

test('a body of many megabytes does not get in the way', async () => {
  const entry = JSON.parse(recording).log.entries[0]
  entry.response.content.text = 'A'.repeat(8_000_000)
  const { table, notes } = await read(JSON.stringify({ log: { version: '1.2', creator: {}, entries: [entry] } }))
  expect(table.rows).toBe(1)
  expect(notes.join('\n')).toContain('1 bodies longer than 64 KiB were not examined')
})

test('a plan of requests without responses is refused', () => {
  const plan = {
    log: {
      version: '1.2',
      entries: [{ startedDateTime: '2026-03-02T09:00:00Z', request: { method: 'GET', url: '/' } }],
    },
  }
  expect(read(JSON.stringify(plan))).rejects.toThrow('have no responses: a plan of requests, no record')
})

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

const kibana = readFileSync(join(import.meta.dir, '../../../fixtures/formats/kibana.json'))
const read = (content: string | Uint8Array) => readLogs([sourceOf('a.json', content)])
const record = (second: number) => `{"time":${1772442000 + second},"status":${200 + second},"events":[{"time":1}]}`

describe('json', () => {
  test('reads a search result of Elasticsearch: _source and fields, other messages left out', async () => {
    const logs = await read(kibana)
    expect(logs.formats).toEqual(['json'])
    expect(rowsOf(logs)).toEqual([
      {
        line: 9,
        time: '09:00:00.120Z',
        status: 200,
        ms: 41,
        bytes: 310,
        service: 'cart',
        endpoint: 'GET /cart/{id}',
        region: 'eu-west-1',
        environment: 'production',
        version: '7.2',
      },
      {
        line: 22,
        time: '09:00:01.000Z',
        status: 503,
        ms: 2000,
        service: 'cart',
        endpoint: 'POST /cart/{id}/checkout',
        region: 'us-east-1',
        environment: 'production',
        version: '7.2',
      },
    ])
  })

  test.each([
    ['an array on one line: numbers of records', `[${record(0)},${record(1)}]`, [1, 2]],
    ['an array on lines', `[\n${record(0)},\n${record(1)}\n]\n`, [2, 3]],
    ['a list in an object', `{"count":2,"nextToken":null,"records":[${record(0)},${record(1)}]}`, [1, 2]],
    [
      'CloudWatch events with JSON in their message',
      `{"events":[${[0, 1].map((i) => `{"timestamp":1772442009000,"message":${JSON.stringify(record(i))}}`)}]}`,
      [1, 2],
    ],
    [
      'objects on lines of their own, as jq writes them',
      [0, 1].map((i) => JSON.stringify(JSON.parse(record(i)), null, 2)).join('\n'),
      [1, 10],
    ],
  ])('reads %s', async (_, text, lines) => {
    const logs = await read(text)
    expect(logs.formats).toEqual(['json'])
    expect(rowsOf(logs).map(({ line, time, status }) => [line, time, status])).toEqual([
      [lines[0], '09:00:00.000Z', 200],
      [lines[1], '09:00:01.000Z', 201],
    ])
  })

  test('a record per line that holds lists stays a record per line', async () => {
    const logs = await read(`${record(0)}\n`)
    expect(logs.formats).toEqual(['ndjson'])
    expect(rowsOf(logs)).toHaveLength(1)
  })

  test('rejects items that are no records, too deep or too long', async () => {
    const deep = `{"a":${'['.repeat(100)}${']'.repeat(100)}}`
    const many = `{"time":1772442000,"a":[${'"0123456789",'.repeat(400_000)}0]}`
    const long = `{"time":1772442000,"status":200,"body":"${'x'.repeat(9_000_000)}"}`
    const good = [0, 1, 2, 3, 4].map(record)
    const { table, rejected } = await read(`[\n${[...good, '7', deep, many, long].join(',\n')}\n]`)
    expect(table.rows).toBe(6)
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [7, 'an item must be a JSON object'],
      [8, 'JSON must not be nested deeper than 64'],
      [9, 'an item must not be longer than 4 MiB'],
    ])
  })

  test('reads what a cut array has, and says so', async () => {
    const { table, rejected, notes } = await read(`[${record(0)},${record(1)},{"time":177`)
    expect([table.rows, rejected.length]).toEqual([2, 1])
    expect(notes).toContain('a.json: ends within its JSON; what comes before was read.')
  })
})

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../input-error.ts'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../fixtures/formats', name))
const read = (name: string) => readLogs([sourceOf(name, fixture(name))])

test('k6 JSON: a row per http_req_duration, started when it says, with its failed check', async () => {
  const logs = await read('k6.json')
  expect([logs.formats, logs.plannedTraffic]).toEqual([['k6-json'], true])
  expect(rowsOf(logs)).toEqual([
    {
      line: 6,
      time: '09:00:00.249Z',
      status: 200,
      ms: 250.5,
      endpoint: 'GET /items/{id}',
      region: 'eu-west-1',
      payload: 'valid',
    },
    {
      line: 12,
      time: '09:00:01.130Z',
      status: 200,
      ms: 120,
      endpoint: 'POST /orders',
      region: 'eu-west-1',
      payload: 'failed k6 check "order has an id"',
    },
    // Its own status failed, so the check that failed at this moment is its.
    { line: 18, time: '09:00:01.910Z', status: 500, ms: 90, endpoint: 'GET /items/{id}' },
    { line: 22, time: '09:00:01.920Z', status: 200, ms: 80, endpoint: 'GET /items/{id}', payload: 'valid' },
    { line: 28, time: '09:00:03.000Z', outcome: 'no response', ms: 30000, endpoint: 'GET Item page' },
    {
      line: 31,
      time: '09:00:33.980Z',
      status: 200,
      ms: 20,
      endpoint: 'DELETE /orders/{id}',
      payload: 'k6 did not expect this response',
    },
  ])
  expect(logs.rejectedCount).toBe(0)
  expect(logs.notes.join('\n')).toContain('1 failed check follows no request of the same scenario and group')
  expect(logs.notes.join('\n')).toContain('--system-tags with vu and iter makes that exact')
})

test('k6 CSV: tags of its own, seconds, and checks tied by virtual user', async () => {
  const logs = await read('k6.csv')
  expect([logs.formats, logs.plannedTraffic]).toEqual([['k6-csv'], true])
  expect(rowsOf(logs)).toEqual([
    {
      line: 3,
      time: '09:00:00.749Z',
      status: 200,
      ms: 250.5,
      endpoint: 'GET /items/{id}',
      region: 'eu-west-1',
      payload: 'failed k6 check "has a price"',
    },
    {
      line: 4,
      time: '09:00:00.920Z',
      status: 200,
      ms: 80,
      endpoint: 'GET /items/{id}',
      region: 'eu-west-1',
      payload: 'valid',
    },
    { line: 7, time: '09:00:02.000Z', outcome: 'no response', ms: 30000, endpoint: 'GET Item page' },
  ])
  expect(logs.rejected.map(({ line, reason }) => [line, reason])).toEqual([
    [8, "a row must have the header's 19 cells, got 3"],
  ])
  expect(logs.notes.join('\n')).not.toContain('makes that exact')
})

describe('checks of k6', () => {
  const tags = (more: object) => ({ scenario: 's', group: '', ...more })
  const point = (metric: string, ms: number, value: number, more: object) =>
    JSON.stringify({
      type: 'Point',
      metric,
      data: { time: new Date(1772442000000 + ms).toISOString(), value, tags: tags(more) },
    })
  const request = (ms: number, more: object = {}) =>
    point('http_req_duration', ms, 5, { method: 'GET', name: '/a', url: 'https://x.example/a', status: '200', ...more })
  const check = (ms: number, value: number, more: object = {}) => point('checks', ms, value, { check: 'c', ...more })
  const failed = async (...lines: string[]) =>
    rowsOf(await readLogs([sourceOf('a', lines.join('\n'))]))
      .filter(({ payload }) => String(payload).startsWith('failed'))
      .map(({ line }) => line)

  test('belong to the nearest request before them that has not had them', async () => {
    expect(await failed(request(0), check(1, 1), request(10), check(11, 0))).toEqual([3])
    expect(await failed(request(0), request(10), check(11, 0), check(12, 1))).toEqual([2])
    expect(await failed(request(0), request(10), check(11, 1), check(12, 0))).toEqual([1])
  })

  test('belong to their own scenario, group and URL', async () => {
    expect(await failed(request(0, { scenario: 't' }), request(1), check(2, 0, { scenario: 't' }))).toEqual([1])
    expect(await failed(request(0, { group: '::g' }), request(1), check(2, 0, { group: '::g' }))).toEqual([1])
    expect(await failed(request(0, { url: 'u' }), request(1), check(2, 0, { url: 'u' }))).toEqual([1])
    expect(await failed(request(0), check(1, 0, { scenario: 'other' }))).toEqual([])
  })

  test('still find their request after thousands of others', async () => {
    const many = Array.from({ length: 9_000 }, (_, i) => request(i, { scenario: 'many' }))
    expect(await failed(...many, request(9_500), ...many.slice(0, 500), check(9_999, 0))).toEqual([9_001])
  })

  test('a stream without HTTP is refused', async () => {
    const error = await readLogs([sourceOf('a', check(0, 1))]).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toContain('has no http_req_duration point')
  })
})

import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom } from '../../math/random.ts'
import { InputError } from '../input-error.ts'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

/** Written with hyparquet-writer: two row groups, Snappy, a millisecond timestamp, 64-bit numbers, nulls. */
const requests = readFileSync(join(import.meta.dir, '../../../fixtures/formats/requests.parquet'))
const read = (bytes: Uint8Array) => readLogs([sourceOf('a.parquet', bytes)])

test('Parquet: columns by name, 64-bit numbers, timestamps, nulls, all row groups', async () => {
  const logs = await read(requests)
  expect(logs.formats).toEqual(['parquet'])
  const shared = { service: 'orders', region: 'eu-west-1' }
  expect(rowsOf(logs)).toEqual([
    {
      line: 1,
      time: '09:00:00.120Z',
      status: 200,
      ms: 48.5,
      bytes: 2210,
      endpoint: 'GET /v2/orders/{id}',
      ...shared,
      payload: 'valid',
    },
    {
      line: 2,
      time: '09:00:01.300Z',
      status: 201,
      ms: 131,
      bytes: 540,
      endpoint: 'POST /v2/orders',
      ...shared,
      payload: 'valid',
    },
    {
      line: 3,
      time: '09:00:01.900Z',
      status: 200,
      ms: 88,
      bytes: 61,
      endpoint: 'POST /v2/orders',
      ...shared,
      region: 'us-east-1',
      payload: '"payload_valid" is false',
    },
    { line: 4, time: '09:00:02.500Z', status: 503, ms: 2004.25, endpoint: 'GET /v2/orders/{id}', ...shared },
    {
      line: 5,
      time: '09:00:03.000Z',
      outcome: 'no response',
      ms: 30000,
      endpoint: 'GET /v2/orders/{id}',
      ...shared,
      region: 'us-east-1',
    },
  ])
})

describe('a damaged Parquet file', () => {
  test('that was cut is refused in one line', async () => {
    const error = await read(requests.subarray(0, 1_000)).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toContain('a.parquet: the table of contents of this Parquet file cannot be read')
  })

  test('never crashes', async () => {
    const random = createRandom(5)
    let refused = 0
    for (let round = 0; round < 500; round++) {
      const bytes = requests.slice()
      for (let change = 0; change < 3; change++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      try {
        await read(bytes)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        refused++
      }
    }
    expect(refused).toBeGreaterThan(50)
  })
})

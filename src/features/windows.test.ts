import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DIMENSIONS, type LatencyColumns, SHARE_COLUMNS, SHARE_METRICS, type ShareMetric } from '../types.ts'
import { buildCombinations } from './combinations.ts'
import { buildGrid } from './grid.ts'
import { buildMembership, buildSlices, createVisit } from './slices.ts'
import { buildShareTest, buildWindowOf, buildWindows } from './windows.ts'

const SECOND = 1000

function outcomesOf(metric: ShareMetric, rows: readonly FixtureRow[], slow: readonly number[] = []) {
  const { table } = buildLogs(rows)
  const latency: LatencyColumns = { slow: Uint8Array.from(slow), usualMs: new Float32Array(rows.length) }
  return rows.map((_, row) => buildShareTest(table, latency, metric)(row))
}

describe('what counts, and what is bad', () => {
  test('silent failures: invalid payloads of 2xx', () => {
    const rows = [
      { invalid: 'x' },
      { invalid: '' },
      {},
      { status: 204 },
      { status: 500, invalid: 'x' },
      { status: null },
    ]
    expect(outcomesOf('silent_failure_share', rows)).toEqual([1, 0, 0, 0, -1, -1])
  })

  test('server errors: 5xx and missing answers', () => {
    const rows = [503, 0, 499, 200, 302, 404, null].map((status) => ({ status }))
    expect(outcomesOf('server_error_share', rows)).toEqual([1, 1, 1, 0, 0, 0, -1])
  })

  test('client errors: 4xx', () => {
    const rows = [401, 404, 429, 499, 200, 503, null].map((status) => ({ status }))
    expect(outcomesOf('client_error_share', rows)).toEqual([1, 1, 1, 0, 0, 0, -1])
  })

  test('slow requests: as the latency says', () => {
    expect(outcomesOf('slow_share', [{}, {}, {}], [1, 0, 2])).toEqual([1, 0, -1])
  })
})

test('counts of every slice and window are those of a loop over the rows', () => {
  const random = createRandom(5)
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]
  const { table } = buildLogs(
    Array.from({ length: 600 }, () => ({
      time: Math.floor(random() * 20) * SECOND,
      endpoint: pick(['GET /a', 'GET /b']),
      region: pick(['eu', 'us', '']),
      status: pick([200, 200, 404, 500, 0, null]),
      ...pick([{}, { invalid: '' }, { invalid: 'broken' }]),
    })),
  )
  const { grid } = buildGrid(table, 2 * SECOND)
  const { sliceTable } = buildSlices(table, { dimensions: DIMENSIONS, minRequests: 1, maxSlices: 100 })
  const latency = {
    slow: Uint8Array.from({ length: 600 }, () => pick([0, 1, 2])),
    usualMs: new Float32Array(600),
  }
  const windowOf = buildWindowOf(table, grid)
  const combinations = buildCombinations(table)
  const membership = buildMembership(table, sliceTable, combinations)
  const testOf = (metric: ShareMetric) => buildShareTest(table, latency, metric)
  const windows = buildWindows(table, grid, windowOf, sliceTable, combinations, membership, testOf)
  const size = sliceTable.slices.length * grid.windows
  const requests = new Uint32Array(size)
  const expected = SHARE_METRICS.map(() => ({ bad: new Uint32Array(size), total: new Uint32Array(size) }))
  for (let row = 0; row < table.rows; row++) {
    createVisit(combinations, membership)(row, (slice) => {
      const at = slice * grid.windows + windowOf[row]
      requests[at]++
      for (const [i, metric] of SHARE_METRICS.entries()) {
        const outcome = buildShareTest(table, latency, metric)(row)
        if (outcome >= 0) expected[i].total[at]++
        if (outcome === 1) expected[i].bad[at]++
      }
    })
  }
  expect(windows.requests).toEqual(requests)
  for (const [i, metric] of SHARE_METRICS.entries()) {
    const { bad, total } = SHARE_COLUMNS[metric]
    expect({ bad: windows[bad], total: windows[total] }).toEqual(expected[i])
  }
})

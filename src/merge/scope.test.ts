import { describe, expect, test } from 'bun:test'
import { buildFeatures } from '../features.ts'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DEFAULT_SETTINGS, type Scope, type ShareFindings } from '../types.ts'
import { searchScopes } from './scope.ts'
import { buildScopeSeries } from './scope-series.ts'

const MINUTE = 60_000
const WINDOWS = 10
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE }
const SERVICE_OF = { 'GET /cart': 'shop', 'GET /items': 'shop', 'POST /pay': 'pay', 'GET /me': 'users' }
const ENDPOINTS = ['GET /cart', 'GET /items', 'POST /pay', 'GET /me'] as const
const REGIONS = ['eu', 'us', 'ap']

/** A request of a random place; one in 200 fails by chance, and what `fails` says. */
function drawRows(
  seed: number,
  fails: (row: FixtureRow) => boolean,
  place: (row: FixtureRow) => FixtureRow = (row) => row,
) {
  const random = createRandom(seed)
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]
  return Array.from({ length: 4000 }, (_, i) => {
    const endpoint = pick(ENDPOINTS)
    const row = place({
      time: i * (MINUTE / 40),
      service: SERVICE_OF[endpoint],
      endpoint,
      region: pick(REGIONS),
      version: pick(['1', '2']),
    })
    return { ...row, status: fails(row) || random() < 0.005 ? 500 : 200 }
  })
}

/** @param shareOf the share that is usual in a slice */
function search(
  rows: readonly FixtureRow[],
  removed: (row: FixtureRow) => boolean = () => false,
  shareOf: (scope: Scope) => number = () => 0.005,
): Scope {
  const features = buildFeatures(buildLogs(rows), null, SETTINGS)
  const judgeOf = (share: number) => ({ judge: () => ({ bad: 0, total: 0, share, precision: 1000 }) })
  const usual: ShareFindings = {
    findings: [],
    tests: [],
    judges: features.sliceTable.slices.map(({ scope }) => judgeOf(shareOf(scope))),
    fit: () => judgeOf(0.005),
    logP: () => 0,
  }
  const gone = Uint8Array.from(rows, (row) => (removed(row) ? 1 : 0))
  return searchScopes({ features, findings: usual, metric: 'server_error_share', removed: gone }, 0, WINDOWS)[0]
}

describe('the scope', () => {
  test.each([
    ['an endpoint in a region of a version', { endpoint: 'GET /cart', region: 'eu', version: '2' }],
    ['a region of a version', { region: 'eu', version: '2' }],
    ['an endpoint whose regions and versions all fail alike', { endpoint: 'GET /cart' }],
    ['a region whose endpoints all fail alike', { region: 'us' }],
    ['a service whose endpoints all fail alike', { service: 'shop' }],
    ['a version', { version: '1' }],
    ['everything, when everything fails alike', {}],
  ] as const)('of %s is exactly that', (_, fault: Scope) => {
    for (const share of [0.2, 0.6, 1]) {
      const random = createRandom(77)
      const fails = (row: FixtureRow) =>
        Object.entries(fault).every(([name, value]) =>
          Object.entries(row).some(([key, own]) => key === name && own === value),
        ) && random() < share
      const scope = search(drawRows(3, fails))
      expect(scope).toEqual(fault)
      expect(Object.keys(scope)).toEqual(Object.keys(fault))
    }
  })

  test('of a few failures is where their siblings are well, whoever had a bad request before', () => {
    const fails = ({ endpoint, region, time }: FixtureRow) =>
      endpoint === 'GET /cart' && region === 'eu' && (Number(time) / (MINUTE / 40)) % 10 === 0
    const rows = drawRows(12, fails).map((row) => ({ ...row, status: fails(row) ? 500 : 200 }))
    // Of the few bad requests before most were in this region, so that it alone is where more are expected.
    const usual = ({ region }: Scope) => (region === undefined ? 0.0005 : region === 'eu' ? 0.002 : 0.00005)
    expect(search(rows, undefined, usual)).toEqual({ endpoint: 'GET /cart', region: 'eu' })
  })

  test('of a service is named by it, not by the version that holds the same requests', () => {
    const ownVersion = (row: FixtureRow) => ({ ...row, version: row.service === 'shop' ? '7' : '1' })
    expect(search(drawRows(4, ({ service }) => service === 'shop', ownVersion))).toEqual({ service: 'shop' })
  })

  test('of a service is named by it while a few healthy requests of its old version prove nothing', () => {
    const index = ({ time }: FixtureRow) => Number(time) / (MINUTE / 40)
    const place = (row: FixtureRow) => ({ ...row, version: `${row.service}-${index(row) % 40 === 1 ? '1' : '2'}` })
    const failsIn = (wanted: number) => (row: FixtureRow) => row.version === 'pay-2' && index(row) % wanted === 0
    const healthy = (row: FixtureRow) => (row.version === 'pay-1' ? { ...row, status: 200 } : row)
    expect(search(drawRows(31, failsIn(10), place).map(healthy))).toEqual({ service: 'pay' })
    expect(search(drawRows(31, failsIn(2), place).map(healthy))).toEqual({ version: 'pay-2' })
  })

  test('of a service with one endpoint is the service', () => {
    expect(search(drawRows(4, ({ endpoint }) => endpoint === 'POST /pay'))).toEqual({ service: 'pay' })
  })

  test('is the next one once the rows of the first are taken out', () => {
    const isFirst = ({ region, version }: FixtureRow) => region === 'eu' && version === '1'
    const isSecond = ({ endpoint, region }: FixtureRow) => endpoint === 'GET /me' && region === 'ap'
    const rows = drawRows(5, (row) => isFirst(row) || isSecond(row))
    expect(search(rows)).toEqual({ region: 'eu', version: '1' })
    expect(search(rows, isFirst)).toMatchObject({ region: 'ap' })
    expect(search(rows, (row) => isFirst(row) || isSecond(row))).toEqual({})
  })

  test('is not who always fails, but who fails more than usual', () => {
    const random = createRandom(78)
    const rows = drawRows(9, ({ endpoint, region }) =>
      endpoint === 'GET /me' ? random() < 0.25 : endpoint === 'GET /items' && region === 'eu' && random() < 0.3,
    )
    expect(search(rows)).not.toHaveProperty('region')
    const usual = ({ endpoint }: Scope) => (endpoint === undefined ? 0.07 : endpoint === 'GET /me' ? 0.25 : 0.007)
    expect(search(rows, undefined, usual)).toEqual({ endpoint: 'GET /items', region: 'eu' })
  })

  test('has no unknown values', () => {
    const nowhere = (row: FixtureRow) => ({ ...row, region: row.region === 'ap' ? '' : row.region! })
    expect(search(drawRows(6, ({ region }) => region === '', nowhere))).toEqual({})
  })

  test('of nothing bad is everything', () => {
    expect(search(drawRows(7, () => false).map((row) => ({ ...row, status: 200 })))).toEqual({})
  })
})

test('series of scopes are counts by window without removed rows', () => {
  const rows = drawRows(8, ({ region }) => region === 'eu')
  const features = buildFeatures(buildLogs(rows), null, SETTINGS)
  const removed = Uint8Array.from(rows, (_, row) => (row % 3 === 0 ? 1 : 0))
  const scopes: Scope[] = [{}, { region: 'eu', version: '1' }, { region: 'mars' }]
  const series = scopes.map((scope) => buildScopeSeries(features, 'server_error_share', scope, removed))
  const [whole, cell, nothing] = scopes.map((_, i) =>
    Array.from({ length: WINDOWS }, (_, w) => [series[i].bad[w], series[i].total[w]]),
  )
  const count = (inside: (row: FixtureRow) => boolean, w: number) => {
    const own = rows.filter((row, i) => i % 3 !== 0 && Math.floor(i / 400) === w && inside(row))
    return [own.filter(({ status }) => status === 500).length, own.length]
  }
  expect(whole).toEqual(whole.map((_, w) => count(() => true, w)))
  expect(cell).toEqual(cell.map((_, w) => count(({ region, version }) => region === 'eu' && version === '1', w)))
  expect(nothing).toEqual(nothing.map(() => [0, 0]))
})

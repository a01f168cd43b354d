import { describe, expect, test } from 'bun:test'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DIMENSIONS, type LogTable, type Scope } from '../types.ts'
import { buildCombinations } from './combinations.ts'
import { buildMembership, buildSlices, createVisit, markScope, type SliceOptions } from './slices.ts'

const ALL: SliceOptions = { dimensions: DIMENSIONS, minRequests: 1, maxSlices: 1000 }
const slicesOf = (rows: readonly FixtureRow[], options: Partial<SliceOptions> = {}) => {
  const { sliceTable, notes } = buildSlices(buildLogs(rows).table, { ...ALL, ...options })
  return { scopes: sliceTable.slices.map(({ scope }) => scope), slices: sliceTable.slices, notes }
}
/** Two endpoints in each of two regions. */
const SQUARE: FixtureRow[] = [
  { endpoint: 'GET /a', region: 'eu' },
  { endpoint: 'GET /a', region: 'us' },
  { endpoint: 'GET /b', region: 'eu' },
  { endpoint: 'GET /b', region: 'us' },
]

describe('slices', () => {
  test('are the whole, single values, and pairs', () => {
    expect(slicesOf(SQUARE).scopes).toEqual([
      {},
      { endpoint: 'GET /a' },
      { endpoint: 'GET /b' },
      { region: 'eu' },
      { region: 'us' },
      ...SQUARE.map(({ endpoint, region }) => ({ endpoint: endpoint!, region: region! })),
    ])
  })

  test('know their requests, level and parents', () => {
    const { slices } = slicesOf(SQUARE)
    expect(slices[0]).toMatchObject({ level: 0, requests: 4, parents: [] })
    expect(slices[3]).toMatchObject({ level: 1, requests: 2, parents: [0] })
    expect(slices[8]).toEqual({ scope: { endpoint: 'GET /b', region: 'us' }, level: 2, requests: 1, parents: [2, 4] })
  })

  test('a dimension with one value narrows nothing', () => {
    expect(slicesOf(SQUARE.map((row) => ({ ...row, environment: 'prod' }))).scopes).toEqual(slicesOf(SQUARE).scopes)
  })

  test('a pair that equals one of its parts is left out', () => {
    const nested = SQUARE.map((row) => ({
      service: row.endpoint === 'GET /a' ? 'one' : 'two',
      endpoint: row.endpoint!,
    }))
    expect(slicesOf(nested).scopes).toEqual([
      {},
      { service: 'one' },
      { service: 'two' },
      { endpoint: 'GET /a' },
      { endpoint: 'GET /b' },
    ])
  })

  test('unknown values make no slice', () => {
    expect(slicesOf([{ region: 'eu' }, {}, {}]).scopes).toEqual([{}, { region: 'eu' }])
  })

  test('with too few requests are not watched', () => {
    expect(slicesOf(SQUARE, { minRequests: 2 }).scopes).toHaveLength(5)
  })

  test('are cut by the dimensions asked for', () => {
    expect(slicesOf(SQUARE, { dimensions: ['region'] }).scopes).toEqual([{}, { region: 'eu' }, { region: 'us' }])
  })

  test('too many pairs: the busiest are watched, and a note says so', () => {
    const { scopes, notes } = slicesOf([...SQUARE, SQUARE[2], SQUARE[2]], { maxSlices: 6 })
    expect(scopes.slice(5)).toEqual([{ endpoint: 'GET /b', region: 'eu' }])
    expect(notes).toEqual([
      '3 of 4 pairs of dimensions were not watched: the 1 busiest were, from 3 requests up; the busiest left out is endpoint GET /a, region eu with 1 requests.',
    ])
  })

  test('too many values: the busiest are watched, and nothing that a left out one is part of', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      endpoint: `GET /${Math.floor(Math.sqrt(i))}`,
      region: i % 2 === 0 ? 'eu' : 'us',
    }))
    const { slices, notes } = slicesOf(rows, { maxSlices: 5 })
    expect(slices.map(({ scope, requests }) => [scope.endpoint ?? scope.region ?? 'all', requests])).toEqual([
      ['all', 100],
      ['eu', 50],
      ['us', 50],
      ['GET /9', 19],
      ['GET /8', 17],
    ])
    expect(notes).toEqual([
      '8 of 12 values of dimensions were not watched: the 4 busiest were, from 17 requests up; the busiest left out is endpoint GET /7 with 15 requests.',
      '4 of 4 pairs of dimensions were not watched: none was; the busiest left out is endpoint GET /9, region us with 10 requests.',
    ])
  })

  test('never are more than asked for, however many values there are', () => {
    const random = createRandom(3)
    const rows = Array.from({ length: 500 }, () => ({
      endpoint: `GET /${Math.floor(random() * 60)}`,
      region: `r${Math.floor(random() * 20)}`,
      version: `v${Math.floor(random() * 10)}`,
    }))
    for (const maxSlices of [1, 2, 30, 90, 91, 200]) {
      expect(slicesOf(rows, { maxSlices }).scopes.length).toBeLessThanOrEqual(maxSlices)
    }
  })
})

const isInside = (table: LogTable, scope: Scope, row: number) => {
  const combinations = buildCombinations(table)
  return markScope(table, combinations, scope)[combinations.of[row]] === 1
}

test('membership, scopes and counts agree on random logs', () => {
  const random = createRandom(4)
  const pick = (values: readonly string[]) => values[Math.floor(random() * random() * values.length)]
  const rows = Array.from({ length: 400 }, () => ({
    service: pick(['a', 'b', '']),
    endpoint: pick(['GET /1', 'GET /2', 'POST /1', '']),
    region: pick(['eu', 'us', 'ap']),
    environment: pick(['prod', 'test']),
    version: pick(['1', '2', '3', '']),
  }))
  const { table } = buildLogs(rows)
  const { sliceTable } = buildSlices(table, ALL)
  const combinations = buildCombinations(table)
  const visitSlices = createVisit(combinations, buildMembership(table, sliceTable, combinations))
  const counts = sliceTable.slices.map(() => 0)
  for (let row = 0; row < table.rows; row++) {
    const visited: number[] = []
    visitSlices(row, (slice) => visited.push(slice))
    expect(visited.toSorted((a, b) => a - b)).toEqual(
      sliceTable.slices.flatMap(({ scope }, slice) => (isInside(table, scope, row) ? [slice] : [])),
    )
    for (const slice of visited) counts[slice]++
  }
  expect(counts).toEqual(sliceTable.slices.map(({ requests }) => requests))
  expect(counts.length).toBeGreaterThan(30)
})

test('a scope with a value that the log does not have holds no row', () => {
  const { table } = buildLogs(SQUARE)
  expect(isInside(table, { region: 'mars' }, 0)).toBe(false)
  expect(isInside(table, {}, 0)).toBe(true)
})

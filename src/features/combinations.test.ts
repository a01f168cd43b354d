import { expect, test } from 'bun:test'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DIMENSIONS, type LogTable } from '../types.ts'
import {
  buildCombinations,
  gatherValues,
  groupCombinations,
  listMembers,
  sortRows,
  sortValues,
} from './combinations.ts'

const random = createRandom(8)
const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)]
const { table } = buildLogs(
  Array.from({ length: 300 }, () => ({
    service: pick(['a', 'b', '']),
    endpoint: pick(['GET /1', 'GET /2', 'POST /1', '']),
    region: pick(['eu', 'us']),
    version: pick(['1', '2', '']),
    durationMs: random() < 0.2 ? Number.NaN : random(),
  })),
)
const namesOf = (log: LogTable, row: number) =>
  DIMENSIONS.map((dimension) => log.dimensions[dimension].values[log.dimensions[dimension].codes[row]]).join('|')
const combinations = buildCombinations(table)

test('rows have one number when they have the same values, in the order of first rows', () => {
  const first: string[] = []
  for (let row = 0; row < table.rows; row++) {
    const names = namesOf(table, row)
    if (!first.includes(names)) first.push(names)
    expect(combinations.of[row]).toBe(first.indexOf(names))
  }
  expect(combinations.count).toBe(first.length)
  expect([...combinations.rows].reduce((sum, rows) => sum + rows, 0)).toBe(table.rows)
})

test('as many values as nobody can list in an array are numbered all the same', () => {
  const many = buildLogs(
    Array.from({ length: 5000 }, (_, i) => ({ endpoint: `GET /${i % 2500}`, region: `r${i % 2000}` })),
  ).table
  const { count, of, codes } = buildCombinations(many)
  expect(count).toBe(5000)
  expect([of[0], of[4999]]).toEqual([0, 4999])
  expect(codes.region[4999]).toBe(many.dimensions.region.codes[4999])
})

test('groups hold the rows of their values, in order', () => {
  const groups = groupCombinations(combinations, ['endpoint', 'version'])
  const { offsets, sorted } = sortRows(combinations, groups, (row) => row % 3 > 0)
  const { endpoint, version } = table.dimensions
  for (const [group, combination] of groups.first.entries()) {
    const expected = Array.from({ length: table.rows }, (_, row) => row).filter(
      (row) =>
        row % 3 > 0 &&
        endpoint.codes[row] === combinations.codes.endpoint[combination] &&
        version.codes[row] === combinations.codes.version[combination],
    )
    expect([...sorted.subarray(offsets[group], offsets[group + 1])]).toEqual(expected)
  }
})

test('groups leave out what does not belong, and unknown values', () => {
  const named = groupCombinations(combinations, ['region'], (c) => combinations.codes.service[c] !== 0)
  const sorted = sortValues(combinations, table.durationMs)
  const values = listMembers(named).flatMap((members) => [...gatherValues(sorted, members)])
  const known = [...table.durationMs].filter(
    (value, row) => !Number.isNaN(value) && table.dimensions.service.codes[row] !== 0,
  )
  expect(values.sort()).toEqual(known.sort())
})

import { expect, test } from 'bun:test'
import { generateLog } from '../../src/logs/generate.ts'
import { spliceRecords } from './splice.ts'

const draw = (seed: number) => generateLog({ rows: 500, days: 1, seed, clean: true }).records

test('takes the untouched records of one log and the touched ones of the other, by time', () => {
  const [a, b] = [draw(1), draw(2)]
  const noon = a.time[0] + 12 * 3_600_000
  const joined = spliceRecords(a, b, (time) => time >= noon)
  const before = a.time.filter((time) => time < noon).length
  expect(joined.rows).toBe(before + b.time.filter((time) => time >= noon).length)
  expect(joined.time).toEqual(joined.time.slice().sort())
  expect(joined.bytes.slice(0, before)).toEqual(a.bytes.slice(0, before))
  expect(joined.durationMs.at(-1)).toBe(b.durationMs.at(-1)!)
})

test('touching nothing changes nothing', () => {
  const records = draw(1)
  expect(spliceRecords(records, draw(2), () => false)).toEqual(records)
})

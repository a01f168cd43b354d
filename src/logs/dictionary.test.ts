import { describe, expect, test } from 'bun:test'
import { Dictionary } from './dictionary.ts'

function build(values: readonly string[], limit: number) {
  const dictionary = new Dictionary(limit)
  values.forEach((value, row) => {
    dictionary.set(row, value)
  })
  const { column, folded } = dictionary.build(values.length, null)
  return { decoded: [...column.codes].map((code) => column.values[code]), values: column.values, folded }
}

describe('Dictionary', () => {
  test('gives the values back, the empty one as code 0', () => {
    const { decoded, values } = build(['b', '', 'a', 'b'], 10)
    expect(decoded).toEqual(['b', '', 'a', 'b'])
    expect(values).toEqual(['', 'b', 'a'])
  })

  test('keeps the most frequent values and folds the rest', () => {
    const { decoded, folded } = build(['rare', 'a', 'b', 'a', 'b', ''], 2)
    expect(decoded).toEqual(['{other}', 'a', 'b', 'a', 'b', ''])
    expect(folded).toBe(1)
  })

  test('stays bounded under endless distinct values, and keeps what is frequent', () => {
    const rows = 100_000
    const dictionary = new Dictionary(20)
    for (let row = 0; row < rows; row++) dictionary.set(row, row % 5 === 0 ? `hot${row % 3}` : `cold${row}`)
    const { column } = dictionary.build(rows, null)
    expect(column.values.length).toBeLessThanOrEqual(22)
    const decode = (row: number) => column.values[column.codes[row]]
    expect([decode(0), decode(5), decode(99_995)]).toEqual(['hot0', 'hot2', `hot${99_995 % 3}`])
    expect(column.codes.filter((code) => column.values[code] === '{other}').length).toBeGreaterThan(79_000)
  })

  test('forgets values whose rows are gone, and cuts very long ones', () => {
    const dictionary = new Dictionary(5)
    dictionary.set(0, 'x'.repeat(1000))
    dictionary.set(1, 'dropped')
    const { column } = dictionary.build(1, null)
    expect(column.values.length).toBe(2)
    expect(column.values[1].length).toBe(201)
  })
})

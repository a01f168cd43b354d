import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
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

  test('takes the codes of a block for the values that they stand for, also while it folds', () => {
    const random = createRandom(11)
    const draw = (count: number): number => Math.floor(random() * count)
    for (let round = 0; round < 200; round++) {
      const limit = 1 + draw(5)
      const one = new Dictionary(limit)
      const all = new Dictionary(limit)
      const kinds = 2 + draw(200)
      let rows = 0
      for (let block = 0; block < 6; block++) {
        const values = ['', ...Array.from({ length: 30 }, () => `v${draw(kinds)}`)]
        const codes = Uint32Array.from({ length: draw(300) }, () => draw(values.length))
        const [from, middle] = [0, codes.length >> 1]
        all.setCoded(rows, values, codes, from, middle)
        all.setCoded(rows + middle, values, codes, middle, codes.length)
        for (const code of codes) one.set(rows++, values[code])
      }
      // The last rows are taken back: they were of a file that cannot be used.
      const kept = rows - draw(2) * draw(rows + 1)
      expect(all.build(kept, null)).toEqual(one.build(kept, null))
    }
  })
})

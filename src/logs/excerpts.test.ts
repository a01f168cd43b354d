import { expect, test } from 'bun:test'
import { Excerpts, LONGEST_EXCERPT } from './excerpts.ts'

test('excerpts are kept up to three of a kind, shortened, and moved with their rows', () => {
  const excerpts = new Excerpts()
  let asked = 0
  const text = (row: number) => () => {
    asked++
    return `${row}`.padEnd(300, '.')
  }
  for (let row = 0; row < 8; row++) excerpts.keep(row, row % 2 === 0 ? 'even' : 'odd', text(row))
  expect(asked).toBe(6)
  excerpts.drop((row) => row === 2)

  expect([...excerpts.build(null).keys()]).toEqual([0, 1, 3, 4, 5])
  const order = Uint32Array.from([7, 6, 5, 4, 3, 2, 1, 0])
  const moved = [...excerpts.build(order)]
  expect(moved.map(([place, shown]) => [place, shown.slice(0, 2)])).toEqual([
    [2, '5.'],
    [3, '4.'],
    [4, '3.'],
    [6, '1.'],
    [7, '0.'],
  ])
  for (const [, shown] of moved) expect(shown).toHaveLength(LONGEST_EXCERPT)
})

import { describe, expect, test } from 'bun:test'
import { NumberColumns } from './number-columns.ts'

describe('columns of numbers', () => {
  test('keep what they hold when they grow, and come in the order that is asked for', () => {
    const columns = new NumberColumns()
    const rows = 5_000
    for (let row = 0; row < rows; row++) {
      if (row === columns.room) columns.grow(Number.NaN)
      columns.time[row] = rows - row
      columns.status[row] = row % 600
      columns.line[row] = row
    }
    const order = Uint32Array.from({ length: rows }, (_, place) => rows - 1 - place)
    const built = columns.build(rows, order)
    expect(built.time).toEqual(Float64Array.from({ length: rows }, (_, place) => place + 1))
    expect(built.line).toEqual(order)
    expect(built.status[0]).toBe((rows - 1) % 600)
  })

  test.each([
    ['nobody knows: twice as much', Number.NaN, 2_048],
    ['fewer rows than there is room for say nothing', 900, 2_048],
    ['as many as there will be, and some more', 5_000, 5_100],
    ['at least a quarter more', 1_030, 1_280],
    ['at most eight times as much at once', 1e9, 8_192],
  ])('make room: %s', (_, rows, room) => {
    const columns = new NumberColumns()
    columns.grow(rows)
    expect(columns.room).toBe(room)
    expect([columns.time.length, columns.payload.length]).toEqual([room, room])
  })
})

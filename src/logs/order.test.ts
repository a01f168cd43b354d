import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { ascendingOrder } from './order.ts'

describe('ascendingOrder', () => {
  test('leaves a sorted column alone', () => {
    expect(ascendingOrder(Float64Array.of(1, 1, 2, 9), 4)).toBeNull()
    expect(ascendingOrder(new Float64Array(8), 0)).toBeNull()
  })

  test('agrees with a stable sort, whatever the runs', () => {
    const random = createRandom(7)
    for (let round = 0; round < 200; round++) {
      const rows = Math.floor(random() * 60)
      const keys = Float64Array.from({ length: rows + 5 }, () => Math.floor(random() * 12))
      const expected = [...keys.subarray(0, rows).keys()].sort((a, b) => keys[a] - keys[b] || a - b)
      const order = ascendingOrder(keys, rows)
      expect(order === null ? [...Array(rows).keys()] : [...order]).toEqual(expected)
    }
  })
})

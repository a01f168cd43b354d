import { expect, test } from 'bun:test'
import { createSortRoom, sortRoom } from './radix.ts'
import { createRandom } from './random.ts'

const random = createRandom(5)

test.each([
  ['shares', () => random()],
  ['numbers of both signs and all sizes', () => (random() - 0.5) * 10 ** (40 * random() - 20)],
  ['few different ones', () => Math.floor(random() * 3) - 1],
  ['infinite ones', () => (random() < 0.5 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)],
])('sorts what Array.sort sorts: %s', (_, draw) => {
  const room = createSortRoom(300)
  for (let trial = 0; trial < 50; trial++) {
    const count = Math.floor(random() * 301)
    const values = Float32Array.from({ length: count }, draw)
    room.values.set(values)
    for (let i = 0; i < count; i++) room.carried[i] = i
    sortRoom(room, count)
    const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b)
    expect([...room.carried.subarray(0, count)]).toEqual(order)
    expect([...room.values.subarray(0, count)]).toEqual(order.map((i) => values[i]))
  }
})

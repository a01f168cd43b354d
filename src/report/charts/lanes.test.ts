import { expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { placeInLanes } from './lanes.ts'

interface Bar {
  readonly left: number
  readonly right: number
}

const place = (bars: readonly Bar[], maxLanes: number) =>
  placeInLanes(bars, { width: 1_000, maxLanes, position: (bar) => bar, label: () => 'label', labelWidth: () => 60 })

test('bars that leave room share a lane, others do not', () => {
  const lanes = place(
    [
      { left: 0, right: 10 },
      { left: 300, right: 310 },
      { left: 20, right: 30 },
    ],
    4,
  )
  expect(lanes.placed.map(({ lane }) => lane)).toEqual([0, 0, 1])
  expect(lanes.count).toBe(2)
})

test('labels stand right of the bar, left of it at the edge, upon it when it fills the plot', () => {
  const [right] = place([{ left: 0, right: 10 }], 1).placed
  const [left] = place([{ left: 960, right: 990 }], 1).placed
  const [upon] = place([{ left: 0, right: 1_000 }], 1).placed
  expect(right).toMatchObject({ align: 'start', labelAt: 15 })
  expect(left).toMatchObject({ align: 'end', labelAt: 955 })
  expect(upon).toMatchObject({ align: 'start', labelAt: 5 })
})

test('nothing overlaps on a lane and nothing leaves the plot, wherever bars lie', () => {
  const random = createRandom(3)
  for (let round = 0; round < 200; round++) {
    const bars = Array.from({ length: 30 }, () => {
      const left = random() * 1_200 - 100
      return { left, right: left + random() * random() * 400 }
    })
    const { placed, hidden } = place(bars, 4)
    expect(placed.length + hidden).toBe(30)
    for (const a of placed) {
      expect(a.left).toBeGreaterThanOrEqual(0)
      expect(a.right).toBeLessThanOrEqual(1_000)
      expect(a.right - a.left).toBeGreaterThanOrEqual(4.999)
      for (const b of placed)
        if (a !== b && a.lane === b.lane) expect(a.right <= b.left || b.right <= a.left).toBe(true)
    }
  }
})

import { expect, test } from 'bun:test'
import { Canvas } from './canvas.ts'
import type { Line, Point } from './shapes.ts'
import { outlineStroke } from './stroke.ts'

const line = (points: readonly Point[], more: Partial<Line> = {}): Line => {
  return { kind: 'line', paths: [points], stroke: '#000000', width: 2, ...more }
}

test('a piece is a strip of its width with flat ends', () => {
  const strip = outlineStroke(
    line([
      [1, 5],
      [9, 5],
    ]),
  )
  expect(strip).toEqual([[1, 4, 9, 4, 9, 6, 1, 6]])
})

test('corners are filled, whichever way they turn', () => {
  for (const end of [9, 1]) {
    const canvas = new Canvas(10, 10)
    canvas.fill(
      outlineStroke(
        line([
          [1, 5],
          [5, 5],
          [5, end],
        ]),
      ),
      '#000000',
    )
    // Half of the outermost pixel of the corner is cut off.
    expect(canvas.pixels[4 * ((end > 5 ? 4 : 5) * 10 + 5)]).toBe(128)
  }
})

test('dashes and gaps go on around corners and end with the line', () => {
  const dashed = line(
    [
      [0, 0],
      [5, 0],
      [5, 5],
    ],
    { dash: [3, 1] },
  )
  const middles = outlineStroke(dashed).filter((polygon) => polygon.length === 8)
  const lengths = middles.map(([ax, ay, bx, by]) => Math.abs(bx - ax) + Math.abs(by - ay))
  expect(lengths).toEqual([3, 1, 2, 2])
})

test('points that repeat, and lines of one point, add nothing', () => {
  expect(
    outlineStroke(
      line([
        [1, 1],
        [1, 1],
        [4, 1],
      ]),
    ),
  ).toHaveLength(1)
  expect(outlineStroke(line([[1, 1]]))).toEqual([])
  expect(outlineStroke(line([[1, 1]], { dash: [3, 1] }))).toEqual([])
  expect(outlineStroke(line([], { dash: [3, 1] }))).toEqual([])
})

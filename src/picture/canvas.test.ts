import { expect, test } from 'bun:test'
import { Canvas } from './canvas.ts'

/** Red of each pixel, a row a line; black painted on white is 255 less its coverage. */
function reds(canvas: Canvas): number[][] {
  const { pixels, width, height } = canvas
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => pixels[4 * (y * width + x)]))
}

test('whole pixels get the colour, parts of pixels their share of it', () => {
  const canvas = new Canvas(4, 3)
  canvas.fill([[1, 0.5, 3.25, 0.5, 3.25, 2, 1, 2]], '#000000')
  expect(reds(canvas)).toEqual([
    [255, 128, 128, 223],
    [255, 0, 0, 191],
    [255, 255, 255, 255],
  ])
})

test('red, green and blue keep their places, opacity mixes them', () => {
  const canvas = new Canvas(2, 1)
  canvas.fill([[0, 0, 1, 0, 1, 1, 0, 1]], '#FF8001')
  canvas.fill([[1, 0, 2, 0, 2, 1, 1, 1]], '#000000', 0.25)
  expect([...canvas.pixels]).toEqual([255, 128, 1, 255, 191, 191, 191, 255])
})

test('a slope covers half of what it crosses, steep or flat', () => {
  const steep = new Canvas(1, 4)
  steep.fill([[0, 0, 1, 4, 0, 4]], '#000000')
  expect(reds(steep).flat()).toEqual([223, 159, 96, 32])
  const flat = new Canvas(4, 1)
  flat.fill([[0, 1, 4, 0, 4, 1]], '#000000')
  expect(reds(flat).flat()).toEqual([223, 159, 96, 32])
})

test('polygons that turn the same way are one where they overlap, a hole turns the other way', () => {
  const square = (from: number, to: number) => [from, from, to, from, to, to, from, to]
  const twice = new Canvas(4, 4)
  twice.fill([square(0, 3), square(1, 4)], '#000000')
  expect(reds(twice)[1]).toEqual([0, 0, 0, 0])
  const ring = new Canvas(4, 4)
  ring.fill([square(0, 4), [1, 1, 1, 3, 3, 3, 3, 1]], '#000000')
  expect(reds(ring)[1]).toEqual([0, 255, 255, 0])
})

test('what reaches beyond the picture is painted in it only', () => {
  const canvas = new Canvas(3, 3)
  canvas.fill([[-5, -5, 1, -5, 1, 9, -5, 9]], '#000000')
  canvas.fill([[2, -5, 99, -5, 99, 9, 2, 9]], '#000000')
  canvas.fill([[5, 5, 9, 5, 9, 9, 5, 9]], '#000000')
  canvas.fill([[-9, 0, -5, 0, -5, 3, -9, 3]], '#000000')
  expect(reds(canvas)).toEqual(Array(3).fill([0, 255, 0]))
})

test('nothing to fill leaves the picture white', () => {
  const canvas = new Canvas(2, 2)
  canvas.fill([], '#000000')
  canvas.fill([[1, 1, 1, 1]], '#000000')
  expect(reds(canvas).flat()).toEqual([255, 255, 255, 255])
})

test('a tall picture has no seams', () => {
  const canvas = new Canvas(3, 300)
  canvas.fill([[0.5, 0, 2.5, 0, 2.5, 300, 0.5, 300]], '#000000')
  expect(new Set(reds(canvas).map(String))).toEqual(new Set(['128,0,128']))
})

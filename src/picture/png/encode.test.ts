import { expect, test } from 'bun:test'
import { crc32, inflateSync } from 'node:zlib'
import { createRandom } from '../../math/random.ts'
import { encodePng } from './encode.ts'

/** What a reader of PNG sees, from the format's own words: chunks, checks, filters. */
function decodePng(png: Uint8Array): { width: number; height: number; rgb: Uint8Array } {
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const view = new DataView(png.buffer, png.byteOffset, png.length)
  const chunks = new Map<string, Uint8Array>()
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(view.getUint32(at + 8 + length)).toBe(crc32(body))
    chunks.set(new TextDecoder().decode(body.subarray(0, 4)), body.subarray(4))
    at += length + 12
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND'])
  const header = chunks.get('IHDR') ?? new Uint8Array()
  expect([...header.subarray(8)]).toEqual([8, 2, 0, 0, 0])
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  // Checks the Adler-32 as well.
  const rows = new Uint8Array(inflateSync(chunks.get('IDAT') ?? new Uint8Array()))
  expect(rows.length).toBe(height * (1 + 3 * width))
  const rgb = new Uint8Array(height * 3 * width)
  for (let y = 0; y < height; y++) {
    expect(rows[y * (1 + 3 * width)]).toBe(2)
    for (let i = 0; i < 3 * width; i++) {
      rgb[y * 3 * width + i] = rows[y * (1 + 3 * width) + 1 + i] + (rgb[(y - 1) * 3 * width + i] ?? 0)
    }
  }
  return { width, height, rgb }
}

function expectSame(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const png = encodePng(pixels, width, height)
  const rgb = pixels.filter((_, i) => i % 4 !== 3)
  const decoded = decodePng(png)
  expect([decoded.width, decoded.height]).toEqual([width, height])
  expect(Buffer.from(decoded.rgb).equals(rgb)).toBe(true)
  return png
}

test('pictures of noise, of few colours and of flat areas come back as they were', () => {
  const random = createRandom(7)
  const below = (limit: number) => Math.floor(random() * limit)
  for (let round = 0; round < 60; round++) {
    const [width, height] = [1 + below(400), 1 + below(40)]
    const colours = Uint32Array.from({ length: 1 + below([2, 5, 300][round % 3]) }, () => below(2 ** 32))
    const pixels = new Uint32Array(width * height)
    const stay = [0, 0.7, 0.99][below(3)]
    let colour = 0
    for (let i = 0; i < pixels.length; i++) {
      if (random() >= stay) colour = below(colours.length)
      pixels[i] = random() < stay && i >= width ? pixels[i - width] : colours[colour]
    }
    expectSame(new Uint8Array(pixels.buffer), width, height)
  }
})

test('one pixel, one row, one column, runs of every length', () => {
  expectSame(Uint8Array.of(1, 2, 3, 255), 1, 1)
  expectSame(new Uint8Array(4 * 900).fill(255), 900, 1)
  expectSame(new Uint8Array(4 * 900).fill(255), 1, 900)
  for (let run = 1; run <= 180; run++) {
    const pixels = new Uint32Array(200).fill(0xff00ff00)
    pixels.fill(0xff112233, 10, 10 + run)
    expectSame(new Uint8Array(pixels.buffer), 200, 1)
  }
})

test('a flat picture takes next to nothing', () => {
  expect(expectSame(new Uint8Array(4 * 1200 * 500).fill(255), 1200, 500).length).toBeLessThan(5_000)
})

test('colours that are rarer and rarer need codes as long as deflate allows', () => {
  const counts = [1, 1]
  while (counts.length < 24) counts.push(counts[counts.length - 1] + counts[counts.length - 2])
  const steps = counts.flatMap((count, value) => new Array<number>(count).fill(10 + value))
  const pixels = new Uint8Array(4 * steps.length)
  for (const [i, step] of steps.entries()) pixels.set([step, step ^ (i % 2), step, 255], 4 * i)
  expectSame(pixels, steps.length, 1)
})

test('pixels that do not fill the picture are refused', () => {
  expect(() => encodePng(new Uint8Array(12), 2, 2)).toThrow(
    'a picture of 2 × 2 must have 4 bytes a pixel, got 12 bytes',
  )
  expect(() => encodePng(new Uint8Array(0), 0, 0)).toThrow(RangeError)
})

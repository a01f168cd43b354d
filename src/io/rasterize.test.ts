import { expect, test } from 'bun:test'
import { drawCharts } from '../report/charts.ts'
import { hostileReport } from '../report/sample-hostile.ts'
import { sampleReport } from '../report/sample-report.ts'
import { rasterize } from './rasterize.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40">${content}</svg>`

async function png(content: string, scale?: number): Promise<Uint8Array> {
  return (await rasterize(new Map([['x', svg(content)]]), scale)).get('x') ?? new Uint8Array()
}

test('a PNG per SVG, at the scale', async () => {
  const image = await png('<rect width="9" height="9"/>', 3)
  expect([...image.subarray(0, 8)]).toEqual(SIGNATURE)
  const header = new DataView(image.buffer, image.byteOffset)
  expect([header.getUint32(16), header.getUint32(20)]).toEqual([360, 120])
})

test('text is drawn, in whatever family is asked for', async () => {
  const text = (family: string) => `<text x="5" y="25" style="font-family:${family}">Hamburg</text>`
  const empty = await png('')
  const roboto = await png(text('Roboto'))
  expect(roboto.length).toBeGreaterThan(empty.length + 300)
  expect(await png(text('No Such Font, sans-serif'))).toEqual(roboto)
})

test('all charts, hostile names too, become PNGs within the time', async () => {
  const started = performance.now()
  const images = await rasterize(drawCharts(sampleReport()))
  const elapsed = performance.now() - started
  expect([...images.keys()].length).toBe(5)
  for (const image of images.values()) expect(image.length).toBeGreaterThan(20_000)
  // 0.9 s on two cores; slower machines and neighbours get some room.
  expect(elapsed).toBeLessThan(6_000)
  expect((await rasterize(drawCharts(hostileReport()), 1)).size).toBe(5)
})

test('what is no SVG is refused by name', () => {
  expect(rasterize(new Map([['broken', '<svg><rect']]))).rejects.toThrow("chart 'broken' must be well-formed SVG")
})

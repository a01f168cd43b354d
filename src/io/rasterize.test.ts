import { expect, test } from 'bun:test'
import { CHART_NAMES } from '../report/charts/names.ts'
import { hostileReport } from '../report/sample-hostile.ts'
import { sampleReport } from '../report/sample-report.ts'
import type { Report } from '../types.ts'
import { startChartDrawer } from './chart-drawer.ts'
import { startRasterizer } from './rasterize.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40">${content}</svg>`

async function rasterize(
  svgs: Iterable<readonly [name: string, svg: string]>,
  { scale = 2, count = 0 } = {},
): Promise<Map<string, Uint8Array>> {
  const rasterizer = startRasterizer(scale, count)
  try {
    for (const [name, document] of svgs) await rasterizer.add(name, document)
    return await rasterizer.finish()
  } finally {
    await rasterizer.close()
  }
}

/** All charts of a report, drawn in this thread or in a worker. */
async function draw(report: Report, count = 0): Promise<[name: string, svg: string][]> {
  const drawer = startChartDrawer(count)
  try {
    return await Promise.all(
      CHART_NAMES.map(async (name): Promise<[string, string]> => [name, await drawer.draw(name, report)]),
    )
  } finally {
    await drawer.close()
  }
}

async function png(content: string, scale?: number): Promise<Uint8Array> {
  return (await rasterize([['x', svg(content)]], scale === undefined ? {} : { scale })).get('x') ?? new Uint8Array()
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

test('all charts, hostile names too, become PNGs within the time, the same with and without workers', async () => {
  const started = performance.now()
  const images = await rasterize(await draw(sampleReport()))
  const elapsed = performance.now() - started
  expect([...images.keys()].length).toBe(5)
  for (const image of images.values()) expect(image.length).toBeGreaterThan(20_000)
  // Less than a second on two idle cores; slower machines and neighbours get some room.
  expect(elapsed).toBeLessThan(6_000)
  for (const count of [1, 2]) {
    const others = await rasterize(await draw(sampleReport(), count), { count })
    expect([...others.keys()]).toEqual([...images.keys()])
    for (const [name, image] of images) expect(Buffer.from(image).equals(others.get(name) ?? Buffer.of())).toBe(true)
  }
  expect((await rasterize(await draw(hostileReport()), { scale: 1 })).size).toBe(5)
})

test.each([0, 1])('what is no SVG is refused by name, with %p workers', async (count) => {
  const broken = [
    ['whole', svg('')],
    ['broken', '<svg><rect'],
  ] as const
  await expect(rasterize(broken, { count })).rejects.toThrow("chart 'broken' must be well-formed SVG")
})

test('a rasterizer that is given nothing, or given up, ends', async () => {
  expect(await rasterize([], { count: 1 })).toEqual(new Map())
  const rasterizer = startRasterizer(2, 1)
  await rasterizer.add('x', svg(''))
  await rasterizer.close()
})

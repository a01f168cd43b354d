/** Our pixels against those of a renderer that many use, for the same SVG. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { readFont } from '../io/font.ts'
import { CHART_NAMES } from '../report/charts/names.ts'
import { drawChart } from '../report/charts.ts'
import { sampleReport } from '../report/sample-report.ts'
import { paintPicture } from './paint.ts'
import type { Picture, Shape } from './shapes.ts'
import { renderSvg } from './svg.ts'

const SCALE = 2
/** Of 255: a difference that is seen. */
const VISIBLE = 48
const PACKAGES = join(import.meta.dir, '../../node_modules')
const ROBOTO = readFileSync(join(PACKAGES, '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'))
await initWasm(readFileSync(join(PACKAGES, '@resvg/resvg-wasm/index_bg.wasm')))

/** Pixels of both, row by row: red, green, blue and one more. */
async function renderBoth(picture: Picture): Promise<{ ours: Uint8Array; theirs: Uint8Array }> {
  const { pixels } = paintPicture(picture, await readFont(), SCALE)
  const font = { fontBuffers: [ROBOTO], defaultFontFamily: 'Roboto' }
  const renderer = new Resvg(renderSvg(picture), { fitTo: { mode: 'zoom', value: SCALE }, font })
  return { ours: pixels, theirs: renderer.render().pixels }
}

/** How far two pictures are apart: the share of pixels that differ visibly, and the mean difference of all. */
function compare({ ours, theirs }: { readonly ours: Uint8Array; readonly theirs: Uint8Array }) {
  let differing = 0
  let sum = 0
  for (let i = 0; i < ours.length; i += 4) {
    const by = Math.max(...[0, 1, 2].map((channel) => Math.abs(ours[i + channel] - theirs[i + channel])))
    sum += by
    if (by > VISIBLE) differing++
  }
  return { differing: differing / (ours.length / 4), mean: sum / (ours.length / 4) }
}

/** The picture without letters: theirs are nudged together in pairs. */
function withoutText(shapes: readonly Shape[]): Shape[] {
  return shapes.flatMap((shape): Shape[] => {
    if (shape.kind === 'text') return []
    return shape.kind === 'group' ? [{ ...shape, shapes: withoutText(shape.shapes) }] : [shape]
  })
}

test.each(CHART_NAMES)('%s looks as it does elsewhere', async (name) => {
  const picture = drawChart(name, sampleReport())
  const shapes = compare(await renderBoth({ ...picture, shapes: withoutText(picture.shapes) }))
  expect(shapes.differing).toBeLessThan(0.001)
  expect(shapes.mean).toBeLessThan(0.3)
  const whole = compare(await renderBoth(picture))
  expect(whole.differing).toBeLessThan(0.01)
  expect(whole.mean).toBeLessThan(1.5)
})

test('letters look as they do elsewhere: marked ones, other alphabets, signs, and boxes for the rest', async () => {
  const lines = ['Hamburg 0123456789', 'äöüßÄÅçñ', 'Ψφω Жщя', '日本', '(){}[]<>&%$#@!?;:…–·×−']
  const shapes = lines.map((text, i): Shape => {
    return { kind: 'text', text, x: 20, y: 40 * (i + 1), anchor: 'start', size: 22, fill: '#000000' }
  })
  const { differing, mean } = compare(await renderBoth({ title: '', width: 400, height: 220, shapes }))
  expect(differing).toBeLessThan(0.005)
  expect(mean).toBeLessThan(1)
})

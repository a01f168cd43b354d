import { readFile } from 'node:fs/promises'
import roboto from '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf' with { type: 'file' }
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import resvg from '@resvg/resvg-wasm/index_bg.wasm' with { type: 'file' }
import { encodePng } from './png/encode.ts'

/** The renderer may be initialised once per process; a second caller waits for the first. */
let font: Promise<Uint8Array> | undefined

/**
 * SVG documents as PNG images of the same names. Text is set in Roboto, whatever fonts the machine has.
 *
 * @param scale pixels per SVG unit
 * @throws Error naming the document that is not well-formed SVG
 */
export async function rasterize(svgs: ReadonlyMap<string, string>, scale = 2): Promise<Map<string, Uint8Array>> {
  font ??= loadRenderer()
  const fontBuffers = [await font]
  const images = new Map<string, Uint8Array>()
  for (const [name, svg] of svgs) images.set(name, renderPng(name, svg, scale, fontBuffers))
  return images
}

function renderPng(name: string, svg: string, scale: number, fontBuffers: Uint8Array[]): Uint8Array {
  try {
    const renderer = new Resvg(svg, {
      background: '#FFFFFF',
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers, defaultFontFamily: 'Roboto', sansSerifFamily: 'Roboto' },
    })
    const image = renderer.render()
    const png = encodePng(image.pixels, image.width, image.height)
    image.free()
    renderer.free()
    return png
  } catch (cause) {
    throw new Error(`chart '${name}' must be well-formed SVG to become a PNG`, { cause })
  }
}

async function loadRenderer(): Promise<Uint8Array> {
  // Absolute when run from source, relative to the bundle when bundled: a URL is right for both.
  const [wasm, ttf] = await Promise.all([readAsset(resvg), readAsset(roboto)])
  await initWasm(wasm)
  return ttf
}

async function readAsset(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(path, import.meta.url)))
}

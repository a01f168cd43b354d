/** Renders SVG in the thread that loads this. */
import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { isMainThread } from 'node:worker_threads'
import roboto from '@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf' with { type: 'file' }
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import resvg from '@resvg/resvg-wasm/index_bg.wasm' with { type: 'file' }
import { encodePng } from './png/encode.ts'

/** The renderer may be initialised once per thread; a second caller waits for the first. */
let font: Promise<Uint8Array> | undefined

/** Loads the renderer and the font on the first call (2.5 MB); later calls share them. */
function loadRenderer(): Promise<Uint8Array> {
  font ??= startRenderer()
  return font
}

/** One of each shape that charts consist of. */
const PRACTICE = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100">
<text x="5" y="25" style="font-family:Roboto">Practice 0123456789</text>
<path d="M0 90L60 20L120 70L180 10L240 60L300 30" fill="none" stroke="#123456" stroke-dasharray="6,3"/>
<path d="M0 90L60 20L120 70L180 10L240 60L300 30V90Z" fill="#123456" fill-opacity="0.3"/>
</svg>`

/**
 * Loads the renderer and lets it practise. An engine compiles what is used, which for the first picture takes longer
 * than to render it; this is for threads that have nothing to render yet.
 */
export async function prepareRenderer(): Promise<void> {
  await renderPng({ name: 'practice', svg: PRACTICE, scale: 2 })
}

/** V8's count of what a function may execute before it is compiled again; its default is 13 million. */
const ENDLESS_BUDGET = 1_000_000_000

/** An SVG document to render. */
export interface SvgDocument {
  /** For errors. */
  readonly name: string
  readonly svg: string
  /** Pixels per SVG unit. */
  readonly scale: number
}

/**
 * The document as a PNG. Text is set in Roboto, whatever fonts the machine has; what is transparent becomes white.
 *
 * @throws Error naming the document when it is not well-formed SVG
 */
export async function renderPng({ name, svg, scale }: SvgDocument): Promise<Uint8Array<ArrayBuffer>> {
  const fontBuffers = [await loadRenderer()]
  try {
    const renderer = new Resvg(svg, {
      background: '#FFFFFF',
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers, defaultFontFamily: 'Roboto', sansSerifFamily: 'Roboto' },
    })
    const image = renderer.render()
    const { pixels } = image
    const png = encodePng(pixels, image.width, image.height)
    release(pixels)
    image.free()
    renderer.free()
    return png
  } catch (cause) {
    throw new Error(`chart '${name}' must be well-formed SVG to become a PNG`, { cause })
  }
}

/** Gives back what an array holds. An engine would collect it as well, but only after several pictures of 10 MB. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}

async function startRenderer(): Promise<Uint8Array> {
  // V8 would compile half of the renderer once more, to better code: that takes longer than all charts of a run do, and
  // memory. Bun takes no such setting.
  setFlagsFromString(`--wasm-tiering-budget=${ENDLESS_BUDGET}`)
  // Absolute when run from source, relative to the bundle when bundled: a URL is right for both.
  const [wasm, ttf] = await Promise.all([readAsset(resvg), readAsset(roboto)])
  const restore = isMainThread ? () => {} : hideFetch()
  try {
    await initWasm(wasm)
  } finally {
    restore()
  }
  return ttf
}

/**
 * The renderer asks whether it was given an answer of `fetch`, and only to ask Node loads all of that: 16 MB and 0.04 s.
 * Not for a thread where others may fetch.
 *
 * @returns what undoes it
 */
function hideFetch(): () => void {
  const hidden = ['Request', 'Response'].flatMap((name) => {
    const property = Object.getOwnPropertyDescriptor(globalThis, name)
    return property?.configurable === true ? [[name, property] as const] : []
  })
  for (const [name] of hidden) Object.defineProperty(globalThis, name, { value: undefined, configurable: true })
  return () => {
    for (const [name, property] of hidden) Object.defineProperty(globalThis, name, property)
  }
}

async function readAsset(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(path, import.meta.url)))
}

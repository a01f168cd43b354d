/** SVG to PNG, in a worker while the next chart is drawn. */
import { setImmediate } from 'node:timers/promises'
import { keepForLater } from './keep-for-later.ts'
import { countThreads, startWorkers } from './workers.ts'

/** SVG documents on their way to being images. */
export interface Rasterizer {
  /**
   * Takes a document. Without a worker it is rendered at once.
   *
   * @param name for errors
   */
  add(name: string, svg: string): Promise<void>
  /**
   * PNG images of what was added, by name.
   *
   * @throws Error naming the document that is not well-formed SVG
   */
  finish(): Promise<Map<string, Uint8Array>>
  /** Ends the worker. */
  close(): Promise<void>
}

/**
 * Makes a rasterizer, whose worker starts at once: call this before the charts are loaded and drawn. Text is set in
 * Roboto, whatever fonts the machine has; what is transparent becomes white.
 *
 * @param scale pixels per SVG unit
 * @param count of workers, 0 for none. The images are the same bytes. A second one would have to load the renderer for
 *   itself, which takes as long as three charts do
 */
export function startRasterizer(scale = 2, count = Math.min(1, countThreads() - 1)): Rasterizer {
  const pool = startWorkers(count)
  for (let worker = 0; worker < count; worker++) keepForLater(pool.run('prepareRenderer', {}))
  const images = new Map<string, Promise<Uint8Array>>()
  return {
    async add(name, svg) {
      const image = pool.run('renderPng', { name, svg, scale })
      images.set(name, keepForLater(image))
      // Messages from and to workers wait for the end of the turn.
      await (count > 0 ? setImmediate() : Promise.allSettled([image]))
    },
    async finish() {
      const finished = new Map<string, Uint8Array>()
      for (const [name, image] of images) finished.set(name, await image)
      return finished
    },
    close: () => pool.close(),
  }
}

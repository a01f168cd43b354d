import type { Font } from './font.ts'
import { paintPicture } from './paint.ts'
import { encodePng } from './png/encode.ts'
import type { Picture } from './shapes.ts'

/**
 * The picture as a PNG.
 *
 * @param scale pixels per unit of length; by default for screens that have two
 */
export function renderPng(picture: Picture, font: Font, scale = 2): Uint8Array<ArrayBuffer> {
  const { pixels, width, height } = paintPicture(picture, font, scale)
  return encodePng(pixels, width, height)
}

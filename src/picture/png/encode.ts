/**
 * PNG for pictures of flat areas. General encoders look far back for what they have seen, which takes longer than to
 * render a chart, and each engine brings another one. A chart needs none of it: nearly every pixel is like the one above,
 * and where it is not, the step from there is mostly that of the pixel to the left.
 *
 * @see https://www.w3.org/TR/png-3/
 */
import { crc32 } from 'node:zlib'
import { deflateTokens, MAX_RUN, PIXEL_BYTES, RUN } from './deflate.ts'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Depth of 8 bits, red-green-blue, and the only compression, filters and order of rows there are. */
const HEADER_END = [8, 2, 0, 0, 0]
/** A row holds the steps from the row above. */
const FILTER_UP = 2
/** The largest prime below 2 ** 16. */
const ADLER = 65_521

/**
 * A picture as a PNG of 24 bits a pixel.
 *
 * @param pixels four bytes each, red, green, blue and one that is ignored, row by row from the top; they begin at a
 *   multiple of four in their buffer
 * @throws RangeError when there are not width × height pixels
 */
export function encodePng(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  if (pixels.length !== width * height * 4 || pixels.length === 0) {
    throw new RangeError(`a picture of ${width} × ${height} must have 4 bytes a pixel, got ${pixels.length} bytes`)
  }
  const header = new Uint8Array(8 + HEADER_END.length)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  header.set(HEADER_END, 8)
  const { tokens, checksum } = filterRows(pixels, width, height)
  const chunks = [
    Uint8Array.from(SIGNATURE),
    wrapChunk('IHDR', header),
    wrapChunk('IDAT', deflateTokens(tokens, checksum)),
    wrapChunk('IEND', new Uint8Array(0)),
  ]
  const png = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    png.set(chunk, at)
    at += chunk.length
  }
  return png
}

/** The rows as steps from the row above, runs of the same step counted, and the Adler-32 of their bytes. */
function filterRows(pixels: Uint8Array, width: number, height: number) {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height)
  // As many as there can be; memory that is never touched costs nothing.
  const tokens = new Uint16Array(height * (1 + width * PIXEL_BYTES))
  let count = 0
  let low = 1
  let high = 0
  let bytesAbove: Uint8Array = new Uint8Array(width * 4)
  let above: Uint32Array = new Uint32Array(bytesAbove.buffer)
  for (let y = 0; y < height; y++) {
    const bytes = pixels.subarray(y * width * 4, (y + 1) * width * 4)
    const row = words.subarray(y * width, (y + 1) * width)
    tokens[count++] = FILTER_UP
    low += FILTER_UP
    high += low
    for (let x = 0, next = 1; x < width; x = next++) {
      const red = (bytes[4 * x] - bytesAbove[4 * x]) & 255
      const green = (bytes[4 * x + 1] - bytesAbove[4 * x + 1]) & 255
      const blue = (bytes[4 * x + 2] - bytesAbove[4 * x + 2]) & 255
      tokens[count++] = red
      tokens[count++] = green
      tokens[count++] = blue
      high += 3 * low + 3 * red + 2 * green + blue
      low += red + green + blue
      if (row[x] === above[x]) {
        while (next < width && row[next] === above[next]) next++
        high += PIXEL_BYTES * (next - x - 1) * low
      } else {
        // Where the colour and the one above stay, the step stays.
        while (next < width && row[next] === row[x] && above[next] === above[x]) {
          high = (high + 3 * low + 3 * red + 2 * green + blue) % ADLER
          low = (low + red + green + blue) % ADLER
          next++
        }
      }
      low %= ADLER
      high %= ADLER
      for (let run = next - x - 1; run > 0; run -= MAX_RUN) tokens[count++] = RUN + Math.min(run, MAX_RUN)
    }
    bytesAbove = bytes
    above = row
  }
  return { tokens: tokens.subarray(0, count), checksum: high * 65_536 + low }
}

function wrapChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(content.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, content.length)
  chunk.set(Buffer.from(type, 'latin1'), 4)
  chunk.set(content, 8)
  view.setUint32(8 + content.length, crc32(chunk.subarray(4, 8 + content.length)))
  return chunk
}

/** Pixels, and polygons filled in them with smooth edges. */

/** Corners that follow each other: x and y in turn, in pixels. The last is joined to the first. */
export type Polygon = readonly number[]

/** Rows that are filled at a time: what they need stays in the processor's cache. */
const STRIP_ROWS = 64
const WHITE = 0xffffffff
const OPAQUE = 0xff000000
/** Steps of coverage, as fine as anyone can see: the fewer there are, the smaller is the PNG. */
const LEVELS = 16

/** A white picture. */
export class Canvas {
  readonly width: number
  readonly height: number
  /** A pixel each: red in the lowest byte, then green, blue and 255. */
  readonly words: Uint32Array<ArrayBuffer>
  /** Of a strip: how much each pixel's coverage differs from that of the one to the left. All 0 between fills. */
  #steps = new Float32Array(0)

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.words = new Uint32Array(width * height).fill(WHITE)
  }

  /** Four bytes a pixel. */
  get pixels(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.words.buffer)
  }

  /**
   * Fills polygons that all turn the same way; where they overlap they are one.
   *
   * @param colour `#RRGGBB`
   * @param opacity 0..1
   */
  fill(polygons: readonly Polygon[], colour: string, opacity = 1): void {
    const bounds = boundsOf(polygons)
    const [left, right] = [Math.floor(bounds.left), Math.ceil(bounds.right)]
    const [top, bottom] = [Math.max(0, Math.floor(bounds.top)), Math.min(this.height, Math.ceil(bounds.bottom))]
    if (!(right >= left && bottom > top)) return
    // An edge at the right end also writes to the pixel after it.
    const width = right - left + 2
    if (this.#steps.length < width * STRIP_ROWS) this.#steps = new Float32Array(width * STRIP_ROWS)
    for (let first = top; first < bottom; first += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, bottom - first)
      for (const polygon of polygons) addPolygon(this.#steps, polygon, left, first, width, rows)
      this.#paint(left, first, width, rows, parseColour(colour), opacity)
    }
  }

  /** Paints what the steps of a strip add up to, and sets them back to 0. */
  #paint(left: number, top: number, width: number, rows: number, colour: number, opacity: number): void {
    const steps = this.#steps
    const words = this.words
    // Outside of the picture there is nothing to paint, only to add up.
    const seenTo = Math.min(width, this.width - left)
    for (let row = 0; row < rows; row++) {
      const start = row * width
      const pixels = (top + row) * this.width + left
      let sum = 0
      for (let x = 0; x < width; ) {
        sum += steps[start + x]
        steps[start + x] = 0
        const first = x++
        while (x < width && steps[start + x] === 0) x++
        const coverage = sum < 0 ? -sum : sum
        const level = coverage < 1 ? Math.floor(coverage * LEVELS + 0.5) : LEVELS
        if (level === 0) continue
        const from = pixels + Math.max(first, -left)
        const to = pixels + Math.min(x, seenTo)
        const share = (level / LEVELS) * opacity
        if (from >= to) continue
        if (share === 1) words.fill(colour, from, to)
        else blend(words, from, to, colour, share)
      }
    }
  }
}

/** Mixes a colour into pixels. Most have the same one before, so that the mixture is kept. */
function blend(words: Uint32Array, from: number, to: number, colour: number, share: number): void {
  const red = colour & 255
  const green = (colour >> 8) & 255
  const blue = (colour >> 16) & 255
  let below = -1
  let mixed = 0
  for (let i = from; i < to; i++) {
    if (words[i] !== below) {
      below = words[i]
      const r = below & 255
      const g = (below >> 8) & 255
      const b = (below >> 16) & 255
      const mix = ((b + (blue - b) * share + 0.5) << 16) | ((g + (green - g) * share + 0.5) << 8)
      mixed = (OPAQUE | mix | (r + (red - r) * share + 0.5)) >>> 0
    }
    words[i] = mixed
  }
}

function parseColour(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16)
  return (OPAQUE | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0
}

function boundsOf(polygons: readonly Polygon[]) {
  let left = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      if (polygon[i] < left) left = polygon[i]
      if (polygon[i] > right) right = polygon[i]
      if (polygon[i + 1] < top) top = polygon[i + 1]
      if (polygon[i + 1] > bottom) bottom = polygon[i + 1]
    }
  }
  return { left, right, top, bottom }
}

function addPolygon(steps: Float32Array, polygon: Polygon, left: number, top: number, width: number, rows: number) {
  let x = polygon[polygon.length - 2] - left
  let y = polygon[polygon.length - 1] - top
  for (let i = 0; i < polygon.length; i += 2) {
    const nextX = polygon[i] - left
    const nextY = polygon[i + 1] - top
    if (y < nextY) addEdge(steps, x, y, nextX, nextY, 1, width, rows)
    else if (y > nextY) addEdge(steps, nextX, nextY, x, y, -1, width, rows)
    x = nextX
    y = nextY
  }
}

/**
 * Adds what a downward edge covers to its right, as the steps from pixel to pixel: exact, by the area of the trapezoids
 * that it cuts off the pixels of each row.
 *
 * @see https://github.com/raphlinus/font-rs, whose accumulation buffer this is
 */
function addEdge(
  steps: Float32Array,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  direction: number,
  width: number,
  rows: number,
): void {
  if (toY <= 0 || fromY >= rows) return
  const slope = (toX - fromX) / (toY - fromY)
  let x = fromY < 0 ? fromX - fromY * slope : fromX
  let y = Math.max(fromY, 0)
  const end = Math.min(toY, rows)
  for (let row = Math.floor(y); row < end; row++) {
    const nextY = Math.min(row + 1, end)
    const height = nextY - y
    const nextX = x + slope * height
    const area = height * direction
    const low = Math.min(x, nextX)
    const high = Math.max(x, nextX)
    const first = Math.floor(low)
    const last = Math.ceil(high)
    const at = row * width + first
    if (last <= first + 1) {
      // Within one pixel.
      const right = area * ((x + nextX) / 2 - first)
      steps[at] += area - right
      steps[at + 1] += right
    } else {
      const perPixel = 1 / (high - low)
      const offset = low - first
      const start = 0.5 * perPixel * (1 - offset) * (1 - offset)
      const rest = high - last + 1
      const finish = 0.5 * perPixel * rest * rest
      steps[at] += area * start
      if (last === first + 2) steps[at + 1] += area * (1 - start - finish)
      else {
        const second = perPixel * (1.5 - offset)
        steps[at + 1] += area * (second - start)
        for (let i = 2; i < last - first - 1; i++) steps[at + i] += area * perPixel
        steps[at + last - first - 1] += area * (1 - second - (last - first - 3) * perPixel - finish)
      }
      steps[at + last - first] += area * finish
    }
    x = nextX
    y = nextY
  }
}

import { Canvas, type Polygon } from './canvas.ts'
import type { Font } from './font.ts'
import type { Picture, Rect, Shape, Text } from './shapes.ts'
import { outlineStroke } from './stroke.ts'

/**
 * The picture as pixels, on white. The same bytes in every engine: nothing but sums, products, quotients and roots.
 *
 * @param scale pixels per unit of the picture
 */
export function paintPicture({ width, height, shapes }: Picture, font: Font, scale: number): Canvas {
  const canvas = new Canvas(Math.round(width * scale), Math.round(height * scale))
  for (const shape of shapes) paintShape(canvas, shape, font, scale)
  return canvas
}

function paintShape(canvas: Canvas, shape: Shape, font: Font, scale: number): void {
  switch (shape.kind) {
    case 'group':
      for (const member of shape.shapes) paintShape(canvas, member, font, scale)
      return
    case 'rect':
      canvas.fill([enlarge(outlineRect(shape), scale)], shape.fill, shape.opacity)
      return
    case 'line':
      canvas.fill(
        outlineStroke(shape).map((polygon) => enlarge(polygon, scale)),
        shape.stroke,
      )
      return
    case 'area':
      canvas.fill(
        shape.polygons.map((points) => enlarge(points.flat(), scale)),
        shape.fill,
        shape.opacity,
      )
      return
    case 'text':
      canvas.fill(outlineText(shape, font, scale), shape.fill)
      return
  }
}

function enlarge(polygon: Polygon, scale: number): Polygon {
  return polygon.map((length) => length * scale)
}

/** Cosines of 0°, 22.5°, 45°, 67.5° and 90°: a round corner has as many. */
const ARC = [1, 0.9238795325112867, Math.SQRT1_2, 0.3826834323650898, 0]

function outlineRect({ x, y, width, height, radius = 0 }: Rect): Polygon {
  const r = Math.min(radius, width / 2, height / 2)
  const [left, right, top, bottom] = [x, x + width, y, y + height]
  if (r <= 0) return [left, top, right, top, right, bottom, left, bottom]
  const arcs = ARC.map((along, i) => [r - r * along, r - r * ARC[ARC.length - 1 - i]] as const)
  const back = arcs.toReversed()
  return [
    ...arcs.flatMap(([a, b]) => [left + a, top + b]),
    ...back.flatMap(([a, b]) => [right - a, top + b]),
    ...arcs.flatMap(([a, b]) => [right - a, bottom - b]),
    ...back.flatMap(([a, b]) => [left + a, bottom - b]),
  ]
}

function outlineText({ text, x, y, size, anchor, upwards = false }: Text, font: Font, scale: number): Polygon[] {
  const glyphs = Array.from(text, font.glyphOf)
  const perUnit = (size * scale) / font.unitsPerEm
  const width = glyphs.reduce((sum, { advance }) => sum + advance, 0)
  let pen = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
  const polygons: Polygon[] = []
  for (const { advance, contours } of glyphs) {
    for (const contour of contours) {
      const polygon = new Array<number>(contour.length)
      for (let i = 0; i < contour.length; i += 2) {
        const along = (pen + contour[i]) * perUnit
        const up = contour[i + 1] * perUnit
        polygon[i] = x * scale + (upwards ? -up : along)
        polygon[i + 1] = y * scale - (upwards ? along : up)
      }
      polygons.push(polygon)
    }
    pen += advance
  }
  return polygons
}

import type { Group, Line, Picture, Point, Rect, Shape } from './shapes.ts'

/** Roboto's look is what lengths are measured by; the others are near. */
const FONTS = 'Roboto, Helvetica, Arial, sans-serif'

/** The picture as an SVG document, an element a line. The same picture gives the same text. */
export function renderSvg({ title, width, height, shapes }: Picture): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${format(width)}" height="${format(height)}" viewBox="0 0 ${format(width)} ${format(height)}" role="img" font-family="${FONTS}">`,
    `<title>${escapeXml(title)}</title>`,
    '<rect width="100%" height="100%" fill="#FFFFFF"/>',
    ...shapes.flatMap(renderShape),
    '</svg>',
  ].join('\n')}\n`
}

/** Lines of SVG. */
function renderShape(shape: Shape): string[] {
  switch (shape.kind) {
    case 'group':
      return renderGroup(shape)
    case 'rect':
      return [renderRect(shape)]
    case 'line':
      return [`<path d="${shape.paths.map(renderPath).join('')}" fill="none"${strokeOf(shape)}/>`]
    case 'area': {
      const d = shape.polygons.map((points) => `${renderPath(points)}Z`).join('')
      return [`<path d="${d}" fill="${shape.fill}"${opacityOf(shape)}/>`]
    }
    case 'text': {
      const { text, x, y, size, fill, anchor, upwards = false } = shape
      const turn = upwards ? ` transform="rotate(-90 ${format(x)} ${format(y)})"` : ''
      const align = anchor === 'start' ? '' : ` text-anchor="${anchor}"`
      const place = `x="${format(x)}" y="${format(y)}"${turn}${align}`
      return [`<text ${place} font-size="${format(size)}" fill="${fill}">${escapeXml(text)}</text>`]
    }
  }
}

function renderGroup({ name, shapes }: Group): string[] {
  if (shapes.length === 0) return []
  return [`<g class="${escapeXml(name)}">`, ...shapes.flatMap(renderShape).map((line) => `  ${line}`), '</g>']
}

function renderRect(rect: Rect): string {
  const { x, y, width, height, fill, radius = 0 } = rect
  const corners = radius > 0 ? ` rx="${format(radius)}"` : ''
  const box = `x="${format(x)}" y="${format(y)}" width="${format(width)}" height="${format(height)}"`
  return `<rect ${box}${corners} fill="${fill}"${opacityOf(rect)}/>`
}

function strokeOf({ stroke, width, dash }: Line): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.map(format).join(' ')}"`
  return ` stroke="${stroke}" stroke-width="${format(width)}" stroke-linejoin="bevel"${dashes}`
}

function opacityOf({ opacity = 1 }: { readonly opacity?: number }): string {
  return opacity === 1 ? '' : ` fill-opacity="${format(opacity)}"`
}

function renderPath(points: readonly Point[]): string {
  let path = ''
  let lastX = ''
  let lastY = ''
  for (const point of points) {
    const [x, y] = [format(point[0]), format(point[1])]
    if (path === '') path = `M${x} ${y}`
    else if (y === lastY) path += `H${x}`
    else if (x === lastX) path += `V${y}`
    else path += `L${x} ${y}`
    lastX = x
    lastY = y
  }
  return path
}

/** Hundredths are finer than a pixel at any scale that is painted, and the same digits in every engine. */
function format(length: number): string {
  return String(Math.round(length * 100) / 100)
}

/** What no XML document may hold, not even escaped. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text for content and quoted attributes. */
function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

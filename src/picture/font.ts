/**
 * Letters of a TrueType font as outlines.
 *
 * @see https://learn.microsoft.com/en-us/typography/opentype/spec/otff
 */

export interface Font {
  readonly unitsPerEm: number
  /** A character's letter; what the font lacks is a box. */
  readonly glyphOf: (character: string) => Glyph
}

export interface Glyph {
  /** How far it moves the pen, in font units. */
  readonly advance: number
  /** Closed polygons: x and y of each corner in turn, in font units, y upwards from the baseline. */
  readonly contours: readonly (readonly number[])[]
}

/** Straight pieces that a curve becomes: at 50 pixels an em the error is a twentieth of a pixel. */
const PIECES = 4

/** A point of an outline: upon it, or one that pulls a curve towards it. */
interface Corner {
  readonly x: number
  readonly y: number
  readonly isUpon: boolean
}

/**
 * Reads a font with quadratic outlines and characters by a table of format 4, as Roboto has them. Letters are read when
 * they are first asked for.
 */
export function parseFont(file: Uint8Array): Font {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tables = new Map<string, number>()
  for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16) {
    tables.set(String.fromCharCode(...file.subarray(at, at + 4)), view.getUint32(at + 8))
  }
  const table = (name: string) => {
    const at = tables.get(name)
    if (at === undefined) throw new Error(`a font must have a table '${name}', this one has none`)
    return at
  }
  const head = table('head')
  const tablesByGlyph: GlyphTables = {
    view,
    glyf: table('glyf'),
    loca: table('loca'),
    offsetBytes: view.getInt16(head + 50) === 0 ? 2 : 4,
  }
  const characters = readCharacters(view, table('cmap'))
  const hmtx = table('hmtx')
  const lastAdvance = view.getUint16(table('hhea') + 34) - 1
  const glyphs = new Map<number, Glyph>()
  return {
    unitsPerEm: view.getUint16(head + 18),
    glyphOf(character) {
      const id = characters(character.codePointAt(0) ?? 0)
      let glyph = glyphs.get(id)
      if (glyph === undefined) {
        const advance = view.getUint16(hmtx + 4 * Math.min(id, lastAdvance))
        glyph = { advance, contours: readOutline(tablesByGlyph, id).map(flatten) }
        glyphs.set(id, glyph)
      }
      return glyph
    },
  }
}

/** The number of a character's glyph, 0 for what is not there. */
function readCharacters(view: DataView, cmap: number): (code: number) => number {
  const at = cmap + view.getUint32(cmap + 8)
  if (view.getUint16(at) !== 4) throw new Error(`a font's characters must be in format 4, got ${view.getUint16(at)}`)
  const bytes = view.getUint16(at + 6)
  const [ends, starts] = [at + 14, at + 16 + bytes]
  return (code) => {
    if (code > 0xffff) return 0
    let i = 0
    while (view.getUint16(ends + i) < code) i += 2
    const start = view.getUint16(starts + i)
    if (start > code) return 0
    const delta = view.getUint16(starts + bytes + i)
    const offsetAt = starts + 2 * bytes + i
    const offset = view.getUint16(offsetAt)
    if (offset === 0) return (code + delta) & 0xffff
    const id = view.getUint16(offsetAt + offset + 2 * (code - start))
    return id === 0 ? 0 : (id + delta) & 0xffff
  }
}

interface GlyphTables {
  readonly view: DataView
  readonly glyf: number
  readonly loca: number
  /** Short offsets are halved. */
  readonly offsetBytes: 2 | 4
}

function readOutline(tables: GlyphTables, id: number): Corner[][] {
  const { view, glyf, loca, offsetBytes } = tables
  const offsetOf = (glyph: number) =>
    offsetBytes === 2 ? view.getUint16(loca + 2 * glyph) * 2 : view.getUint32(loca + 4 * glyph)
  if (offsetOf(id) === offsetOf(id + 1)) return []
  const at = glyf + offsetOf(id)
  const count = view.getInt16(at)
  return count < 0 ? readComposite(tables, at + 10) : readSimple(view, at + 10, count)
}

const UPON = 1
const REPEATED = 8
/** By axis: the coordinate is one byte; then its sign is plus, else it is the one before. */
const X_FLAGS = { short: 2, same: 16 }
const Y_FLAGS = { short: 4, same: 32 }

function readSimple(view: DataView, start: number, count: number): Corner[][] {
  const ends = Array.from({ length: count }, (_, i) => view.getUint16(start + 2 * i))
  const points = ends[count - 1] + 1
  let at = start + 2 * count
  at += 2 + view.getUint16(at)
  const flags: number[] = []
  while (flags.length < points) {
    const flag = view.getUint8(at++)
    const repeats = (flag & REPEATED) === 0 ? 0 : view.getUint8(at++)
    for (let i = 0; i <= repeats; i++) flags.push(flag)
  }
  const readAxis = ({ short, same }: typeof X_FLAGS) => {
    let value = 0
    return flags.map((flag) => {
      const isSame = (flag & same) !== 0
      if ((flag & short) !== 0) value += isSame ? view.getUint8(at++) : -view.getUint8(at++)
      else if (!isSame) {
        value += view.getInt16(at)
        at += 2
      }
      return value
    })
  }
  const x = readAxis(X_FLAGS)
  const y = readAxis(Y_FLAGS)
  const corners = flags.map((flag, i) => ({ x: x[i], y: y[i], isUpon: (flag & UPON) !== 0 }))
  return ends.map((end, i) => corners.slice(i === 0 ? 0 : ends[i - 1] + 1, end + 1))
}

const WORDS = 1
const MORE = 32
const SCALED = 8 | 64 | 128

/** Letters made of others, such as ä. */
function readComposite(tables: GlyphTables, start: number): Corner[][] {
  const { view } = tables
  const contours: Corner[][] = []
  let at = start
  let flags = MORE
  while ((flags & MORE) !== 0) {
    flags = view.getUint16(at)
    if ((flags & SCALED) !== 0) throw new Error('parts of letters must not be scaled')
    const part = readOutline(tables, view.getUint16(at + 2))
    const isWords = (flags & WORDS) !== 0
    const dx = isWords ? view.getInt16(at + 4) : view.getInt8(at + 4)
    const dy = isWords ? view.getInt16(at + 6) : view.getInt8(at + 5)
    contours.push(...part.map((corners) => corners.map(({ x, y, isUpon }) => ({ x: x + dx, y: y + dy, isUpon }))))
    at += isWords ? 8 : 6
  }
  return contours
}

/** Curves as straight pieces. Between two points that pull, the middle is upon the outline. */
function flatten(corners: readonly Corner[]): number[] {
  const between = (a: Corner, b: Corner): Corner => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, isUpon: true })
  const points: number[] = []
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % corners.length]
    if (corner.isUpon) points.push(corner.x, corner.y)
    else {
      const last = corners[(i + corners.length - 1) % corners.length]
      const from = last.isUpon ? last : between(last, corner)
      const to = next.isUpon ? next : between(corner, next)
      // The next corner adds itself, when it is upon the outline.
      const pieces = next.isUpon ? PIECES - 1 : PIECES
      for (let piece = 1; piece <= pieces; piece++) {
        const t = piece / PIECES
        const a = (1 - t) * (1 - t)
        const b = 2 * t * (1 - t)
        const c = t * t
        points.push(a * from.x + b * corner.x + c * to.x, a * from.y + b * corner.y + c * to.y)
      }
    }
  })
  return points
}

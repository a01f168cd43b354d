/**
 * What pictures are made of. Lengths are in units of the picture, from its top left corner; `renderSvg` writes them down,
 * `paintPicture` paints several pixels for each.
 */
export interface Picture {
  /** Its name for screen readers. */
  readonly title: string
  readonly width: number
  readonly height: number
  /** Those in front come last. */
  readonly shapes: readonly Shape[]
}

export type Shape = Rect | Line | Area | Text | Group

export type Point = readonly [x: number, y: number]

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Colours are `#RRGGBB`, opacities 0..1. */
export interface Rect extends Box {
  readonly kind: 'rect'
  readonly fill: string
  /** Default 1. */
  readonly opacity?: number
  /** Of its corners, default 0. */
  readonly radius?: number
}

/** Strokes through points, with flat ends and corners. */
export interface Line {
  readonly kind: 'line'
  readonly paths: readonly (readonly Point[])[]
  readonly stroke: string
  readonly width: number
  /** Lengths of a dash and the gap after it; default: no gap. */
  readonly dash?: readonly [on: number, off: number]
}

/** Filled polygons, which do not overlap. */
export interface Area {
  readonly kind: 'area'
  readonly polygons: readonly (readonly Point[])[]
  readonly fill: string
  /** Default 1. */
  readonly opacity?: number
}

/** One line of text. */
export interface Text {
  readonly kind: 'text'
  readonly text: string
  /** Where the baseline starts, has its middle or ends. */
  readonly x: number
  readonly y: number
  readonly anchor: Anchor
  readonly size: number
  readonly fill: string
  /** True: it runs upwards. */
  readonly upwards?: boolean
}

export type Anchor = 'start' | 'middle' | 'end'

/** Shapes that are one thing, such as an axis. */
export interface Group {
  readonly kind: 'group'
  /** Says in the SVG what it is; never log text. */
  readonly name: string
  readonly shapes: readonly Shape[]
}

/** Baselines lie this part of the font size below the middle of Roboto's capitals. */
const BASELINE = 0.355

/** Text by the middle of its height. */
export function centredText(text: string, x: number, middle: number, style: TextStyle): Text {
  const { anchor = 'start', size, fill } = style
  return { kind: 'text', text, x, y: middle + BASELINE * size, anchor, size, fill }
}

export interface TextStyle {
  readonly size: number
  readonly fill: string
  /** Default `start`. */
  readonly anchor?: Anchor
}

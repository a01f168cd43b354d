/** What all charts share: size, margins, title, legend, the sentence of an empty chart. */
import { type Box, centredText, type Group, type Picture, type Shape, type TextStyle } from '../../picture/shapes.ts'
import { fitText, textWidth } from './text.ts'

export const WIDTH = 1200
export const MARGIN = { left: 84, right: 36, bottom: 78 }
/** Where titles, legends and lines between rows begin. */
export const EDGE = 24
/** Where the plot begins when title, subtitle and legend stand above it. */
export const PLOT_TOP = 112

export const TEXT = '#222222'
export const MUTED = '#5A5A5A'
export const RULE = '#E4E4E4'
export const AXIS = '#9A9A9A'
/** Of the labels on axes. */
export const LABEL: TextStyle = { size: 13, fill: TEXT }

const TITLE: TextStyle = { size: 22, fill: TEXT }
const SUBTITLE_SIZES = [14, 12.5]

/** Title and subtitle. One that is too long for its line is set smaller, then cut. */
export function drawTitle(title: string, subtitle: string): Group {
  const room = WIDTH - EDGE - MARGIN.right
  const size = SUBTITLE_SIZES.find((size) => textWidth(subtitle, size) <= room) ?? SUBTITLE_SIZES[1]
  const lines = [centredText(title, EDGE, 34, TITLE)]
  if (subtitle !== '') lines.push(centredText(fitText(subtitle, room, size), EDGE, 60, { size, fill: MUTED }))
  return { kind: 'group', name: 'title', shapes: lines }
}

/** How a legend shows its entries: as strokes, a box, or a dot upon a stroke. */
export interface LegendEntry {
  readonly name: string
  readonly icon: 'solid' | 'dashed' | 'area'
  readonly colour: string
}

const LEGEND = { middle: 90, iconWidth: 22, iconHeight: 12, stroke: 2.4, dash: 9, gap: 6, between: 22 }

/** A row under the subtitle, in the order of the entries. */
export function drawLegend(entries: readonly LegendEntry[]): Group {
  const { middle, iconWidth, gap, between } = LEGEND
  const shapes: Shape[] = []
  let x = EDGE
  for (const { name, icon, colour } of entries) {
    shapes.push(...drawIcon(icon, colour, x), centredText(name, x + iconWidth + gap, middle, LABEL))
    x += iconWidth + gap + textWidth(name, LABEL.size) + between
  }
  return { kind: 'group', name: 'legend', shapes }
}

function drawIcon(icon: LegendEntry['icon'], fill: string, x: number): Shape[] {
  const { middle, iconWidth: width, iconHeight, stroke, dash } = LEGEND
  const strip = { kind: 'rect', x, y: middle - stroke / 2, width, height: stroke, fill } as const
  switch (icon) {
    case 'area':
      return [{ kind: 'rect', x, y: middle - iconHeight / 2, width, height: iconHeight, fill, radius: 2 }]
    case 'solid':
      return [strip]
    case 'dashed':
      return [
        { ...strip, width: dash },
        { ...strip, x: x + width - dash, width: dash },
      ]
  }
}

/** The part of a chart that holds data, when it reaches from `left` to the right margin. */
export function plotBox(left: number, y: number, height: number): Box {
  return { x: left, y, width: WIDTH - left - MARGIN.right, height }
}

/** A line one unit wide, upon whole pixels. */
export function rule(x: number, y: number, length: number, fill = RULE): Shape {
  return { kind: 'rect', x, y, width: length, height: 1, fill }
}

/** The chart that has nothing to show, and says why. */
export function emptyPicture(title: string, sentence: string): Picture {
  const middle: TextStyle = { size: 17, fill: MUTED, anchor: 'middle' }
  const shapes = [drawTitle(title, ''), centredText(sentence, WIDTH / 2, 136, middle)]
  return { title, width: WIDTH, height: 240, shapes }
}

import { formatDuration, formatTimeRange } from '../../format.ts'
import { type Box, centredText, type Picture, type Point, type Shape } from '../../picture/shapes.ts'
import type { ChartData } from '../../types.ts'
import { niceBucketSize, reduceBuckets } from '../buckets.ts'
import { drawTimeAxis } from './axes.ts'
import { drawLegend, drawTitle, EDGE, emptyPicture, MARGIN, PLOT_TOP, plotBox, TEXT, WIDTH } from './frame.ts'
import { drawMarks, markedClause, placeMarks } from './marks.ts'
import { pixel, type Span, seriesSpan } from './span.ts'
import { fitText } from './text.ts'

const TITLE = 'Error rate by environment'
const LEFT = 140
const ROW_HEIGHT = 46
const CELL_GAP = 3
const NAME_SIZE = 14
const NAME_GAP = 14
const NAME_WIDTH = LEFT - NAME_GAP - EDGE
const MAX_ROWS = 12
const MAX_COLUMNS = 340

/**
 * Classes of the error share by their upper limit, from light to dark, so that they survive without colour too (a
 * yellow-orange-red scale after Brewer).
 */
const CLASSES = [
  { below: 0.001, name: 'under 0.1 %', colour: '#EDF3F7' },
  { below: 0.01, name: '0.1–1 %', colour: '#FDF3CF' },
  { below: 0.03, name: '1–3 %', colour: '#FECF66' },
  { below: 0.1, name: '3–10 %', colour: '#F28E2B' },
  { below: 0.3, name: '10–30 %', colour: '#C8401A' },
  { below: Number.POSITIVE_INFINITY, name: '30 % and more', colour: '#6B0F1A' },
]
const UNKNOWN = { name: 'no requests', colour: '#9A9A9A' }

/** Neighbouring windows of one environment and class, as one cell. */
interface Cell {
  readonly row: number
  readonly start: number
  readonly end: number
}

/** Share of server errors and missing answers, environments × time, with the error incidents marked. */
export function drawErrorRate({ series, incidents }: ChartData): Picture {
  const span = seriesSpan(series.time, series.windowMs)
  const known = series.errorShareByEnvironment.filter(({ share }) => share.some(Number.isFinite))
  if (span === undefined || known.length === 0) {
    return emptyPicture(TITLE, 'The log has no status codes to draw error rates from.')
  }
  const worstFirst = [...known].sort((a, b) => largest(b.share) - largest(a.share)).slice(0, MAX_ROWS)
  const environments = known.filter((environment) => worstFirst.includes(environment))
  const found = incidents.filter(({ metric, severity }) => severity !== 'low' && metric === 'server_error_share')
  const marks = placeMarks(found, span, WIDTH - LEFT - MARGIN.right, { neutral: true })
  const plot = plotBox(LEFT, PLOT_TOP + marks.height, environments.length * ROW_HEIGHT)
  const size = niceBucketSize(series.time.length, MAX_COLUMNS, series.windowMs)
  const cells = buildCells(
    environments.map(({ share }) => reduceBuckets(share, size, 'max')),
    series,
    size,
  )
  const classes = [...CLASSES, UNKNOWN].filter(({ name }) => (cells.get(name)?.length ?? 0) > 0)
  const per = formatDuration(series.windowMs)
  const joined = size > 1 ? `, ${size} windows a cell (the highest)` : ''
  const more = known.length > MAX_ROWS ? `; the worst ${MAX_ROWS} of ${known.length} environments` : ''
  const subtitle = `Server errors and missing answers, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}${more}; ${markedClause(found.length, marks.hidden, 'error incident')}`
  return {
    title: TITLE,
    width: WIDTH,
    height: plot.y + plot.height + MARGIN.bottom,
    shapes: [
      drawTitle(TITLE, subtitle),
      drawLegend([
        ...classes.map(({ name, colour }) => {
          return { name, colour, icon: name === UNKNOWN.name ? ('solid' as const) : ('area' as const) }
        }),
        ...marks.legend,
      ]),
      {
        kind: 'group',
        name: 'environments',
        shapes: environments.map(({ environment }, row) =>
          centredText(fitText(environment, NAME_WIDTH, NAME_SIZE), LEFT - NAME_GAP, plot.y + (row + 0.5) * ROW_HEIGHT, {
            size: NAME_SIZE,
            fill: TEXT,
            anchor: 'end',
          }),
        ),
      },
      ...classes.map(({ name, colour }) => drawCells(name, colour, cells.get(name) ?? [], plot, span)),
      drawMarks(marks, plot, span),
      drawTimeAxis(plot, span),
    ],
  }
}

function largest(shares: Float64Array): number {
  return shares.reduce((most, share) => (Number.isNaN(share) ? most : Math.max(most, share)), 0)
}

function buildCells(rows: readonly Float64Array[], { time, windowMs }: ChartData['series'], size: number) {
  const cells = new Map<string, Cell[]>([...CLASSES, UNKNOWN].map(({ name }) => [name, []]))
  const end = time[time.length - 1] + windowMs
  rows.forEach((shares, row) => {
    const names = Array.from(shares, (share) => CLASSES.find(({ below }) => share < below)?.name ?? UNKNOWN.name)
    let first = 0
    names.forEach((name, column) => {
      if (names[column + 1] === name) return
      cells.get(name)?.push({ row, start: time[first * size], end: time[(column + 1) * size] ?? end })
      first = column + 1
    })
  })
  return cells
}

/** All cells of a class as one shape. */
function drawCells(name: string, colour: string, cells: readonly Cell[], plot: Box, span: Span): Shape {
  const boxes = cells.map(({ row, start, end }) => {
    const left = plot.x + pixel(start, span, plot.width)
    const right = plot.x + pixel(end, span, plot.width)
    const top = plot.y + row * ROW_HEIGHT + CELL_GAP
    return { left, right, top, bottom: top + ROW_HEIGHT - 2 * CELL_GAP }
  })
  if (name === UNKNOWN.name) {
    // A line instead of a tile: nothing was there, which is not the same as nothing failed.
    const paths = boxes.map(({ left, right, top, bottom }): Point[] => [
      [left, (top + bottom) / 2],
      [right, (top + bottom) / 2],
    ])
    return { kind: 'line', paths, stroke: colour, width: 1 }
  }
  const polygons = boxes.map(({ left, right, top, bottom }): Point[] => [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ])
  return { kind: 'area', polygons, fill: colour }
}

import type { CustomSeriesOption } from 'echarts/charts'
import { formatDuration, formatTimeRange } from '../../format.ts'
import type { ChartData } from '../../types.ts'
import { niceBucketSize, reduceBuckets } from '../buckets.ts'
import {
  type Drawing,
  emptyDrawing,
  fitText,
  frame,
  grid,
  type LegendEntry,
  legend,
  MARGIN,
  PLOT_TOP,
  type Span,
  seriesSpan,
  TEXT,
  timeAxis,
  WIDTH,
} from './frame.ts'
import { markedClause, markIncidents, pixel, plotOf } from './marks.ts'

const TITLE = 'Error rate by environment'
const LEFT = 140
const ROW_HEIGHT = 46
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
export function drawErrorRate({ series, incidents }: ChartData): Drawing {
  const span = seriesSpan(series.time, series.windowMs)
  const known = series.errorShareByEnvironment.filter(({ share }) => share.some(Number.isFinite))
  if (span === undefined || known.length === 0) {
    return emptyDrawing(TITLE, 'The log has no status codes to draw error rates from.')
  }
  const worstFirst = [...known].sort((a, b) => largest(b.share) - largest(a.share)).slice(0, MAX_ROWS)
  const environments = known.filter((environment) => worstFirst.includes(environment))
  const found = incidents.filter(({ metric, severity }) => severity !== 'low' && metric === 'server_error_share')
  const width = WIDTH - LEFT - MARGIN.right
  const marks = markIncidents(found, span, width, { neutral: true })
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
  const top = PLOT_TOP + marks.height
  return {
    title: TITLE,
    height: top + environments.length * ROW_HEIGHT + MARGIN.bottom,
    option: {
      ...frame(TITLE, subtitle),
      legend: legend([
        ...classes.map(({ name }): LegendEntry => ({ name, icon: name === UNKNOWN.name ? 'solid' : 'area' })),
        ...marks.legend,
      ]),
      grid: grid(LEFT, top),
      xAxis: timeAxis(span),
      yAxis: {
        type: 'category',
        inverse: true,
        data: environments.map(({ environment }) => fitText(environment, LEFT - 36, 14)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { fontSize: 14, color: TEXT, interval: 0, margin: 14 },
      },
      series: [
        ...classes.map(({ name, colour }) => tiles(name, colour, cells.get(name) ?? [], span, width)),
        ...marks.series,
      ],
    },
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

/** All cells of a class as one shape: hundreds of them would take longer to draw than the rest of the chart. */
function tiles(name: string, colour: string, cells: readonly Cell[], span: Span, width: number): CustomSeriesOption {
  const isUnknown = name === UNKNOWN.name
  return {
    type: 'custom',
    name,
    itemStyle: { color: colour },
    silent: true,
    z: 2,
    data: [[span.start, 0]],
    renderItem: (params) => {
      const { x = 0, y = 0 } = plotOf(params.coordSys)
      const paths = cells.map((cell) => {
        const left = x + pixel(cell.start, span, width)
        const right = x + pixel(cell.end, span, width)
        const top = y + cell.row * ROW_HEIGHT + 3
        const bottom = top + ROW_HEIGHT - 6
        // A line instead of a tile: nothing was there, which is not the same as nothing failed.
        if (isUnknown) return `M${left} ${(top + bottom) / 2}H${right}`
        return `M${left} ${top}H${right}V${bottom}H${left}Z`
      })
      const style = isUnknown ? { fill: 'none', stroke: colour, lineWidth: 1 } : { fill: colour }
      return { type: 'path', shape: { pathData: paths.join('') }, style }
    },
  }
}

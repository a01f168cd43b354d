import type { CustomSeriesOption } from 'echarts/charts'
import { categoryTitle, formatAmount, formatScope, formatTimeRange } from '../../format.ts'
import { type Category, type ChartData, type Incident, SEVERITIES, type Severity } from '../../types.ts'
import { SEVERITY_COLOURS } from './colours.ts'
import {
  chartText,
  type Drawing,
  emptyDrawing,
  FONT,
  frame,
  grid,
  legend,
  MARGIN,
  PLOT_TOP,
  RULE,
  type Span,
  seriesSpan,
  TEXT,
  textWidth,
  timeAxis,
  WIDTH,
} from './frame.ts'
import { type Placed, placeInLanes } from './lanes.ts'
import { pixel, plotOf } from './marks.ts'

const TITLE = 'Incidents over time'
const LEFT = 140
const LANE_HEIGHT = 27
const BAND_PADDING = 10
const FONT_SIZE = 13
const MAX_LANES_PER_CATEGORY = 12
const CATEGORIES: readonly Category[] = [
  'silent_failure',
  'error_spike',
  'latency_surge',
  'traffic_drop',
  'traffic_surge',
  'outlier',
]

/** The lanes of one category, one below the other. */
interface Band {
  readonly category: Category
  readonly placed: readonly Placed<Incident>[]
  readonly hidden: number
  /** Pixels from the plot's top. */
  readonly top: number
  readonly height: number
}

/** All incidents, the watch list included, on one time axis: a band per category, coloured by severity. */
export function drawAnomalyTimeline({ series, incidents, tests, input }: ChartData): Drawing {
  const span = seriesSpan(series.time, series.windowMs) ?? { start: input.start, end: input.end }
  if (incidents.length === 0 || !(span.start < span.end)) {
    return emptyDrawing(TITLE, `No incident: ${formatAmount(tests.judged, 'test')} judged, none significant.`)
  }
  const bands = stackBands(incidents, span)
  const plotHeight = bands.reduce((sum, band) => sum + band.height, 0)
  const hidden = bands.reduce((sum, band) => sum + band.hidden, 0)
  const used = SEVERITIES.filter((severity) => incidents.some((incident) => incident.severity === severity))
  const more = hidden === 0 ? '' : `; ${hidden} more in incidents.json`
  const subtitle = `${formatAmount(incidents.length, 'incident')}, ${formatTimeRange(span.start, span.end)}${more}`
  return {
    title: TITLE,
    height: PLOT_TOP + plotHeight + MARGIN.bottom,
    option: {
      ...frame(TITLE, subtitle),
      legend: legend(used.map((severity) => ({ name: legendName(severity), icon: 'area' }))),
      grid: grid(LEFT, PLOT_TOP),
      xAxis: { ...timeAxis(span), splitLine: { show: true, lineStyle: { color: RULE, type: 'dotted' } } },
      yAxis: { type: 'value', min: 0, max: 1, show: false },
      series: [backdrop(bands, span), ...used.map((severity) => bars(severity, bands, span))],
    },
  }
}

function legendName(severity: Severity): string {
  return severity === 'low' ? 'low (watch list)' : severity
}

function stackBands(incidents: readonly Incident[], span: Span): Band[] {
  const width = WIDTH - LEFT - MARGIN.right
  const bands: Band[] = []
  let top = 0
  for (const category of CATEGORIES) {
    const own = incidents.filter((incident) => incident.category === category)
    if (own.length === 0) continue
    const { placed, count, hidden } = placeInLanes(own, {
      width,
      maxLanes: MAX_LANES_PER_CATEGORY,
      position: ({ start, end }) => ({ left: pixel(start, span, width), right: pixel(end, span, width) }),
      label: ({ id, severity, scope }) => chartText(`${id} ${severity} · ${formatScope(scope)}`, 60),
      labelWidth: (label) => textWidth(label, FONT_SIZE),
    })
    const height = Math.max(1, count) * LANE_HEIGHT + BAND_PADDING
    bands.push({ category, placed, hidden, top, height })
    top += height
  }
  return bands
}

/** Category names, and a line between the bands. */
function backdrop(bands: readonly Band[], span: Span): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: false,
    z: 1,
    data: bands.map(() => [span.start, 0]),
    renderItem: (params) => {
      const { x = 0, y = 0, width = 0 } = plotOf(params.coordSys)
      const band = bands[params.dataIndex]
      const top = y + band.top
      return {
        type: 'group',
        children: [
          { type: 'line', shape: { x1: 24, y1: top, x2: x + width, y2: top }, style: { stroke: RULE, lineWidth: 1 } },
          {
            type: 'text',
            style: {
              text: categoryTitle(band.category),
              x: x - 14,
              y: top + band.height / 2,
              align: 'right',
              verticalAlign: 'middle',
              fontSize: 14,
              fontFamily: FONT,
              fill: TEXT,
            },
          },
        ],
      }
    },
  }
}

function bars(severity: Severity, bands: readonly Band[], span: Span): CustomSeriesOption {
  const marks = bands.flatMap((band) =>
    band.placed.filter(({ item }) => item.severity === severity).map((placed) => ({ ...placed, top: band.top })),
  )
  const colour = SEVERITY_COLOURS[severity]
  return {
    type: 'custom',
    name: legendName(severity),
    itemStyle: { color: colour },
    silent: true,
    clip: false,
    z: 2,
    data: marks.map(() => [span.start, 0]),
    renderItem: (params) => {
      const { x = 0, y = 0 } = plotOf(params.coordSys)
      const mark = marks[params.dataIndex]
      const top = y + mark.top + BAND_PADDING / 2 + mark.lane * LANE_HEIGHT
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: x + mark.left, y: top + 4, width: mark.right - mark.left, height: LANE_HEIGHT - 8, r: 3 },
            style: { fill: colour },
          },
          {
            type: 'text',
            style: {
              text: mark.label,
              x: x + mark.labelAt,
              align: mark.align,
              y: top + LANE_HEIGHT / 2,
              verticalAlign: 'middle',
              fontSize: FONT_SIZE,
              fontFamily: FONT,
              fill: TEXT,
            },
          },
        ],
      }
    },
  }
}

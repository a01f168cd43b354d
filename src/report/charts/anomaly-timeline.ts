import { categoryTitle, formatAmount, formatScope, formatTimeRange } from '../../format.ts'
import { type Box, centredText, type Group, type Picture, type Shape } from '../../picture/shapes.ts'
import { type Category, type ChartData, type Incident, SEVERITIES, type Severity } from '../../types.ts'
import { drawTimeAxis, drawTimeRules } from './axes.ts'
import { SEVERITY_COLOURS } from './colours.ts'
import {
  drawLegend,
  drawTitle,
  EDGE,
  emptyPicture,
  LABEL,
  MARGIN,
  PLOT_TOP,
  plotBox,
  rule,
  TEXT,
  WIDTH,
} from './frame.ts'
import { type Placed, placeInLanes } from './lanes.ts'
import { pixel, type Span, seriesSpan } from './span.ts'
import { chartText, textWidth } from './text.ts'

const TITLE = 'Incidents over time'
const LEFT = 140
const LANE_HEIGHT = 27
const BAND_PADDING = 10
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
  /** From the plot's top. */
  readonly top: number
  readonly height: number
}

/** All incidents, the watch list included, on one time axis: a band per category, coloured by severity. */
export function drawAnomalyTimeline({ series, incidents, tests, input }: ChartData): Picture {
  const span = seriesSpan(series.time, series.windowMs) ?? { start: input.start, end: input.end }
  if (incidents.length === 0 || !(span.start < span.end)) {
    return emptyPicture(TITLE, `No incident: ${formatAmount(tests.judged, 'test')} judged, none significant.`)
  }
  const bands = stackBands(incidents, span)
  const hidden = bands.reduce((sum, band) => sum + band.hidden, 0)
  const used = SEVERITIES.filter((severity) => incidents.some((incident) => incident.severity === severity))
  const more = hidden === 0 ? '' : `; ${hidden} more in incidents.json`
  const subtitle = `${formatAmount(incidents.length, 'incident')}, ${formatTimeRange(span.start, span.end)}${more}`
  const plot = plotBox(
    LEFT,
    PLOT_TOP,
    bands.reduce((sum, band) => sum + band.height, 0),
  )
  return {
    title: TITLE,
    width: WIDTH,
    height: plot.y + plot.height + MARGIN.bottom,
    shapes: [
      drawTitle(TITLE, subtitle),
      drawLegend(
        used.map((severity) => ({ name: legendName(severity), icon: 'area', colour: SEVERITY_COLOURS[severity] })),
      ),
      drawTimeRules(plot, span),
      ...bands.map((band) => drawBand(band, plot)),
      drawTimeAxis(plot, span),
    ],
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
      labelWidth: (label) => textWidth(label, LABEL.size),
    })
    const height = Math.max(1, count) * LANE_HEIGHT + BAND_PADDING
    bands.push({ category, placed, hidden, top, height })
    top += height
  }
  return bands
}

/** A line, the category's name, and its incidents. */
function drawBand({ category, placed, top, height }: Band, plot: Box): Group {
  const y = plot.y + top
  const name = { size: 14, fill: TEXT, anchor: 'end' } as const
  const bars = placed.flatMap(({ item, lane, left, right, label, labelAt, align }): Shape[] => {
    const laneTop = y + BAND_PADDING / 2 + lane * LANE_HEIGHT
    const box = { x: plot.x + left, y: laneTop + 4, width: right - left, height: LANE_HEIGHT - 8 }
    return [
      { kind: 'rect', ...box, fill: SEVERITY_COLOURS[item.severity], radius: 3 },
      centredText(label, plot.x + labelAt, laneTop + LANE_HEIGHT / 2, { ...LABEL, anchor: align }),
    ]
  })
  return {
    kind: 'group',
    name: categoryTitle(category).toLowerCase(),
    shapes: [
      rule(EDGE, y, plot.x + plot.width - EDGE),
      centredText(categoryTitle(category), plot.x - 14, y + height / 2, name),
      ...bars,
    ],
  }
}

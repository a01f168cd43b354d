import { formatCount, formatDuration, formatTimeRange } from '../../format.ts'
import type { Picture } from '../../picture/shapes.ts'
import type { ChartData } from '../../types.ts'
import { bucketSize, reduceBuckets } from '../buckets.ts'
import { drawTimeAxis, drawValueAxis } from './axes.ts'
import { COLOURS } from './colours.ts'
import { drawLegend, drawTitle, emptyPicture, type LegendEntry, MARGIN, PLOT_TOP, plotBox, WIDTH } from './frame.ts'
import { drawMarks, markedClause, placeMarks } from './marks.ts'
import { bandOf, highestOf, type Layout, lineOf } from './series.ts'
import { seriesSpan } from './span.ts'
import { scaleValues } from './value-scale.ts'

const PLOT_HEIGHT = 340
const MAX_POINTS = 1_500
const BAND = { fill: COLOURS.green, opacity: 0.24 }
const FORECAST_LEGEND: readonly LegendEntry[] = [
  { name: 'expected', icon: 'dashed', colour: COLOURS.green },
  { name: 'usual range', icon: 'area', colour: '#9CCFBF' },
]

/** Requests against the band that the verdict used, with the traffic incidents marked. */
export function drawTrafficForecast({ series, incidents }: ChartData): Picture {
  const isJudged = series.expectedRequests.some(Number.isFinite)
  const title = isJudged ? 'Traffic against forecast' : 'Traffic (not judged against a forecast)'
  const span = seriesSpan(series.time, series.windowMs)
  if (span === undefined || !series.requests.some(Number.isFinite)) {
    return emptyPicture(title, 'The log has no whole window of requests to draw.')
  }
  const found = incidents.filter(
    ({ category, severity }) => severity !== 'low' && (category === 'traffic_drop' || category === 'traffic_surge'),
  )
  const marks = placeMarks(found, span, WIDTH - MARGIN.left - MARGIN.right)
  const plot = plotBox(MARGIN.left, PLOT_TOP + marks.height, PLOT_HEIGHT)
  const size = bucketSize(series.time.length, MAX_POINTS)
  const requests = reduceBuckets(series.requests, size, 'furthest')
  const expected = reduceBuckets(series.expectedRequests, size, 'mean')
  const lower = reduceBuckets(series.lowerRequests, size, 'mean').map((value) => Math.max(0, value))
  const upper = reduceBuckets(series.upperRequests, size, 'mean')
  const scale = scaleValues(highestOf(requests, ...(isJudged ? [expected, upper] : [])), 1)
  const time = reduceBuckets(series.time, size, 'first')
  const layout: Layout = { plot, span, top: scale.top, time, pointMs: size * series.windowMs }
  const per = formatDuration(series.windowMs)
  const joined = size > 1 ? `, ${size} windows a point (the most unusual one)` : ''
  const clause = isJudged
    ? markedClause(found.length, marks.hidden, 'traffic incident')
    : 'the notes say why there is no forecast'
  const subtitle = `All requests, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}; ${clause}`
  return {
    title,
    width: WIDTH,
    height: plot.y + plot.height + MARGIN.bottom,
    shapes: [
      drawTitle(title, subtitle),
      drawLegend([
        { name: 'actual', icon: 'solid', colour: COLOURS.blue },
        ...(isJudged ? FORECAST_LEGEND : []),
        ...marks.legend,
      ]),
      drawValueAxis(plot, scale, `Requests per ${per} window`, formatCount),
      drawMarks(marks, plot, span),
      ...(isJudged ? [bandOf(lower, upper, layout, BAND)] : []),
      drawTimeAxis(plot, span),
      ...(isJudged ? [lineOf(expected, layout, { stroke: COLOURS.green, width: 1.6, dash: [6.4, 3.2] })] : []),
      lineOf(requests, layout, { stroke: COLOURS.blue, width: 1.8 }),
    ],
  }
}

import type { LineSeriesOption } from 'echarts/charts'
import { formatCount, formatDuration, formatTimeRange } from '../../format.ts'
import type { ChartData } from '../../types.ts'
import { bucketSize, reduceBuckets } from '../buckets.ts'
import { COLOURS } from './colours.ts'
import {
  type Drawing,
  emptyDrawing,
  frame,
  grid,
  type LegendEntry,
  legend,
  MARGIN,
  PLOT_TOP,
  PLOT_WIDTH,
  seriesSpan,
  timeAxis,
  valueAxis,
} from './frame.ts'
import { markedClause, markIncidents } from './marks.ts'

const PLOT_HEIGHT = 340
const FORECAST_LEGEND: readonly LegendEntry[] = [
  { name: 'expected', icon: 'dashed' },
  { name: 'usual range', icon: 'area' },
]
const MAX_POINTS = 1_500

/** Requests against the band that the verdict used, with the traffic incidents marked. */
export function drawTrafficForecast({ series, incidents }: ChartData): Drawing {
  const isJudged = series.expectedRequests.some(Number.isFinite)
  const title = isJudged ? 'Traffic against forecast' : 'Traffic (not judged against a forecast)'
  const span = seriesSpan(series.time, series.windowMs)
  if (span === undefined || !series.requests.some(Number.isFinite)) {
    return emptyDrawing(title, 'The log has no whole window of requests to draw.')
  }
  const found = incidents.filter(
    ({ category, severity }) => severity !== 'low' && (category === 'traffic_drop' || category === 'traffic_surge'),
  )
  const marks = markIncidents(found, span, PLOT_WIDTH)
  const size = bucketSize(series.time.length, MAX_POINTS)
  const middles = reduceBuckets(series.time, size, 'first').map((start) => start + (size * series.windowMs) / 2)
  const requests = reduceBuckets(series.requests, size, 'furthest')
  const expected = reduceBuckets(series.expectedRequests, size, 'mean')
  const lower = reduceBuckets(series.lowerRequests, size, 'mean').map((value) => Math.max(0, value))
  const upper = reduceBuckets(series.upperRequests, size, 'mean')
  const per = formatDuration(series.windowMs)
  const joined = size > 1 ? `, ${size} windows a point (the most unusual one)` : ''
  const clause = isJudged
    ? markedClause(found.length, marks.hidden, 'traffic incident')
    : 'the notes say why there is no forecast'
  return {
    title,
    height: PLOT_TOP + marks.height + PLOT_HEIGHT + MARGIN.bottom,
    option: {
      ...frame(title, `All requests, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}; ${clause}`),
      legend: legend([{ name: 'actual', icon: 'solid' }, ...(isJudged ? FORECAST_LEGEND : []), ...marks.legend]),
      grid: grid(MARGIN.left, PLOT_TOP + marks.height),
      xAxis: timeAxis(span),
      yAxis: valueAxis(`Requests per ${per} window`, formatCount),
      series: [
        ...marks.series,
        ...(isJudged ? band(middles, lower, upper) : []),
        ...(isJudged ? [line('expected', middles, expected, COLOURS.green, 'dashed', 1.6)] : []),
        line('actual', middles, requests, COLOURS.blue, 'solid', 1.8),
      ],
    },
  }
}

/** The band as two stacked areas: an unseen one up to the lower limit, and the width above it. */
function band(middles: Float64Array, lower: Float64Array, upper: Float64Array): LineSeriesOption[] {
  const width = upper.map((value, i) => value - lower[i])
  const hidden = { ...line('below the usual range', middles, lower, 'transparent', 'solid', 0), stack: 'band' }
  const seen = { ...line('usual range', middles, width, '#9CCFBF', 'solid', 0), stack: 'band' }
  return [hidden, { ...seen, areaStyle: { color: COLOURS.green, opacity: 0.24 } }]
}

function line(
  name: string,
  middles: Float64Array,
  values: Float64Array,
  color: string,
  type: 'solid' | 'dashed',
  width: number,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: Array.from(middles, (time, i) => [time, Number.isFinite(values[i]) ? values[i] : '-']),
    symbol: 'none',
    connectNulls: false,
    silent: true,
    z: 3,
    lineStyle: { width, color, type },
    itemStyle: { color },
  }
}

import type { LineSeriesOption } from 'echarts/charts'
import type { Report } from '../../types.ts'
import { bucketSize, type Reducer, reduceBuckets } from '../buckets.ts'
import { formatCount, formatDuration, formatMs, formatTimeRange } from '../format.ts'
import { COLOURS } from './colours.ts'
import {
  type Drawing,
  emptyDrawing,
  frame,
  legend,
  MARGIN,
  PLOT_TOP,
  PLOT_WIDTH,
  seriesSpan,
  timeAxis,
  valueAxis,
} from './frame.ts'
import { markedClause, markIncidents } from './marks.ts'

const TITLE = 'Response time'
const PLOT_HEIGHT = 340
const MAX_POINTS = 1_500

/** p50 and p95 of all requests over time, with every incident above low marked. */
export function drawResponseTime({ series, incidents }: Report): Drawing {
  const span = seriesSpan(series.time, series.windowMs)
  if (span === undefined || !series.latencyP50Ms.some(Number.isFinite)) {
    return emptyDrawing(TITLE, 'The log has no response times to draw.')
  }
  const found = incidents.filter((incident) => incident.severity !== 'low')
  const marks = markIncidents(found, span, PLOT_WIDTH)
  const size = bucketSize(series.time.length, MAX_POINTS)
  const per = formatDuration(series.windowMs)
  const joined = size > 1 ? `, ${size} windows a point (p95: the highest)` : ''
  const time = reduceBuckets(series.time, size, 'first')
  const subtitle = `All requests, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}; ${markedClause(found.length, marks.hidden)}`
  return {
    title: TITLE,
    height: PLOT_TOP + marks.height + PLOT_HEIGHT + MARGIN.bottom,
    option: {
      ...frame(TITLE, subtitle),
      legend: legend([{ name: 'p95' }, { name: 'p50 (median)' }, ...marks.legend]),
      grid: { left: MARGIN.left, right: MARGIN.right, top: PLOT_TOP + marks.height, bottom: MARGIN.bottom },
      xAxis: timeAxis(span),
      yAxis: valueAxis('Response time', axisMs),
      series: [
        ...marks.series,
        line('p95', time, reduced(series.latencyP95Ms, size, 'max'), COLOURS.vermillion, 'solid', series.windowMs),
        line('p50 (median)', time, reduced(series.latencyP50Ms, size, 'mean'), COLOURS.blue, 'dashed', series.windowMs),
      ],
    },
  }
}

function axisMs(value: number): string {
  return value >= 1_000 ? formatMs(value) : `${formatCount(value)} ms`
}

function reduced(values: Float64Array, size: number, reducer: Reducer): Float64Array {
  return reduceBuckets(values, size, reducer)
}

function line(
  name: string,
  time: Float64Array,
  values: Float64Array,
  color: string,
  type: 'solid' | 'dashed',
  windowMs: number,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    // A window is drawn at its middle.
    data: Array.from(time, (start, i) => [start + windowMs / 2, Number.isFinite(values[i]) ? values[i] : '-']),
    symbol: 'none',
    connectNulls: false,
    silent: true,
    z: 3,
    lineStyle: { width: type === 'solid' ? 1.8 : 2, color, type },
    itemStyle: { color },
  }
}

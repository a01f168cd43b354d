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
export function drawResponseTime({ series, incidents }: ChartData): Drawing {
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
  const p50 = reduceBuckets(series.latencyP50Ms, size, 'mean')
  const p95 = reduceBuckets(series.latencyP95Ms, size, 'max')
  const unit = axisUnit(
    [...p50, ...p95].reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), 0),
  )
  const inUnit = (values: Float64Array) => values.map((value) => value / unit.ms)
  const subtitle = `All requests, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}; ${markedClause(found.length, marks.hidden)}`
  return {
    title: TITLE,
    height: PLOT_TOP + marks.height + PLOT_HEIGHT + MARGIN.bottom,
    option: {
      ...frame(TITLE, subtitle),
      legend: legend([{ name: 'p95', icon: 'solid' }, { name: 'p50 (median)', icon: 'dashed' }, ...marks.legend]),
      grid: grid(MARGIN.left, PLOT_TOP + marks.height),
      xAxis: timeAxis(span),
      yAxis: valueAxis(`Response time (${unit.name})`, formatCount),
      series: [
        ...marks.series,
        line('p95', time, inUnit(p95), COLOURS.black, 'solid', size * series.windowMs),
        line('p50 (median)', time, inUnit(p50), COLOURS.blue, 'dashed', size * series.windowMs),
      ],
    },
  }
}

/** One unit for the whole axis, so that its steps are round in it. */
function axisUnit(highestMs: number): { readonly name: string; readonly ms: number } {
  if (highestMs >= 120_000) return { name: 'min', ms: 60_000 }
  return highestMs >= 3_000 ? { name: 's', ms: 1_000 } : { name: 'ms', ms: 1 }
}

function line(
  name: string,
  time: Float64Array,
  values: Float64Array,
  color: string,
  type: 'solid' | 'dashed',
  pointMs: number,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    // A point is drawn at the middle of its windows.
    data: Array.from(time, (start, i) => [start + pointMs / 2, Number.isFinite(values[i]) ? values[i] : '-']),
    symbol: 'none',
    connectNulls: false,
    silent: true,
    z: 3,
    lineStyle: { width: type === 'solid' ? 1.5 : 2, color, type },
    itemStyle: { color },
  }
}

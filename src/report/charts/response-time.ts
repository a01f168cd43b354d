import { formatCount, formatDuration, formatTimeRange } from '../../format.ts'
import type { Picture } from '../../picture/shapes.ts'
import type { ChartData } from '../../types.ts'
import { bucketSize, reduceBuckets } from '../buckets.ts'
import { drawTimeAxis, drawValueAxis } from './axes.ts'
import { COLOURS } from './colours.ts'
import { drawLegend, drawTitle, emptyPicture, MARGIN, PLOT_TOP, plotBox, WIDTH } from './frame.ts'
import { drawMarks, markedClause, placeMarks } from './marks.ts'
import { highestOf, type Layout, lineOf } from './series.ts'
import { seriesSpan } from './span.ts'
import { scaleValues } from './value-scale.ts'

const TITLE = 'Response time'
const PLOT_HEIGHT = 340
const MAX_POINTS = 1_500
/** Labels have one decimal. */
const LEAST_STEP = 0.1

/** p50 and p95 of all requests over time, with every incident above low marked. */
export function drawResponseTime({ series, incidents }: ChartData): Picture {
  const span = seriesSpan(series.time, series.windowMs)
  if (span === undefined || !series.latencyP50Ms.some(Number.isFinite)) {
    return emptyPicture(TITLE, 'The log has no response times to draw.')
  }
  const found = incidents.filter((incident) => incident.severity !== 'low')
  const marks = placeMarks(found, span, WIDTH - MARGIN.left - MARGIN.right)
  const plot = plotBox(MARGIN.left, PLOT_TOP + marks.height, PLOT_HEIGHT)
  const size = bucketSize(series.time.length, MAX_POINTS)
  const per = formatDuration(series.windowMs)
  const joined = size > 1 ? `, ${size} windows a point (p95: the highest)` : ''
  const p50Ms = reduceBuckets(series.latencyP50Ms, size, 'mean')
  const p95Ms = reduceBuckets(series.latencyP95Ms, size, 'max')
  const unit = axisUnit(highestOf(p50Ms, p95Ms))
  const [p50, p95] = [p50Ms, p95Ms].map((values) => values.map((value) => value / unit.ms))
  const scale = scaleValues(highestOf(p50, p95), LEAST_STEP)
  const time = reduceBuckets(series.time, size, 'first')
  const layout: Layout = { plot, span, top: scale.top, time, pointMs: size * series.windowMs }
  const subtitle = `All requests, windows of ${per}${joined}, ${formatTimeRange(span.start, span.end)}; ${markedClause(found.length, marks.hidden)}`
  return {
    title: TITLE,
    width: WIDTH,
    height: plot.y + plot.height + MARGIN.bottom,
    shapes: [
      drawTitle(TITLE, subtitle),
      drawLegend([
        { name: 'p95', icon: 'solid', colour: COLOURS.black },
        { name: 'p50 (median)', icon: 'dashed', colour: COLOURS.blue },
        ...marks.legend,
      ]),
      drawValueAxis(plot, scale, `Response time (${unit.name})`, formatCount),
      drawMarks(marks, plot, span),
      drawTimeAxis(plot, span),
      lineOf(p95, layout, { stroke: COLOURS.black, width: 1.5 }),
      lineOf(p50, layout, { stroke: COLOURS.blue, width: 2, dash: [8, 4] }),
    ],
  }
}

/** One unit for the whole axis, so that its steps are round in it. */
function axisUnit(highestMs: number): { readonly name: string; readonly ms: number } {
  if (highestMs >= 120_000) return { name: 'min', ms: 60_000 }
  return highestMs >= 3_000 ? { name: 's', ms: 1_000 } : { name: 'ms', ms: 1 }
}

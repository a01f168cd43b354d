/** The five charts. This module brings ECharts along: import it where charts are wanted, and late. */
import type { Report } from '../types.ts'
import { drawAnomaliesByService } from './charts/anomalies-by-service.ts'
import { drawAnomalyTimeline } from './charts/anomaly-timeline.ts'
import { drawErrorRate } from './charts/error-rate.ts'
import type { Drawing } from './charts/frame.ts'
import { drawResponseTime } from './charts/response-time.ts'
import { renderSvg } from './charts/svg.ts'
import { drawTrafficForecast } from './charts/traffic-forecast.ts'

/** Those that take long to become images first: one is rendered while the next is drawn. */
const CHARTS: readonly (readonly [name: string, draw: (report: Report) => Drawing])[] = [
  ['traffic-forecast', drawTrafficForecast],
  ['response-time', drawResponseTime],
  ['error-rate-by-environment', drawErrorRate],
  ['anomaly-timeline', drawAnomalyTimeline],
  ['anomalies-by-service', drawAnomaliesByService],
]

/**
 * File names without extension, and SVG documents; each is drawn when it is asked for. A chart that has nothing to show
 * says so.
 */
export function* drawCharts(report: Report): Generator<[name: string, svg: string]> {
  for (const [name, draw] of CHARTS) yield [name, renderSvg(draw(report))]
}

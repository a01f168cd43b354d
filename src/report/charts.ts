/** The five charts. This module brings ECharts along: import it where charts are wanted, and late. */
import type { Report } from '../types.ts'
import { drawAnomaliesByService } from './charts/anomalies-by-service.ts'
import { drawAnomalyTimeline } from './charts/anomaly-timeline.ts'
import { drawErrorRate } from './charts/error-rate.ts'
import type { Drawing } from './charts/frame.ts'
import { drawResponseTime } from './charts/response-time.ts'
import { renderSvg } from './charts/svg.ts'
import { drawTrafficForecast } from './charts/traffic-forecast.ts'

const CHARTS: readonly (readonly [name: string, draw: (report: Report) => Drawing])[] = [
  ['response-time', drawResponseTime],
  ['anomalies-by-service', drawAnomaliesByService],
  ['error-rate-by-environment', drawErrorRate],
  ['anomaly-timeline', drawAnomalyTimeline],
  ['traffic-forecast', drawTrafficForecast],
]

/** File names without extension, and SVG documents. A chart that has nothing to show says so. */
export function drawCharts(report: Report): Map<string, string> {
  return new Map(CHARTS.map(([name, draw]) => [name, renderSvg(draw(report))]))
}

/** The five charts. This module brings ECharts along: import it where charts are wanted, and late. */
import type { ChartData } from '../types.ts'
import { drawAnomaliesByService } from './charts/anomalies-by-service.ts'
import { drawAnomalyTimeline } from './charts/anomaly-timeline.ts'
import { drawErrorRate } from './charts/error-rate.ts'
import type { Drawing } from './charts/frame.ts'
import type { ChartName } from './charts/names.ts'
import { PRACTICE } from './charts/practice.ts'
import { drawResponseTime } from './charts/response-time.ts'
import { renderSvg } from './charts/svg.ts'
import { drawTrafficForecast } from './charts/traffic-forecast.ts'

const CHARTS: Readonly<Record<ChartName, (data: ChartData) => Drawing>> = {
  'response-time': drawResponseTime,
  'anomalies-by-service': drawAnomaliesByService,
  'error-rate-by-environment': drawErrorRate,
  'anomaly-timeline': drawAnomalyTimeline,
  'traffic-forecast': drawTrafficForecast,
}

/** A chart as an SVG document. One that has nothing to show says so. */
export function drawChart(name: ChartName, data: ChartData): string {
  return renderSvg(CHARTS[name](data))
}

/**
 * Draws made-up charts. An engine compiles what is used, which for the first charts takes longer than to draw them; this
 * is for threads that have nothing to draw yet.
 */
export function practiseDrawing(): void {
  for (const draw of Object.values(CHARTS)) renderSvg(draw(PRACTICE))
}

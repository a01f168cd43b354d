/** The five charts. */
import type { Picture } from '../picture/shapes.ts'
import type { ChartData } from '../types.ts'
import { drawAnomaliesByService } from './charts/anomalies-by-service.ts'
import { drawAnomalyTimeline } from './charts/anomaly-timeline.ts'
import { drawErrorRate } from './charts/error-rate.ts'
import type { ChartName } from './charts/names.ts'
import { drawResponseTime } from './charts/response-time.ts'
import { drawTrafficForecast } from './charts/traffic-forecast.ts'

const CHARTS: Readonly<Record<ChartName, (data: ChartData) => Picture>> = {
  'response-time': drawResponseTime,
  'anomalies-by-service': drawAnomaliesByService,
  'error-rate-by-environment': drawErrorRate,
  'anomaly-timeline': drawAnomalyTimeline,
  'traffic-forecast': drawTrafficForecast,
}

/** A chart as a picture. One that has nothing to show says so. */
export function drawChart(name: ChartName, data: ChartData): Picture {
  return CHARTS[name](data)
}

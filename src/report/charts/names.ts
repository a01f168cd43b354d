/** Names of the charts; their files are `charts/NAME.svg` and `charts/NAME.png`. */
export const CHART_NAMES = [
  'response-time',
  'anomalies-by-service',
  'error-rate-by-environment',
  'anomaly-timeline',
  'traffic-forecast',
] as const

export type ChartName = (typeof CHART_NAMES)[number]

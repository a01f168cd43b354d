/** A report's charts as files, each drawn here while the one before becomes an image elsewhere. */
import type { Rasterizer } from './io/rasterize.ts'
import type { Report } from './types.ts'

/** Names of the charts; their files are `charts/NAME.svg` and `charts/NAME.png`. */
export const CHARTS = [
  'response-time',
  'anomalies-by-service',
  'error-rate-by-environment',
  'anomaly-timeline',
  'traffic-forecast',
] as const

/** Gets ready to render charts while the logs are analysed; end it by `close`. null: there will be none. */
export async function prepareCharts(charts: boolean): Promise<Rasterizer | null> {
  return charts ? (await import('./io/rasterize.ts')).startRasterizer() : null
}

/** Files by name. */
export async function renderCharts(report: Report, rasterizer: Rasterizer): Promise<[string, string | Uint8Array][]> {
  const { drawCharts } = await import('./report/charts.ts')
  const drawn = new Map<string, string>()
  for (const [name, svg] of drawCharts(report)) {
    drawn.set(name, svg)
    await rasterizer.add(name, svg)
  }
  const images = await rasterizer.finish()
  return CHARTS.flatMap((name): [string, string | Uint8Array][] => {
    const svg = drawn.get(name)
    const png = images.get(name)
    if (svg === undefined || png === undefined) throw new Error(`chart '${name}' was not drawn`)
    return [
      [`charts/${name}.svg`, svg],
      [`charts/${name}.png`, png],
    ]
  })
}

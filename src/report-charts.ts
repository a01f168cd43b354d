/** A report's charts as files, each drawn in one thread while the one before becomes an image in another. */
import type { ChartDrawer } from './io/chart-drawer.ts'
import type { Rasterizer } from './io/rasterize.ts'
import { CHART_NAMES, type ChartName } from './report/charts/names.ts'
import type { Report } from './types.ts'

/** The threads that make charts. */
export interface ChartMakers {
  readonly drawer: ChartDrawer
  readonly rasterizer: Rasterizer
  /** Ends them. Nobody waits for that: it takes longer than to write the report, and all else is done. */
  close(): void
}

/** Those that take long to become images first: one is rendered while the next is drawn. */
const IN_ORDER: readonly ChartName[] = [
  'traffic-forecast',
  'response-time',
  'error-rate-by-environment',
  'anomaly-timeline',
  'anomalies-by-service',
]

/** Gets ready to make charts while the logs are analysed; end it by `close`. null: there will be none. */
export async function prepareCharts(charts: boolean): Promise<ChartMakers | null> {
  if (!charts) return null
  const [{ startChartDrawer }, { startRasterizer }] = await Promise.all([
    import('./io/chart-drawer.ts'),
    import('./io/rasterize.ts'),
  ])
  const drawer = startChartDrawer()
  const rasterizer = startRasterizer()
  return {
    drawer,
    rasterizer,
    close() {
      void Promise.allSettled([drawer.close(), rasterizer.close()])
    },
  }
}

/** Files by name. */
export async function renderCharts(
  { input, tests, incidents, series }: Report,
  { drawer, rasterizer }: ChartMakers,
): Promise<[string, string | Uint8Array][]> {
  const drawn = new Map<string, string>()
  const drawing = IN_ORDER.map((name) => [name, drawer.draw(name, { input, tests, incidents, series })] as const)
  for (const [name, svg] of drawing) {
    drawn.set(name, await svg)
    await rasterizer.add(name, await svg)
  }
  // It ends while the last images are rendered, and leaves them its memory.
  const [images] = await Promise.all([rasterizer.finish(), drawer.close()])
  return CHART_NAMES.flatMap((name): [string, string | Uint8Array][] => {
    const svg = drawn.get(name)
    const png = images.get(name)
    if (svg === undefined || png === undefined) throw new Error(`chart '${name}' was not drawn`)
    return [
      [`charts/${name}.svg`, svg],
      [`charts/${name}.png`, png],
    ]
  })
}

/** Charts as SVG. Drawn in a worker, which gets to know its tools while the logs are still analysed. */
import type { ChartName } from '../report/charts/names.ts'
import type { ChartData } from '../types.ts'
import { keepForLater } from './keep-for-later.ts'
import { countThreads, startWorkers } from './workers.ts'

export interface ChartDrawer {
  /** A chart as an SVG document; the same text, whatever was drawn before. */
  draw(name: ChartName, data: ChartData): Promise<string>
  /** Ends the worker. */
  close(): Promise<void>
}

/**
 * Makes a drawer, whose worker starts at once.
 *
 * @param count of workers, 0 for none: the charts are the same
 */
export function startChartDrawer(count = Math.min(1, countThreads() - 1)): ChartDrawer {
  const pool = startWorkers(count)
  if (count > 0) keepForLater(pool.run('prepareDrawing', {}))
  return {
    draw: (name, data) => keepForLater(pool.run('drawChart', { name, data })),
    close: () => pool.close(),
  }
}

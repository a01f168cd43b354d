import type { Rasterizer } from './io/rasterize.ts'
import { renderAnomalies, renderRejected } from './report/csv.ts'
import { renderIncidents } from './report/json.ts'
import { renderSummary } from './report/markdown.ts'
import { buildChartLinks } from './report/quickchart.ts'
import { CHARTS, renderCharts } from './report-charts.ts'
import { STATE_FILE } from './state/document.ts'
import { renderState } from './state/render.ts'
import type { Report } from './types.ts'

/** Every name that a report of any run may have, so that the files of an earlier one can be told from the user's. */
export const REPORT_FILES: readonly string[] = [
  'master_anomalies.csv',
  'incidents.json',
  'summary.md',
  'rejected.csv',
  STATE_FILE,
  ...CHARTS.flatMap((name) => [`charts/${name}.svg`, `charts/${name}.png`]),
]

interface ReportOptions {
  /** A chart server that may see aggregates, null for none. */
  readonly quickchartHost: string | null
}

/**
 * The files of a report by name, in the order in which a reader wants them.
 *
 * @param rasterizer as `prepareCharts` gives it; null: no charts
 */
export async function renderReportFiles(
  report: Report,
  { quickchartHost }: ReportOptions,
  rasterizer: Rasterizer | null,
): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>()
  files.set('master_anomalies.csv', renderAnomalies(report))
  files.set('incidents.json', renderIncidents(report))
  if (report.state !== null) files.set(STATE_FILE, renderState(report.state))
  if (report.rejected.length > 0) files.set('rejected.csv', renderRejected(report))
  if (rasterizer !== null) for (const [name, image] of await renderCharts(report, rasterizer)) files.set(name, image)
  const quickchartLinks = quickchartHost === null ? [] : await buildChartLinks(report, quickchartHost)
  return new Map([['summary.md', renderSummary(report, { quickchartLinks, files: [...files.keys()] })], ...files])
}

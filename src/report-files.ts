import { CHART_NAMES } from './report/charts/names.ts'
import { renderAnomalies, renderRejected } from './report/csv.ts'
import { renderIncidents } from './report/json.ts'
import { renderSummary } from './report/markdown.ts'
import { buildChartLinks } from './report/quickchart.ts'
import { type ChartMakers, renderCharts } from './report-charts.ts'
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
  ...CHART_NAMES.flatMap((name) => [`charts/${name}.svg`, `charts/${name}.png`]),
]

interface ReportOptions {
  /** A chart server that may see aggregates, null for none. */
  readonly quickchartHost: string | null
}

/**
 * The files of a report by name, in the order in which a reader wants them.
 *
 * @param makers as `prepareCharts` gives them; null: no charts
 */
export async function renderReportFiles(
  report: Report,
  { quickchartHost }: ReportOptions,
  makers: ChartMakers | null,
): Promise<Map<string, string | Uint8Array>> {
  // The charts are made elsewhere meanwhile.
  const [charts, tables] = await Promise.all([
    makers === null ? [] : renderCharts(report, makers),
    renderTables(report),
  ])
  const files = new Map<string, string | Uint8Array>([...tables, ...charts])
  const quickchartLinks = quickchartHost === null ? [] : await buildChartLinks(report, quickchartHost)
  return new Map([['summary.md', renderSummary(report, { quickchartLinks, files: [...files.keys()] })], ...files])
}

async function renderTables(report: Report): Promise<[string, string][]> {
  return [
    ['master_anomalies.csv', renderAnomalies(report)],
    ['incidents.json', renderIncidents(report)],
    ...(report.state === null ? [] : [[STATE_FILE, renderState(report.state)] as [string, string]]),
    ...(report.rejected.length === 0 ? [] : [['rejected.csv', renderRejected(report)] as [string, string]]),
  ]
}

import { CHART_NAMES } from './report/charts/names.ts'
import { renderAnomalies, renderRejected } from './report/csv.ts'
import { renderIncidents } from './report/json.ts'
import { renderSummary } from './report/markdown.ts'
import { buildChartLinks } from './report/quickchart.ts'
import { renderCharts } from './report-charts.ts'
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
  readonly charts: boolean
}

/** The files of a report by name, in the order in which a reader wants them. */
export async function renderReportFiles(
  report: Report,
  { quickchartHost, charts }: ReportOptions,
): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>([
    ...renderTables(report),
    ...(charts ? await renderCharts(report) : []),
  ])
  const quickchartLinks = quickchartHost === null ? [] : await buildChartLinks(report, quickchartHost)
  return new Map([['summary.md', renderSummary(report, { quickchartLinks, files: [...files.keys()] })], ...files])
}

function renderTables(report: Report): [string, string][] {
  return [
    ['master_anomalies.csv', renderAnomalies(report)],
    ['incidents.json', renderIncidents(report)],
    ...(report.state === null ? [] : [[STATE_FILE, renderState(report.state)] as [string, string]]),
    ...(report.rejected.length === 0 ? [] : [['rejected.csv', renderRejected(report)] as [string, string]]),
  ]
}

import {
  formatAmount,
  formatComparison,
  formatCount,
  formatScope,
  formatSeverityCounts,
  formatTimeRange,
  incidentTitle,
} from '../format.ts'
import { type Report, SEVERITIES } from '../types.ts'
import { terminalText, truncate } from './escape.ts'

const MAX_ROWS = 20
const HEADER = ['SEVERITY', 'WHAT', 'WHERE', 'WHEN', 'ACTUAL VS EXPECTED']
/** Widest cell per column, in characters. */
const WIDTHS = [8, 18, 60, 44, 44]

/**
 * The incidents above low as a plain table for a terminal or a workflow log, worst first, with a line of counts beneath.
 * Log fields in it carry no control characters and no workflow command.
 */
export function renderTable(report: Report): string {
  const found = report.incidents.filter((incident) => incident.severity !== 'low')
  const watched = report.incidents.length - found.length
  const watchList = watched === 0 ? '' : ` Watch list: ${formatAmount(watched, 'weak sign', 'weak signs')}.`
  const judged = `${formatAmount(report.tests.judged, 'test')} judged`
  if (found.length === 0) return `No anomalies: ${judged}, none significant.${watchList}\n`
  const rows = found
    .slice(0, MAX_ROWS)
    .map((incident) => [
      incident.severity,
      incidentTitle(incident),
      formatScope(incident.scope),
      formatTimeRange(incident.start, incident.end),
      formatComparison(incident),
    ])
  const lines = alignColumns([HEADER, ...rows])
  const more = found.length - rows.length
  if (more > 0) lines.push(`… and ${formatCount(more)} more`)
  const counts = formatSeverityCounts(found, SEVERITIES)
  return `${lines.join('\n')}\n\n${formatAmount(found.length, 'incident')}: ${counts}; ${judged}.${watchList}\n`
}

function alignColumns(table: readonly (readonly string[])[]): string[] {
  const cells = table.map((row) => row.map((cell, column) => truncate(terminalText(cell), WIDTHS[column] ?? 40)))
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => Array.from(row[column] ?? '').length)))
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - Array.from(cell).length))
      .join('  ')
      .trimEnd(),
  )
}

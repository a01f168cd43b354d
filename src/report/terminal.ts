import {
  formatAmount,
  formatComparison,
  formatCount,
  formatScope,
  formatSeverityCounts,
  formatTimeRange,
  incidentTitle,
} from '../format.ts'
import { type Comparison, type Incident, type Report, SEVERITIES } from '../types.ts'
import { terminalText, truncate } from './escape.ts'
import { countStatuses, describeBaseline, formatStatuses, isNews, listFound, listGone } from './standing.ts'

const MAX_ROWS = 20
const MAX_FIXED = 5
const MAX_LINE = 300

interface Column {
  readonly title: string
  /** Widest cell, in characters. */
  readonly width: number
  cell(incident: Incident): string
}

const STATUS: Column = { title: 'STATUS', width: 6, cell: ({ status }) => status ?? '' }
const SEVERITY: Column = { title: 'SEVERITY', width: 8, cell: ({ severity }) => severity }
const COLUMNS: readonly Column[] = [
  { title: 'WHAT', width: 18, cell: incidentTitle },
  { title: 'WHERE', width: 60, cell: ({ scope }) => formatScope(scope) },
  { title: 'WHEN', width: 44, cell: ({ start, end }) => formatTimeRange(start, end) },
  { title: 'ACTUAL VS EXPECTED', width: 44, cell: formatComparison },
]

/**
 * The incidents above low as a plain table for a terminal or a workflow log, worst first, with a line of counts beneath.
 * With a baseline those that it has too come last, and the lines beneath say how the run stands against it. Log fields
 * in it carry no control characters and no workflow command.
 */
export function renderTable(report: Report): string {
  const { comparison } = report
  const all = listFound(report)
  const found = [...all.filter(isNews), ...all.filter((incident) => !isNews(incident))]
  const watched = report.incidents.length - found.length
  const watchList = watched === 0 ? '' : ` Watch list: ${formatAmount(watched, 'weak sign', 'weak signs')}.`
  const judged = `${formatAmount(report.tests.judged, 'test')} judged`
  const standing = comparison === null ? '' : `${standingLines(report, comparison)}\n`
  if (found.length === 0) return `No anomalies: ${judged}, none significant.${watchList}\n${standing}`
  const lines = alignColumns(found.slice(0, MAX_ROWS), [SEVERITY, ...(comparison === null ? [] : [STATUS]), ...COLUMNS])
  const more = found.length - MAX_ROWS
  if (more > 0) lines.push(`… and ${formatCount(more)} more`)
  const counts = formatSeverityCounts(found, SEVERITIES)
  return `${lines.join('\n')}\n\n${formatAmount(found.length, 'incident')}: ${counts}; ${judged}.${watchList}\n${standing}`
}

/** How many are new, worse, known and fixed against what, and which are fixed. */
function standingLines(report: Report, comparison: Comparison): string {
  const counts = formatStatuses(countStatuses(report, comparison))
  const fixed = listGone(comparison.fixed)
  const more = fixed.length - MAX_FIXED
  const lines = [
    `Against ${describeBaseline(comparison)}: ${counts === '' ? 'nothing new, nothing known' : counts}.`,
    ...fixed
      .slice(0, MAX_FIXED)
      .map(({ incident }) => `fixed: ${incidentTitle(incident)} in ${formatScope(incident.scope)}`),
    ...(more > 0 ? [`fixed: ${formatCount(more)} more`] : []),
  ]
  return lines.map((line) => truncate(terminalText(line), MAX_LINE)).join('\n')
}

function alignColumns(incidents: readonly Incident[], columns: readonly Column[]): string[] {
  const rows = incidents.map((incident) =>
    columns.map(({ width, cell }) => truncate(terminalText(cell(incident)), width)),
  )
  const table = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, column) => Math.max(...table.map((row) => Array.from(row[column]).length)))
  return table.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column] - Array.from(cell).length))
      .join('  ')
      .trimEnd(),
  )
}

import Papa from 'papaparse'
import { formatIso } from '../format.ts'
import type { Anomaly, Report } from '../types.ts'
import { roundNumber, roundProbability } from './round.ts'

/** What a spreadsheet takes for a formula (OWASP "CSV injection"), full-width forms too, behind blanks or not. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^\p{Cc}/u

type Cell = string | number
type Columns<Row> = readonly (readonly [name: string, cell: (row: Row) => Cell])[]

const ANOMALY_COLUMNS: Columns<Anomaly> = [
  ['anomaly_id', (row) => row.id],
  ['incident_id', (row) => row.incident],
  ['category', (row) => row.category],
  ['severity', (row) => row.severity],
  ['detector', (row) => row.detector],
  ['start', (row) => formatIso(row.start) ?? ''],
  ['end', (row) => formatIso(row.end) ?? ''],
  ['service', (row) => row.scope.service ?? ''],
  ['endpoint', (row) => row.scope.endpoint ?? ''],
  ['region', (row) => row.scope.region ?? ''],
  ['environment', (row) => row.scope.environment ?? ''],
  ['metric', (row) => row.metric],
  ['actual', (row) => roundNumber(row.actual) ?? ''],
  ['expected', (row) => roundNumber(row.expected) ?? ''],
  ['lower', (row) => roundNumber(row.lower) ?? ''],
  ['upper', (row) => roundNumber(row.upper) ?? ''],
  ['support', (row) => roundNumber(row.support) ?? ''],
  ['p_value', (row) => roundProbability(row.pValue) ?? ''],
  ['q_value', (row) => roundProbability(row.qValue) ?? ''],
  ['score', (row) => roundNumber(row.score) ?? ''],
  ['source', (row) => row.source],
  ['explanation', (row) => row.explanation],
]

const REJECTED_COLUMNS: Columns<Report['rejected'][number]> = [
  ['file', (row) => row.file],
  ['line', (row) => row.line],
  ['reason', (row) => row.reason],
  ['excerpt', (row) => row.excerpt],
]

/** master_anomalies.csv: a header, then a row per anomaly. Unknown cells are empty; numbers stay numbers. */
export function renderAnomalies(report: Report): string {
  return renderRows(ANOMALY_COLUMNS, report.anomalies)
}

/** rejected.csv: a header, then a row per line that could not be read. */
export function renderRejected(report: Report): string {
  return renderRows(REJECTED_COLUMNS, report.rejected)
}

function renderRows<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const fields = columns.map(([name]) => name)
  const data = rows.map((row) => columns.map(([, cell]) => cell(row)))
  // Numbers are passed as numbers, and papaparse puts its apostrophe before text only: −0.5 stays a number.
  const text = Papa.unparse({ fields, data }, { newline: '\n', escapeFormulae: FORMULA })
  // It ends a header without rows itself.
  return text.endsWith('\n') ? text : `${text}\n`
}

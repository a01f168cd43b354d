import {
  formatAffected,
  formatBefore,
  formatComparison,
  formatScope,
  formatTimeRange,
  incidentTitle,
} from '../format.ts'
import type { Incident } from '../types.ts'
import type { Part } from './budget.ts'
import { codeSpan } from './escape.ts'
import { SEVERITY_SIGNS } from './evidence.ts'

const HEAD = '| | What | Where | When | Actual vs expected | Requests affected |\n|---|---|---|---|---|---|\n'
const HEAD_WITH_STATUS =
  '| | | What | Where | When | Actual vs expected | Requests affected |\n|---|---|---|---|---|---|---|\n'

/** @param withStatus false where all have the same status, or none */
export function tableHead(withStatus: boolean): string {
  return withStatus ? HEAD_WITH_STATUS : HEAD
}

/** A row per incident, in the order given. @param kind what rows are called when they are left out */
export function tableRows(incidents: readonly Incident[], rank: number, kind: string, withStatus = false): Part[] {
  return incidents.map((incident) => {
    const cells = [
      `${SEVERITY_SIGNS[incident.severity]} ${incident.severity}`,
      ...(withStatus ? [statusCell(incident)] : []),
      incidentTitle(incident),
      codeSpan(formatScope(incident.scope), { table: true }),
      formatTimeRange(incident.start, incident.end),
      formatComparison(incident),
      formatAffected(incident),
    ]
    return { open: `| ${cells.join(' | ')} |\n`, rank, kind }
  })
}

function statusCell(incident: Incident): string {
  if (incident.status === null) return ''
  const before = incident.status === 'worse' ? formatBefore(incident) : ''
  return `**${incident.status}**${before === '' ? '' : ` (${before})`}`
}

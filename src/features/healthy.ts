import { type Features, type Incident, type LogTable, OUTCOME, SHARE_COLUMNS, type ShareMetric } from '../types.ts'
import { firstFrom } from './starts.ts'

/** No HTTP status, nor 0, which says that none is known: it belongs to no class of statuses. */
const SPOILED = 0xffff

/**
 * The log with nothing known of what incidents spoiled, so that the next run is not taught that a fault is usual: the bad
 * requests of share incidents, all requests of latency surges (which move the whole distribution). Such a row keeps its
 * place and its names, and counts as nothing but a request. Requests that somebody has called usual stay as they are.
 */
export function removeSpoiled({ table, scopeTest, shareTest }: Features, incidents: readonly Incident[]): LogTable {
  let healthy: Pick<LogTable, 'durationMs' | 'status' | 'outcome'> | null = null
  for (const { metric, scope, start, end, severity, acknowledged } of incidents) {
    const isReal = acknowledged === null ? severity !== 'low' : acknowledged === 'expected'
    if (!isReal || !isShareMetric(metric)) continue
    const inside = scopeTest(scope)
    const test = shareTest(metric)
    const first = firstFrom(table.time, table.rows, 0, start)
    for (let row = first; row < table.rows && table.time[row] < end; row++) {
      if (!inside(row)) continue
      if (metric !== 'slow_share' && test(row) !== 1) continue
      healthy ??= {
        durationMs: table.durationMs.slice(),
        status: table.status.slice(),
        outcome: table.outcome.slice(),
      }
      healthy.durationMs[row] = Number.NaN
      healthy.status[row] = SPOILED
      healthy.outcome[row] = OUTCOME.unknown
    }
  }
  return healthy === null ? table : { ...table, ...healthy }
}

function isShareMetric(metric: string): metric is ShareMetric {
  return metric in SHARE_COLUMNS
}

import { type Features, type Incident, type LogTable, SHARE_COLUMNS, type ShareMetric } from '../types.ts'

/**
 * The log without what incidents spoiled, so that the next run is not taught that a fault is usual: the bad requests of
 * share incidents, all requests of latency surges (which move the whole distribution). Requests that somebody has
 * called usual stay.
 */
export function removeSpoiled({ table, scopeTest, shareTest }: Features, incidents: readonly Incident[]): LogTable {
  const kept = new Uint8Array(table.rows).fill(1)
  for (const { metric, scope, start, end, severity, acknowledged } of incidents) {
    const isReal = acknowledged === null ? severity !== 'low' : acknowledged === 'expected'
    if (!isReal || !isShareMetric(metric)) continue
    const inside = scopeTest(scope)
    const test = shareTest(metric)
    for (let row = 0; row < table.rows; row++) {
      if (table.time[row] < start || table.time[row] >= end || !inside(row)) continue
      if (metric === 'slow_share' || test(row) === 1) kept[row] = 0
    }
  }
  return kept.includes(0) ? selectRows(table, kept) : table
}

function isShareMetric(metric: string): metric is ShareMetric {
  return metric in SHARE_COLUMNS
}

/** The rows that are kept, in order. */
function selectRows(table: LogTable, kept: Uint8Array): LogTable {
  const keep = (_: unknown, row: number) => kept[row] === 1
  const { service, endpoint, region, environment, version } = table.dimensions
  const select = ({ codes, values }: LogTable['file']) => ({ codes: codes.filter(keep), values })
  const time = table.time.filter(keep)
  return {
    rows: time.length,
    time,
    durationMs: table.durationMs.filter(keep),
    status: table.status.filter(keep),
    outcome: table.outcome.filter(keep),
    bytes: table.bytes.filter(keep),
    payload: table.payload.filter(keep),
    reason: table.reason.filter(keep),
    reasons: table.reasons,
    shape: select(table.shape),
    dimensions: {
      service: select(service),
      endpoint: select(endpoint),
      region: select(region),
      environment: select(environment),
      version: select(version),
    },
    file: select(table.file),
    line: table.line.filter(keep),
    excerpts: new Map(),
  }
}

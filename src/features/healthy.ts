import { type Coded, type Features, type Incident, type LogTable, SHARE_COLUMNS, type ShareMetric } from '../types.ts'

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
  let count = 0
  for (let row = 0; row < table.rows; row++) count += kept[row]
  const rows = new Uint32Array(count)
  for (let row = 0, at = 0; row < table.rows; row++) if (kept[row] === 1) rows[at++] = row

  const { service, endpoint, region, environment, version } = table.dimensions
  const code = ({ codes, values }: Coded): Coded => ({ codes: gather(new Uint32Array(count), codes, rows), values })
  return {
    rows: count,
    time: gather(new Float64Array(count), table.time, rows),
    durationMs: gather(new Float32Array(count), table.durationMs, rows),
    status: gather(new Uint16Array(count), table.status, rows),
    outcome: gather(new Uint8Array(count), table.outcome, rows),
    bytes: gather(new Float32Array(count), table.bytes, rows),
    payload: gather(new Uint8Array(count), table.payload, rows),
    reason: gather(new Uint8Array(count), table.reason, rows),
    reasons: table.reasons,
    dimensions: {
      service: code(service),
      endpoint: code(endpoint),
      region: code(region),
      environment: code(environment),
      version: code(version),
    },
    file: code(table.file),
    line: gather(new Uint32Array(count), table.line, rows),
    shape: code(table.shape),
    excerpts: new Map(),
  }
}

/** Fills a column with the values of some rows of another one. */
function gather<Column extends { [row: number]: number }>(
  to: Column,
  from: { readonly [row: number]: number },
  rows: Uint32Array,
): Column {
  for (let at = 0; at < rows.length; at++) to[at] = from[rows[at]]
  return to
}

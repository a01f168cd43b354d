/** Logs for tests: rows as plain objects, unnamed columns filled in. */
import { DIMENSIONS, type Dimension, type Logs, PAYLOAD } from '../types.ts'
import { LogTableBuilder } from './builder.ts'
import { kindOfContent } from './content-kinds.ts'
import { outcomeOfStatus } from './outcome.ts'
import { ShapeRenderer } from './shapes.ts'

/** A Monday, so that the first five days are no weekend. */
export const FIXTURE_START = Date.UTC(2026, 2, 2)

/** One request. Without more, a quick 200 of nothing in particular at the log's start. */
export interface FixtureRow extends Partial<Readonly<Record<Dimension, string>>> {
  /** Milliseconds after FIXTURE_START. */
  readonly time?: number
  /** 200 by default; 0: no answer came; null: the log has no status. */
  readonly status?: number | null
  /** 100 by default. */
  readonly durationMs?: number
  /** Unknown by default. */
  readonly bytes?: number
  /** Why the payload is invalid; `''`: it is valid; unknown by default. */
  readonly invalid?: string
  /** The answer's body, JSON as a value, pages as text; it is not judged, it gives the row its shape. */
  readonly body?: unknown
  /** `test.csv` by default. Rows of one file stand together. */
  readonly file?: string
}

/** Rows in any order → logs, as a reader would have built them. */
export function buildLogs(rows: readonly FixtureRow[], plannedTraffic = false): Logs {
  const builder = new LogTableBuilder()
  for (const file of new Set(rows.map((row) => row.file ?? 'test.csv'))) {
    builder.startFile(file)
    let line = 1
    for (const row of rows) if ((row.file ?? 'test.csv') === file) appendRow(builder, row, ++line)
    builder.keepFile('csv', plannedTraffic)
  }
  return builder.build()
}

const SHAPES = new ShapeRenderer()

function appendRow(builder: LogTableBuilder, row: FixtureRow, line: number): void {
  const status = row.status === undefined ? 200 : row.status
  const payload = row.invalid === undefined ? PAYLOAD.unknown : row.invalid === '' ? PAYLOAD.valid : PAYLOAD.invalid
  const names = { service: '', endpoint: '', region: '', environment: '', version: '' }
  for (const dimension of DIMENSIONS) names[dimension] = row[dimension] ?? ''
  builder.append(
    {
      ...names,
      line,
      time: FIXTURE_START + (row.time ?? 0),
      durationMs: row.durationMs ?? 100,
      status: status ?? 0,
      outcome: status === null ? 0 : outcomeOfStatus(status),
      bytes: row.bytes ?? Number.NaN,
      payload,
      reason: row.invalid ?? '',
      shape: SHAPES.render(kindOfContent('', row.body), row.body),
    },
    () => `row ${line}`,
  )
}

/** The logs that are measured: two weeks of generated traffic, the same bytes for the same rows, kept between runs. */
import { existsSync } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { generateLog, type Records } from '../../src/logs/generate.ts'
import { renderLog } from '../../src/logs/generate-text.ts'
import { PAYLOAD } from '../../src/types.ts'

export const FORMS = ['csv', 'jsonl'] as const
export type Form = (typeof FORMS)[number]

const DAYS = 14
const SEED = 1
/** Rows that become text at once: a whole log would be longer than a string can be. */
const ROWS_AT_ONCE = 50_000

export interface MadeLog {
  readonly path: string
  readonly bytes: number
}

/** Path of a log of so many rows in `folder`, made if it is not there yet. */
export async function makeLog(folder: string, rows: number, form: Form): Promise<MadeLog> {
  const path = join(folder, `log-${rows}.${form}`)
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true })
    // Under its name only when it is whole: an interrupted run would leave a short log behind.
    const unfinished = `${path}.part`
    await writeLog(unfinished, rows, form)
    await rename(unfinished, path)
  }
  return { path, bytes: (await stat(path)).size }
}

async function writeLog(path: string, rows: number, form: Form): Promise<void> {
  const { records } = generateLog({ rows, days: DAYS, seed: SEED, clean: false })
  const file = await open(path, 'w')
  try {
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const part = sliceRecords(records, from, Math.min(rows, from + ROWS_AT_ONCE))
      await file.write(form === 'jsonl' ? renderFlatJson(part) : withoutHeader(renderLog(part, 'csv'), from > 0))
    }
  } finally {
    await file.close()
  }
}

function sliceRecords(records: Records, from: number, to: number): Records {
  return {
    ...records,
    rows: to - from,
    time: records.time.subarray(from, to),
    cell: records.cell.subarray(from, to),
    status: records.status.subarray(from, to),
    durationMs: records.durationMs.subarray(from, to),
    bytes: records.bytes.subarray(from, to),
    payload: records.payload.subarray(from, to),
    resource: records.resource.subarray(from, to),
  }
}

function withoutHeader(text: string, isLater: boolean): string {
  return isLater ? text.slice(text.indexOf('\n') + 1) : text
}

/** The CSV's columns as an object a line: flat, so that pandas reads it without a second pass. */
export function renderFlatJson(records: Records): string {
  const { time, cell, cells, status, durationMs, bytes, payload, rows } = records
  const lines = Array.from({ length: rows }, (_, row) => {
    const { service, traits, region, environment, version } = cells[cell[row]]
    return JSON.stringify({
      timestamp: new Date(time[row]).toISOString(),
      service,
      method: traits.method,
      endpoint: traits.route,
      region,
      environment,
      version,
      status_code: status[row],
      response_time_ms: Number(durationMs[row].toFixed(1)),
      response_bytes: bytes[row],
      ...(payload[row] === PAYLOAD.unknown ? {} : { payload_valid: payload[row] === PAYLOAD.valid }),
    })
  })
  return `${lines.join('\n')}\n`
}

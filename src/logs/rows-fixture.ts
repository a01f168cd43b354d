/** Reading in tests: a source from text or bytes, and rows as plain objects that say only what is known. */
import { DIMENSIONS, type Logs, OUTCOME, PAYLOAD } from '../types.ts'
import type { LogSource } from './source.ts'

const CHUNK_BYTES = 997

/** A source that hands its bytes over in small chunks, so that borders fall everywhere. */
export function sourceOf(name: string, content: string | Uint8Array): LogSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    name,
    async *open() {
      for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES)
    },
  }
}

/** What a row says; what it does not know is left out. */
export type PlainRow = Readonly<Record<string, string | number>>

/** All rows in the table's order. Durations are rounded to microseconds, since a 32-bit float holds no more. */
export function rowsOf({ table }: Logs): PlainRow[] {
  return Array.from({ length: table.rows }, (_, row) => {
    const plain: Record<string, string | number> = { line: table.line[row], time: isoOf(table.time[row]) }
    if (table.status[row] > 0) plain.status = table.status[row]
    if (table.outcome[row] === OUTCOME.noResponse) plain.outcome = 'no response'
    if (!Number.isNaN(table.durationMs[row])) plain.ms = Math.round(table.durationMs[row] * 1000) / 1000
    if (!Number.isNaN(table.bytes[row])) plain.bytes = table.bytes[row]
    for (const dimension of DIMENSIONS) {
      const { codes, values } = table.dimensions[dimension]
      if (codes[row] > 0) plain[dimension] = values[codes[row]]
    }
    if (table.payload[row] === PAYLOAD.valid) plain.payload = 'valid'
    if (table.payload[row] === PAYLOAD.invalid) plain.payload = table.reasons[table.reason[row]]
    return plain
  })
}

function isoOf(time: number): string {
  return new Date(time).toISOString().slice(11)
}

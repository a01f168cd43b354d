import type { Format } from '../format.ts'
import { findHeader, hasTime, isHeader, readTable } from '../tables.ts'

/** CSV, TSV, semicolon- or pipe-separated tables with a header, in any column order. */
export const csv: Format = {
  name: 'csv',
  plannedTraffic: false,
  recognise(head) {
    const header = findHeader(head)
    if (hasTime(header)) return 0.9
    return header.length > 1 && isHeader(header) ? 0.4 : 0
  },
  read: (content, file) => readTable(content, file),
}

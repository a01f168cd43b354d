import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { findHeader, readTable } from '../tables.ts'

/** https://jmeter.apache.org/usermanual/listeners.html#csvlogformat: times in ms, `timeStamp` is the start. */
const COLUMNS: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'timeStamp'],
  ['duration', 'elapsed:ms'],
  ['endpoint', 'label'],
  ['status', 'responseCode'],
  ['bytes', 'bytes'],
  ['payload', 'success'],
  ['error', 'failureMessage'],
])

/** JMeter's results as CSV (`jmeter -l results.jtl`). A failed assertion under 2xx is a silent failure. */
export const jtl: Format = {
  name: 'jtl',
  plannedTraffic: true,
  recognise(head) {
    const header = new Set(findHeader(head))
    return ['timeStamp', 'elapsed', 'label'].every((name) => header.has(name)) ? 0.98 : 0
  },
  read: (content, file) =>
    readTable(content, file, {
      map: COLUMNS,
      isSkipped: (cells, columns) =>
        cells[columns.indexOf('responseMessage')]?.startsWith('Number of samples in transaction') ?? false,
      skippedNote: 'sums of a transaction controller are left out; the requests under them count.',
    }),
}

import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { readLineRecords, sniffLines } from '../line-records.ts'

/** Squid's native format: https://wiki.squid-cache.org/Features/LogFormat#squid-result-codes */
const LINE = /^(\d{9,10}\.\d{3}) +(-?\d+) \S{1,100} ([A-Z_]{2,60})\/(\d{3}) (\d+) (\S{1,30}) (\S+) \S+ \S+/

const COLUMNS = ['time', 'elapsed', 'status', 'bytes', 'method', 'url']
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'time'],
  ['duration', 'elapsed:ms'],
  ['status', 'status'],
  ['bytes', 'bytes'],
  ['method', 'method'],
  ['endpoint', 'url'],
])

/** Squid's access.log. A line is written when the request ends. */
export const squid: Format = {
  name: 'squid',
  plannedTraffic: false,
  recognise: (head) => sniffLines(head, (line) => LINE.test(line), 0.97),
  read: (content, file) =>
    readLineRecords(content, file, {
      columns: COLUMNS,
      map: MAP,
      example: '1525344856.899 16867 10.0.0.1 TCP_MISS/200 6256 GET http://host/path - HIER_DIRECT/10.0.0.2 text/html',
      parse(line, cells) {
        const match = LINE.exec(line)
        if (match === null) return 'rejected'
        const [, time, elapsed, , status, bytes, method, url] = match
        const values = [time, elapsed, status, bytes, method, url]
        values.forEach((value, column) => {
          cells.set(column, value)
        })
        cells.endsHere()
        return 'request'
      },
    }),
}

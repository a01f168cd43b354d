import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { readLineRecords, sniffLines } from '../line-records.ts'

/**
 * `option httplog`, with or without what syslog puts before it:
 * https://docs.haproxy.org/3.2/configuration.html#8.2.3 The request may be cut at the line's longest length.
 */
const LINE =
  /(?:^| )\S{1,100} \[(\d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?)\] \S{1,200} ([^\s/]{1,200})\/\S{1,200} (?:-?\d+\/){4}\+?(-?\d+) (-?\d+) \+?(\d+) \S+ \S+ \S{4} [\d/+]+ [\d/]+ (?:\{[^"]*\} )?"([^"]*)/
const OTHER_LINE = / haproxy\[\d+\]: /
const REQUEST = /^[A-Z]{3,16} \S/

const COLUMNS = ['accept_date', 'backend', 'Ta', 'status_code', 'bytes_read', 'http_request']
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'accept_date'],
  ['service', 'backend'],
  ['duration', 'Ta:ms'],
  ['status', 'status_code'],
  ['bytes', 'bytes_read'],
  ['endpoint', 'http_request'],
])

/** HAProxy's HTTP log. Its time is when the request came, on the clock of the machine. */
export const haproxy: Format = {
  name: 'haproxy',
  plannedTraffic: false,
  recognise: (head) => {
    const sure = sniffLines(head, (line) => LINE.test(line), 0.97)
    return sure > 0
      ? Math.max(
          sure,
          sniffLines(head, (line) => OTHER_LINE.test(line), 0.97),
        )
      : 0
  },
  read: (content, file) =>
    readLineRecords(content, file, {
      columns: COLUMNS,
      map: MAP,
      example:
        'client:port [02/Mar/2026:10:00:00.123] frontend backend/server 0/0/1/43/44 200 306 - - ---- 1/1/0/0/0 0/0 "GET …"',
      skippedNote: 'lines of HAProxy tell of no HTTP request (starts, TCP connections, failed handshakes).',
      parse(line, cells) {
        const match = LINE.exec(line)
        if (match === null) return OTHER_LINE.test(line) ? 'skipped' : 'rejected'
        const [, time, backend, total, status, bytes, request] = match
        cells.set(0, time)
        cells.set(1, backend)
        cells.set(2, total)
        // -1: the connection ended before an answer.
        cells.set(3, status === '-1' ? '0' : status)
        cells.set(4, bytes)
        // `<BADREQ>` is no request.
        cells.set(5, REQUEST.test(request) ? request : '')
        return 'request'
      },
    }),
}

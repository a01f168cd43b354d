import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { readLineRecords, sniffLines } from '../line-records.ts'

/**
 * Envoy's default text, and Istio's, which has three more fields behind the response flags:
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
 * https://istio.io/latest/docs/tasks/observability/logs/access-log/#default-access-log-format
 */
const LINE =
  /^\[(\d{4}-\d\d-\d\dT[^\]]{1,30})\] "((?:[^"\\]|\\.)*)" (\d{1,3}) (\S{1,60})(?: \S{1,100} \S{1,100} "[^"]{0,300}")? (\d+) (\d+) (\d+|-) (\d+|-) "[^"]*" "(?:[^"\\]|\\.)*" "[^"]*" "([^"]*)" "[^"]*"/
const REQUEST = /^[A-Z]{3,16} \S/

const COLUMNS = ['start_time', 'request', 'response_code', 'bytes_sent', 'duration', 'authority']
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'start_time'],
  ['endpoint', 'request'],
  ['status', 'response_code'],
  ['bytes', 'bytes_sent'],
  ['duration', 'duration:ms'],
  ['service', 'authority'],
])

/** Access logs of Envoy and Istio as text. */
export const envoy: Format = {
  name: 'envoy',
  plannedTraffic: false,
  recognise: (head) => sniffLines(head, (line) => LINE.test(line), 0.97),
  read: (content, file) =>
    readLineRecords(content, file, {
      columns: COLUMNS,
      map: MAP,
      example:
        '[2026-03-02T10:00:00.310Z] "GET /path HTTP/2" 200 - 154 0 226 100 "client" "agent" "id" "host" "target"',
      parse(line, cells) {
        const match = LINE.exec(line)
        if (match === null) return 'rejected'
        const [, time, request, status, , , sent, duration, , authority] = match
        cells.set(0, time)
        cells.set(1, REQUEST.test(request) ? request : '')
        cells.set(2, status)
        cells.set(3, sent)
        cells.set(4, duration)
        cells.set(5, authority)
        return 'request'
      },
    }),
}

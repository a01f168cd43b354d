import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { type LineCells, readLineRecords, sniffLines } from '../line-records.ts'

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html and, without the
 * type in front, https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
 */
const LINE =
  /^(?:(https?|h2|grpcs?|wss?) )?(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z) (\S{1,200}) \S{1,100} \S{1,100} (-?[\d.]{1,20}) (-?[\d.]{1,20}) (-?[\d.]{1,20}) (\d{3}|-) (\d{3}|-) (\d+) (\d+) "((?:[^"\\]|\\.)*)"(.*)$/
const TARGET_GROUP = /\barn:aws[\w-]*:elasticloadbalancing:([\w-]+):\d*:targetgroup\/([^/\s"]+)/
/** The first date behind the request: `request_creation_time`. */
const CREATED = / (\d{4}-\d\d-\d\dT[\d:.]{8,20}Z)(?: |$)/
const REQUEST = /^[A-Z]{3,16} \S/

const COLUMNS = ['time', 'request', 'elb_status_code', 'sent_bytes', 'duration', 'target_group', 'region']
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'time'],
  ['endpoint', 'request'],
  ['status', 'elb_status_code'],
  ['bytes', 'sent_bytes'],
  ['duration', 'duration:s'],
  ['service', 'target_group'],
  ['region', 'region'],
])

/** AWS load balancers, application and classic. */
export const alb: Format = {
  name: 'alb',
  plannedTraffic: false,
  recognise: (head) => sniffLines(head, (line) => LINE.test(line), 0.97),
  read: (content, file) =>
    readLineRecords(content, file, {
      columns: COLUMNS,
      map: MAP,
      example:
        'http 2026-03-02T10:00:00.186641Z app/name/id client:port target:port 0.0 0.1 0.0 200 200 34 366 "GET …"',
      parse(line, cells) {
        const match = LINE.exec(line)
        if (match === null) return 'rejected'
        const [, type, time, , received, handled, sent, status, , , bytes, request, tail] = match
        setTime(type, time, tail, cells)
        cells.set(1, REQUEST.test(request) ? request.replace(/^(\S+ )[a-z]+:\/\/[^/\s]*\/?/, '$1/') : '')
        cells.set(2, status)
        cells.set(3, bytes)
        // -1: it got no answer in time, or none at all.
        const parts = [received, handled, sent].map(Number)
        cells.set(4, parts.some((part) => !(part >= 0)) ? '' : String(parts[0] + parts[1] + parts[2]))
        const [, region, group] = TARGET_GROUP.exec(tail) ?? []
        cells.set(5, group ?? '')
        cells.set(6, region ?? '')
        return 'request'
      },
    }),
}

/** An application load balancer writes when it answered and when the request came, a classic one when it came. */
function setTime(type: string | undefined, time: string, tail: string, cells: LineCells): void {
  const created = type === undefined ? time : CREATED.exec(tail)?.[1]
  cells.set(0, created ?? time)
  if (created === undefined) cells.endsHere()
}

import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { type LineCells, readLineRecords, sniffLines } from '../line-records.ts'

/**
 * Apache's and nginx's common and combined formats: host, identity, user, [time], "request", status, bytes, and in the
 * combined one "referer" "agent"; then whatever a site adds. Lengths are bounded so that no line makes it backtrack.
 * https://httpd.apache.org/docs/2.4/logs.html#accesslog https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
const LINE =
  /^(?:(\S{1,300}):\d{1,5} )?\S{1,300} \S{1,300} (?:\S{1,300}|"[^"]{0,300}") \[([^\]]{10,40})\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*")?(.*)$/
const REQUEST = /^[A-Z]{3,16} \S/

const COLUMNS = ['time_local', 'request', 'status', 'body_bytes_sent']
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'time_local'],
  ['endpoint', 'request'],
  ['status', 'status'],
  ['bytes', 'body_bytes_sent'],
])
const DURATION = 'request_time'
const EXTRA = /(?<=\s)(?:([\w.-]{1,60})=)?(?:"([^"]*)"|([^\s"]+))/g
/** https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/ */
const INGRESS = /^ \d+ (\d+\.\d{3}) \[([^\]]*)\] \[[^\]]*\] /
/** https://doc.traefik.io/traefik/observe/logs-and-access-logs/#clf */
const TRAEFIK = /^ \d+ "[^"]*" "[^"]*" (\d+ms)$/
const NGINX_TIMES = /^(?:rt|request_time|urt|upstream_response_time)$/

/**
 * Apache and nginx access logs, with durations and `key=value` pairs at the end of a line. A number with a fraction is
 * nginx's `$request_time`: nginx writes the time of the end. A whole number is Apache's `%D`: `%t` is the start.
 */
export const access: Format = {
  name: 'access',
  plannedTraffic: false,
  recognise: (head) => sniffLines(head, (line) => LINE.test(line), 0.95),
  read(content, file) {
    const isNamed = file.map.has('duration')
    return readLineRecords(content, file, {
      columns: COLUMNS,
      map: MAP,
      example: 'host - user [time] "METHOD /path HTTP/1.1" status bytes',
      parse(line, cells) {
        const match = LINE.exec(line)
        if (match === null) return 'rejected'
        if (match[1] !== undefined) cells.add('vhost', match[1])
        cells.set(0, match[2])
        // What is no HTTP request (a TLS hello on a plain port, a scan) has no endpoint.
        cells.set(1, REQUEST.test(match[3]) ? match[3] : '')
        cells.set(2, match[4])
        cells.set(3, match[5])
        if (match[6] !== '') readTail(match[6], cells, isNamed)
        return 'request'
      },
    })
  },
}

/** @param isNamed the user says what the duration is, and its unit */
function readTail(tail: string, cells: LineCells, isNamed: boolean): void {
  const ingress = INGRESS.exec(tail)
  if (ingress !== null) {
    setDuration(ingress[1], 's', cells, isNamed)
    cells.add('service', ingress[2])
    return
  }
  const traefik = TRAEFIK.exec(tail)
  if (traefik !== null) {
    cells.add(DURATION, traefik[1])
    return
  }
  let fraction = ''
  const numbers: string[] = []
  for (const [, key, quoted, plain] of tail.matchAll(EXTRA)) {
    if (key !== undefined) {
      const value = quoted ?? plain
      const isNginx = NGINX_TIMES.test(key) && /^\d+\.\d+$/.test(value)
      cells.add(key, isNginx && !isNamed ? `${value}s` : value)
      if (isNginx) cells.endsHere()
    } else if (plain !== undefined && /^\d+\.\d+$/.test(plain)) fraction ||= plain
    // `%T/%D`: seconds and microseconds.
    else if (plain !== undefined && /^(?:\d+\/)?\d+$/.test(plain)) numbers.push(plain.slice(plain.indexOf('/') + 1))
  }
  if (fraction !== '') setDuration(fraction, 's', cells, isNamed)
  // Of several whole numbers (%I %O %D in any order) none can be told to be the duration.
  else if (numbers.length === 1) setDuration(numbers[0], 'us', cells, isNamed)
}

function setDuration(amount: string, unit: 's' | 'us', cells: LineCells, isNamed: boolean): void {
  cells.add(DURATION, isNamed ? amount : amount + unit)
  if (unit === 's') cells.endsHere()
}

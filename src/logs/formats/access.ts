import { FieldColumns } from '../columns.ts'
import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { readLines, TOO_LONG } from '../lines.ts'
import { RecordReader } from '../records.ts'

/**
 * Apache's and nginx's common and combined formats: host, identity, user, [time], "request", status, bytes, and in the
 * combined one "referer" "agent"; then whatever a site adds. Lengths are bounded so that no line makes it backtrack.
 * https://httpd.apache.org/docs/2.4/logs.html#accesslog https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
const LINE =
  /^(?:\S{1,300}:\d{1,5} )?\S{1,300} \S{1,300} (?:\S{1,300}|"[^"]{0,300}") \[([^\]]{10,40})\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*")?(.*)$/
const REQUEST = /^[A-Z]{3,16} \S/

const COLUMNS = ['time_local', 'request', 'status', 'body_bytes_sent']
const REQUEST_TIME = 'request_time'
const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'time_local'],
  ['endpoint', 'request'],
  ['status', 'status'],
  ['bytes', 'body_bytes_sent'],
  ['duration', 'request_time:s'],
])
const EXTRA = /(?<=\s)(?:([\w.-]{1,60})=)?(?:"([^"]*)"|([^\s"]+))/g
const MOST_EXTRAS = 100

/** Apache and nginx access logs, with `$request_time` or `%D` and `key=value` pairs at the end of a line. */
export const access: Format = {
  name: 'access',
  plannedTraffic: false,
  recognise(head) {
    const lines = head.split(/\r?\n/, 20).filter((line) => line !== '')
    const matches = lines.filter((line) => LINE.test(line)).length
    return matches === 0 ? 0 : matches * 2 >= lines.length ? 0.95 : 0.3
  },
  async read(content, file) {
    const columns = new FieldColumns(new Map([...MAP, ...file.map]))
    for (const name of COLUMNS) columns.add(name)
    const records = new RecordReader(columns, file)
    const extras = new Map<string, number>()
    const cells: unknown[] = []

    const setExtra = (name: string, value: string) => {
      let index = extras.get(name)
      if (index === undefined) {
        if (extras.size >= MOST_EXTRAS) return
        columns.add(name)
        index = columns.names.length - 1
        extras.set(name, index)
      }
      cells[index] ??= value
    }
    const readTail = (tail: string) => {
      for (const [, key, quoted, plain] of tail.matchAll(EXTRA)) {
        if (key !== undefined) setExtra(key, quoted ?? plain)
        else if (plain !== undefined && /^\d+(?:\.\d+)?$/.test(plain)) setExtra(REQUEST_TIME, nameUnit(plain))
      }
    }

    await readLines(content.text(), {
      onLine(line, number) {
        const match = LINE.exec(line)
        if (match === null) {
          const rule = `a line must be like: host - user [time] "METHOD /path HTTP/1.1" status bytes`
          if (line.trim() !== '') file.builder.reject(number, rule, line)
          return
        }
        cells.fill(undefined)
        cells[0] = match[1]
        // What is no HTTP request (a TLS hello on a plain port, a scan) has no endpoint.
        cells[1] = REQUEST.test(match[2]) ? match[2] : ''
        cells[2] = match[3]
        cells[3] = match[4]
        if (match[5] !== '') readTail(match[5])
        records.append(cells, number, () => line)
      },
      onLongLine: (number, excerpt) => file.builder.reject(number, TOO_LONG, excerpt),
    })
    records.finish()
  },
}

/** A number without a name: nginx's `$request_time` has a fraction and is in seconds, Apache's `%D` is in µs. */
function nameUnit(number: string): string {
  return number.includes('.') ? number : `${number}us`
}

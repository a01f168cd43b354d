import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { type LineCells, type LineVerdict, readLineRecords } from '../line-records.ts'

const MAP: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'time'],
  ['method', 'cs-method'],
  ['endpoint', 'cs-uri-stem'],
  ['status', 'sc-status'],
  ['bytes', 'sc-bytes'],
  ['duration', 'time-taken'],
  ['service', 's-sitename'],
  ['region', 'x-edge-location'],
  ['contentType', 'sc-content-type'],
])
/** Other names for the same. */
const ALIASES: Readonly<Record<string, string>> = {
  'cs-uri': 'cs-uri-stem',
  bytes: 'sc-bytes',
  'x-host-header': 's-sitename',
  timestamp: 'time',
  TimeTakenMS: 'time-taken',
  // Zeek's http.log is laid out alike: https://docs.zeek.org/en/master/logs/http.html
  ts: 'time',
  method: 'cs-method',
  uri: 'cs-uri-stem',
  status_code: 'sc-status',
  response_body_len: 'sc-bytes',
  host: 's-sitename',
  resp_mime_types: 'sc-content-type',
}
const DATES = new Set(['date', 'date-local'])
const TIMES = new Set(['time', 'time-local'])
const LONGEST_DIRECTIVE = 20_000

/**
 * Logs that say their columns in a `#Fields` line: W3C extended (IIS), CloudFront's standard and real-time logs, Zeek.
 * https://www.w3.org/TR/WD-logfile.html Their times are UTC, and when the request ended.
 */
export const w3c: Format = {
  name: 'w3c',
  plannedTraffic: false,
  recognise: (head) => (/^#(?:Fields:|fields\t)\s*\S/m.test(head) && head.startsWith('#') ? 0.97 : 0),
  read(content, file) {
    const lines = new W3cLines(file.map)
    return readLineRecords(content, file, {
      columns: ['time'],
      map: MAP,
      example: 'the columns that #Fields names',
      parse: (line, cells) => lines.parse(line, cells),
    })
  },
}

/** How long the request took, in the unit of who wrote it; `''`: to be judged by the values. */
type DurationUnit = '' | 'ms' | 's'

class W3cLines {
  readonly #isDurationNamed: boolean
  /** Columns that the user names: they keep their names. */
  readonly #named: ReadonlySet<string>
  #fields: readonly string[] = []
  #unit: DurationUnit = ''
  #isIis = false
  /** Of `#Date`, for lines that have a time of day only. */
  #date = ''
  #zone = 'Z'

  constructor(map: ReadonlyMap<Field, string>) {
    this.#isDurationNamed = map.has('duration')
    this.#named = new Set(map.values())
  }

  parse(line: string, cells: LineCells): LineVerdict {
    if (line.startsWith('#')) return this.#readDirective(line.slice(0, LONGEST_DIRECTIVE))
    if (line.trim() === '') return 'ignored'
    if (this.#fields.length === 0) return { reason: 'a line must come after a #Fields line' }
    const values = splitValues(line)
    if (values.length !== this.#fields.length) {
      return { reason: `a line must have the ${this.#fields.length} values that #Fields names, got ${values.length}` }
    }
    this.#setTime(values, cells)
    for (let index = 0; index < values.length; index++) {
      const field = this.#fields[index]
      if (DATES.has(field) || TIMES.has(field)) continue
      const isDuration = field === 'time-taken' && /^[\d.]+$/.test(values[index])
      cells.add(field, isDuration && !this.#isDurationNamed ? values[index] + this.#unit : values[index])
    }
    cells.endsHere()
    return 'request'
  }

  #readDirective(line: string): LineVerdict {
    const [, name, value] = /^#\s*([\w-]+):?\s*(.*)$/.exec(line) ?? []
    if (name === undefined) return 'ignored'
    const key = name.toLowerCase()
    if (key === 'software') this.#isIis = /microsoft|\biis\b/i.test(value)
    if (key === 'gmt-offset') this.#zone = /^[+-]\d{4}$/.test(value) ? ` ${value}` : 'Z'
    if (key === 'date' || key === 'start-date') this.#date = /^\d{4}-\d\d-\d\d/.exec(value)?.[0] ?? this.#date
    if (key === 'fields') {
      const names = value.trim().split(/\s+/)
      this.#fields = names.map((field) =>
        Object.hasOwn(ALIASES, field) && !this.#named.has(field) ? ALIASES[field] : field,
      )
      const isCloudFront = names.some((field) => field.startsWith('x-edge-'))
      this.#unit = isCloudFront ? 's' : this.#isIis || names.includes('TimeTakenMS') ? 'ms' : ''
    }
    return 'ignored'
  }

  #setTime(values: readonly string[], cells: LineCells): void {
    const dateAt = this.#fields.findIndex((field) => DATES.has(field))
    const timeAt = this.#fields.findIndex((field) => TIMES.has(field))
    const time = values[timeAt] ?? ''
    const date = dateAt < 0 ? this.#date : values[dateAt]
    const isOfDay = /^\d\d:\d\d/.test(time)
    const zone = this.#fields[timeAt] === 'time-local' ? '' : this.#zone
    cells.set(0, isOfDay ? `${date} ${time}${zone}` : time)
  }
}

/** Values between tabs, where there are some, or else between blanks; those in quotes may hold blanks. */
function splitValues(line: string): string[] {
  if (line.includes('\t')) return line.replace(/\t$/, '').split('\t')
  if (!line.includes('"')) return line.trim().split(/\s+/)
  return Array.from(
    line.matchAll(/"((?:[^"]|"")*)"?|(\S+)/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  )
}

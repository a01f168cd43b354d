import { findDialect, parseHeader, readRows } from '../delimited.ts'
import type { Format } from '../format.ts'
import { InputError } from '../input-error.ts'
import { type K6Point, K6Requests } from '../k6.ts'
import { findHeader } from '../tables.ts'

const SIGNS = ['metric_name', 'timestamp', 'metric_value']
/** Columns that hold tags of their own as `a=1&b=2`. */
const TAG_LISTS = ['extra_tags', 'metadata']

/** k6's points as a table (`k6 run --out csv=FILE`): https://grafana.com/docs/k6/latest/results-output/real-time/csv/ */
export const k6Csv: Format = {
  name: 'k6-csv',
  plannedTraffic: true,
  recognise(head) {
    const header = new Set(findHeader(head))
    return SIGNS.every((name) => header.has(name)) ? 0.99 : 0
  },
  async read(content, file) {
    const dialect = findDialect(content.head)
    const header = parseHeader(content.head, dialect) ?? []
    const missing = SIGNS.find((name) => !header.includes(name))
    if (missing !== undefined) throw new InputError(`${file.name}: a table of k6 must have the column '${missing}'`)
    const requests = new K6Requests(file)
    await readRows(content.text(), dialect, {
      onRow(cells, line) {
        if (cells[0] === header[0]) return
        const text = cells.join(dialect.delimiter)
        if (cells.length === header.length) requests.append(toPoint(header, cells, line, text))
        else file.builder.reject(line, `a row must have the header's ${header.length} cells, got ${cells.length}`, text)
      },
      onReject: (line, reason, excerpt) => file.builder.reject(line, reason, excerpt),
    })
    requests.finish()
  },
}

function toPoint(header: readonly string[], cells: readonly string[], line: number, text: string): K6Point {
  const tags = new Map<string, string>()
  let metric = ''
  let time = ''
  let value = Number.NaN
  for (const [index, name] of header.entries()) {
    const cell = cells[index]
    if (name === 'metric_name') metric = cell
    else if (name === 'timestamp') time = cell
    else if (name === 'metric_value') value = Number(cell)
    else if (cell === '') continue
    else if (TAG_LISTS.includes(name)) for (const [key, own] of parseTags(cell)) tags.set(key, own)
    else tags.set(name, cell)
  }
  return { metric, time, value, tags: Object.fromEntries(tags), line, text }
}

function parseTags(list: string): [string, string][] {
  return list.split('&').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals < 1 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)]]
  })
}

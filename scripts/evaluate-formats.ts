/** Holds the readers against real files: `bun scripts/evaluate-formats.ts --help`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findLogSources } from '../src/io/files.ts'
import { InputError } from '../src/logs/input-error.ts'
import { type ReadOptions, readLogs } from '../src/logs/read.ts'
import { type Dimension, type Logs, OUTCOME, PAYLOAD } from '../src/types.ts'
import { takeFolder } from './command.ts'
import { READABLE, REFUSED } from './evaluate/format-cases.ts'

const USAGE = `Usage: bun scripts/evaluate-formats.ts [DIR]

Reads third-party logs, which lie beside the project and never in it, and holds what was read against what is known of
them: its README's figures, and the fields that another parser documents for the same lines (vrl/*.json).

  DIR               folder of the logs (default ../shared/data/logs beside the project)
  --help            print this

Exit 0: every check passed, or the data is absent (it says so). 1: a check failed. 2: bad usage.
`

const folder = takeFolder(USAGE, join(import.meta.dirname, '../../shared/data/logs'))
if (!existsSync(folder)) {
  console.log(`No data in ${folder}: nothing was evaluated.`)
  process.exit(0)
}

let checks = 0
const failures: string[] = []

function check(what: string, actual: unknown, expected: unknown): void {
  checks++
  const [is, ought] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== ought) failures.push(`${what}: is ${is}, not ${ought}`)
}

const read = async (path: string, options: ReadOptions = {}): Promise<Logs> =>
  readLogs(await findLogSources([join(folder, path)]), options)

for (const [path, format, rows, rejected] of READABLE) {
  const logs = await read(path)
  check(path, [logs.formats, logs.table.rows, logs.rejectedCount], [[format], rows, rejected])
}
for (const [path, message] of REFUSED) {
  const said = await read(path).then(
    () => 'nothing',
    (error: unknown) => (error instanceof InputError ? error.message : `${error}`),
  )
  check(`${path} is refused`, said.includes(message) ? message : said, message)
}

/** Apache: statuses and days. */
{
  const { table } = await read('elastic_examples/apache_logs')
  const statuses = countBy(table.status)
  for (const [status, count] of [
    [200, 9_126],
    [304, 445],
    [404, 213],
    [301, 164],
    [206, 45],
    [500, 3],
    [403, 2],
    [416, 2],
  ]) {
    check(`apache_logs with status ${status}`, statuses.get(status), count)
  }
  const days = countBy(table.time, (time) => new Date(time).toISOString().slice(0, 10))
  check(
    'apache_logs by day',
    [...days],
    [
      ['2015-05-17', 1_632],
      ['2015-05-18', 2_893],
      ['2015-05-19', 2_896],
      ['2015-05-20', 2_579],
    ],
  )
}

/** JMeter: medians, maxima, failures. */
for (const [path, median, longest] of [
  ['sample_log1.jtl', 321, 21_782],
  ['sample_log1b.jtl', 260, 15_001],
  ['sample_log1c.jtl', 180, 3_195],
  ['sample_log2.jtl', 251, 26_598],
] as const) {
  const { table } = await read(`jmeter/${path}`)
  const sorted = table.durationMs.toSorted()
  check(`${path} p50`, sorted[Math.ceil(sorted.length / 2) - 1], median)
  check(`${path} max`, sorted.at(-1), longest)
  const unanswered = table.outcome.filter((outcome) => outcome === OUTCOME.noResponse).length
  check(`${path} without an answer`, unanswered, path === 'sample_log2.jtl' ? 1 : 0)
}
{
  const { table } = await read('jmeter/HTMLReportTestFile.csv')
  check('HTMLReportTestFile by status', [...countBy(table.status)].sort(), [
    [200, 252],
    [400, 3],
  ])
  check('HTMLReportTestFile valid', table.payload.filter((payload) => payload === PAYLOAD.valid).length, 252)
}

/** HAR: what is read is what its JSON says, entry by entry. */
for (const name of [
  '304',
  'case-sensitive-protocol',
  'en.wikipedia.org.spdy-wpt',
  'run.sitespeed.io',
  'www.nytimes.com',
]) {
  const { log }: { readonly log: { readonly entries: readonly HarEntry[] } } = JSON.parse(
    readFileSync(join(folder, `har/${name}.har`), 'utf8'),
  )
  const { table } = await read(`har/${name}.har`)
  const rows = Array.from({ length: table.rows }, (_, row) => row).sort((a, b) => table.line[a] - table.line[b])
  const known = (value: number) => (Number.isNaN(value) ? -1 : value)
  check(
    `har/${name}.har`,
    rows.map((row) => [table.time[row], known(table.durationMs[row]), table.status[row], known(table.bytes[row])]),
    log.entries.map(({ startedDateTime, time, response: { status, content } }) => [
      Date.parse(startedDateTime),
      Math.fround(time),
      status,
      Math.fround(content.size),
    ]),
  )
}

interface HarEntry {
  readonly startedDateTime: string
  readonly time: number
  readonly response: { readonly status: number; readonly content: { readonly size: number } }
}

/** JSON logs: units and the start of the request. */
for (const [path, row] of [
  ['lnav/logfile_caddy_log.1', ['2024-05-26T11:42:52.583Z', 200, 17.557, 3_768, '']],
  ['lnav/logfile_cloudflare.1', ['2024-04-10T23:00:00.100Z', 200, 23, 12_480, 'GET /']],
  ['otlp/trace-with-failed-requests.json', ['2022-07-20T14:01:12.499Z', 500, 7.31, -1, 'POST /:endpoint']],
] as const) {
  const { table } = await read(path)
  const { codes, values } = table.dimensions.endpoint
  const bytes = Number.isNaN(table.bytes[0]) ? -1 : table.bytes[0]
  const durationMs = Math.round(table.durationMs[0] * 1_000) / 1_000
  const endpoint = row[4] === '' ? '' : values[codes[0]]
  check(`${path} first row`, [new Date(table.time[0]).toISOString(), table.status[0], durationMs, bytes, endpoint], row)
}

/** Fields that VRL's documentation gives for lines of its own. */
interface VrlExample {
  readonly title: string
  readonly source: string
  readonly return: Readonly<Record<string, unknown>>
}

for (const name of ['parse_apache_log', 'parse_common_log', 'parse_nginx_log', 'parse_aws_alb_log']) {
  const { examples }: { readonly examples: readonly VrlExample[] } = JSON.parse(
    readFileSync(join(folder, `vrl/${name}.json`), 'utf8'),
  )
  for (const { title, source, return: fields } of examples) {
    if (/error|custom timestamp/i.test(title)) continue
    const line = extractLine(source)
    const { table } = await readLogs([
      {
        name: title,
        async *open() {
          yield new TextEncoder().encode(`${line}\n`)
        },
      },
    ])
    const expected = name === 'parse_aws_alb_log' ? expectAlb(fields) : expectAccess(fields)
    check(`${name}: ${title}`, describeRow(table), expected)
  }
}

/** The line in a call like `parse_x!(s'…', "combined")` or `parse_x!("…")`. */
function extractLine(source: string): string {
  const [, raw, quoted] = /s'([^']*)'|"((?:[^"\\]|\\.)*)"/.exec(source) ?? []
  return raw ?? JSON.parse(`"${quoted}"`)
}

function describeRow({ time, status, bytes, durationMs, dimensions }: Logs['table']): unknown {
  const dimension = (name: Dimension) => dimensions[name].values[dimensions[name].codes[0]]
  return {
    time: new Date(time[0]).toISOString(),
    status: status[0],
    bytes: bytes[0],
    durationMs: Number.isNaN(durationMs[0]) ? null : Math.round(durationMs[0] * 1_000) / 1_000,
    endpoint: dimension('endpoint'),
  }
}

function expectAccess(fields: VrlExample['return']): unknown {
  const [method, path] = String(fields.request ?? fields.message).split(' ')
  const durationMs = fields.request_time === undefined ? null : Number(fields.request_time) * 1_000
  return {
    time: new Date(Date.parse(String(fields.timestamp)) - (durationMs ?? 0)).toISOString(),
    status: Number(fields.status),
    bytes: Number(fields.size ?? fields.body_bytes_size),
    durationMs,
    endpoint: `${method} ${path}`,
  }
}

function expectAlb(fields: VrlExample['return']): unknown {
  const parts = ['request_processing_time', 'target_processing_time', 'response_processing_time']
  const seconds = parts.reduce((sum, part) => sum + Number(fields[part]), 0)
  return {
    time: new Date(String(fields.request_creation_time)).toISOString(),
    status: Number(fields.elb_status_code),
    bytes: fields.sent_bytes,
    durationMs: Math.round(seconds * 1e6) / 1e3,
    endpoint: `${fields.request_method} ${new URL(String(fields.request_url)).pathname}`,
  }
}

function countBy<Key = number>(
  column: ArrayLike<number>,
  key: (value: number) => Key | number = (value) => value,
): Map<Key | number, number> {
  const counts = new Map<Key | number, number>()
  for (let row = 0; row < column.length; row++) {
    const value = key(column[row])
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return counts
}

console.log(`${checks - failures.length} of ${checks} checks of real files passed.`)
for (const failure of failures) console.log(`FAILED ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

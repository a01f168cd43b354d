/**
 * Reads third-party logs, which lie beside the project and never in it, and holds what was read against what is known
 * of them: its README's figures, and the fields that another parser documents for the same lines (vrl/*.json).
 *
 *     bun scripts/evaluate-formats.ts [data folder, default ../shared/data/logs]
 *
 * Exit 0: every check passed, or the data is absent (it says so). 1: a check failed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findLogSources } from '../src/io/files.ts'
import { InputError } from '../src/logs/input-error.ts'
import { type ReadOptions, readLogs } from '../src/logs/read.ts'
import { type Dimension, type Logs, OUTCOME, PAYLOAD } from '../src/types.ts'

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../shared/data/logs'))
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

/** What a file is read as, its rows and its rejected lines. */
const READABLE: readonly (readonly [path: string, format: string, rows: number, rejected: number])[] = [
  ['elastic_examples/apache_logs', 'access', 10_000, 0],
  ['lnav/access_log.gz', 'access', 2_492, 0],
  ['lnav/logfile_access_log.0', 'access', 3, 0],
  ['lnav/logfile_access_log.1', 'access', 1, 0],
  ['lnav/logfile_bad_access_log.0', 'access', 2, 1],
  ['lnav/logfile_regexp_access_log.0', 'access', 2, 0],
  ['lnav/logfile_shop_access_log.0', 'access', 1_000, 0],
  ['lnav/logfile_bro_http.log.0', 'w3c', 197, 0],
  ['lnav/logfile_haproxy.0', 'haproxy', 13, 0],
  ['lnav/logfile_w3c.0', 'w3c', 1, 0],
  ['lnav/logfile_w3c.1', 'w3c', 1, 0],
  ['lnav/logfile_w3c.2', 'w3c', 14, 0],
  ['lnav/logfile_w3c.3', 'w3c', 3, 0],
  ['lnav/logfile_w3c.4', 'w3c', 2, 0],
  ['lnav/logfile_w3c.6', 'w3c', 1, 0],
  ['lnav/logfile_w3c_big.0', 'w3c', 210, 0],
  ['aws/alb_from_vrl_tests.log', 'alb', 13, 0],
  ['aws/kinesis-1-0.txt', 'w3c', 1, 0],
  ['aws/web-1-0-2019-12.txt', 'w3c', 3, 0],
  ['aws/web-1-0.txt', 'w3c', 2, 0],
  ['logstash_patterns/aws_spec_messages.log', 'alb', 4, 4],
  ['logstash_patterns/haproxy_spec_messages.log', 'haproxy', 7, 0],
  ['logstash_patterns/squid_spec_messages.log', 'squid', 4, 0],
  ['vrl/apache_from_tests.log', 'access', 4, 3],
  ['vrl/common_from_tests.log', 'access', 2, 0],
  ['vrl/nginx_from_tests.log', 'access', 14, 10],
  ['jmeter/HTMLReportFalseTestFile.csv', 'jtl', 50, 0],
  ['jmeter/HTMLReportTestFile.csv', 'jtl', 255, 0],
  ['jmeter/sample_log1.jtl', 'jtl-xml', 10_000, 0],
  ['jmeter/sample_log1b.jtl', 'jtl-xml', 10_000, 0],
  ['jmeter/sample_log1c.jtl', 'jtl-xml', 2_000, 0],
  ['jmeter/sample_log2.jtl', 'jtl-xml', 10_000, 0],
  ['jenkins_performance/JENKINS-16627_CSV_instead_of_XML.jtl', 'jtl', 3, 0],
  ['jenkins_performance/JMeterCsvResults.csv', 'jtl', 3, 0],
  ['jenkins_performance/JMeterPublisher.csv', 'jtl', 3, 0],
  ['jenkins_performance/JMeterPublisher_formatted_timeStamp.csv', 'jtl', 3, 0],
  ['jenkins_performance/JMeterResults.jtl', 'jtl-xml', 8, 0],
  ['jenkins_performance/JMeterResultsMultiLevel.jtl', 'jtl-xml', 10, 0],
  ['jenkins_performance/JMeterResultsMultiThread.jtl', 'jtl-xml', 5, 0],
  ['jenkins_performance/JMeterResultsRandomUri.jtl', 'jtl-xml', 4, 0],
  ['jenkins_performance/JMeterResultsTenSamples.jtl', 'jtl-xml', 10, 0],
  ['jenkins_performance/filewithtransactions.csv', 'jtl', 210, 0],
  ['jenkins_performance/multiLineCSV.jtl', 'jtl', 2, 0],
  ['jenkins_performance/whitespace-followed-by-xml.jtl', 'jtl-xml', 8, 0],
  ['har/304.har', 'har', 270, 0],
  ['har/case-sensitive-protocol.har', 'har', 169, 0],
  ['har/en.wikipedia.org.spdy-wpt.har', 'har', 102, 0],
  ['har/example.har', 'har', 7, 0],
  ['har/run.sitespeed.io.har', 'har', 10, 0],
  ['har/www.nytimes.com.har', 'har', 328, 0],
  ['lnav/logfile_caddy_log.0', 'ndjson', 4, 0],
  ['lnav/logfile_caddy_log.1', 'ndjson', 4, 0],
  ['lnav/logfile_cloudflare.1', 'ndjson', 15, 0],
  ['lnav/logfile_cloudflare.json', 'ndjson', 1, 0],
  ['lnav/logfile_json3.json', 'ndjson', 3, 0],
  ['otlp/trace-with-both-db-attributes.json', 'otlp', 1, 0],
  ['otlp/trace-with-failed-requests.json', 'otlp', 1, 0],
]

/** What cannot be read, and a part of what is said about it. */
const REFUSED: readonly (readonly [path: string, message: string])[] = [
  ['jenkins_performance/emptyfile.jtl', 'is empty'],
  ['jenkins_performance/JMeterCsvResults2.csv', "'timeStamp' must be an ISO 8601"],
  ['jenkins_performance/JMeterCsvResults3.csv', "'timeStamp' must be an ISO 8601"],
  ['jmeter/TEST_HTTPS.csv', 'no column is recognised as the time'],
  ['jmeter/TEST_HTTP_Java.csv', 'is in no format that is known'],
  ['lnav/logfile_logfmt.0', 'has no record of a request'],
  ['lnav/logfile_w3c.5', 'a line must have the 6 values that #Fields names, got 17'],
  ['logstash_patterns/httpd_spec_messages.log', '4 of 7 lines cannot be read as access'],
  ['har/better-variable-avoidance.har', 'have no responses: a plan of requests'],
  ['har/full.har', 'have no responses: a plan of requests'],
  ['k6/k6_summary_export.json', 'k6 run --out json=FILE'],
  ['jenkins_performance/test_results_stats.csv', 'holds the statistics of a Locust test'],
  ['lnav/logfile_ecs_log.json', 'none of its 5 records tells of a request'],
  ['lnav/logfile_json.json', 'none of its 14 records tells of a request'],
  ['lnav/logfile_otel_collector.jsonl', 'holds OpenTelemetry logs, not traces'],
  ['otlp/events.json', 'holds OpenTelemetry logs, not traces'],
  ['otlp/logs.json', 'holds OpenTelemetry logs, not traces'],
  ['otlp/metrics.json', 'holds OpenTelemetry metrics, not traces'],
  ['otlp/trace.json', 'none of its 6 spans is an HTTP server span'],
]

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

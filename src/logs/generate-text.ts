/** Generated records as text, in the forms that teams have. Names in the world hold no comma, quote or blank. */
import { PAYLOAD } from '../types.ts'
import type { Records, Truth } from './generate.ts'
import type { Cell } from './generate-world.ts'

/** The forms of a generated log and the names of their files. */
export const LOG_FILES = { csv: 'log.csv', jsonl: 'log.jsonl', nginx: 'access.log', jtl: 'results.jtl' } as const
export type LogForm = keyof typeof LOG_FILES

const CSV_HEADER =
  'timestamp,service,method,endpoint,region,environment,version,status_code,response_time_ms,response_bytes,payload_valid'
/** The last four are JMeter `sample_variables`, which it names in quotes. */
const JTL_HEADER =
  'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,' +
  'grpThreads,allThreads,URL,Latency,IdleTime,Connect,"service","region","environment","version"'
const JTL_THREADS = 16
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'okhttp/5.1.0',
  'python-requests/2.32.5',
]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

type RenderRow = (records: Records, row: number, cell: Cell) => string

const FORMS: Readonly<Record<LogForm, { readonly header: string; readonly renderRow: RenderRow }>> = {
  csv: { header: `${CSV_HEADER}\n`, renderRow: renderCsvRow },
  jsonl: { header: '', renderRow: renderJsonRow },
  nginx: { header: '', renderRow: renderNginxRow },
  jtl: { header: `${JTL_HEADER}\n`, renderRow: renderJtlRow },
}

/**
 * The text of a whole log file, one line per record after the header.
 *
 * - `csv`: our own column names; `payload_valid` is empty unless the status is 2xx
 * - `jsonl`: nested, with Elastic Common Schema names; `event.duration` in nanoseconds
 * - `nginx`: combined format, then `$request_time` in seconds and `key=value` labels; paths name concrete ids, and a
 *   silent failure shows by its near-empty body only
 * - `jtl`: JMeter's CSV; a silent failure is `success=false` under a 2xx
 */
export function renderLog(records: Records, form: LogForm): string {
  const { header, renderRow } = FORMS[form]
  const lines = new Array<string>(records.rows)
  for (let row = 0; row < records.rows; row++) lines[row] = renderRow(records, row, records.cells[records.cell[row]])
  return `${header}${lines.join('\n')}\n`
}

/** The text of truth.json, one event a line. */
export function renderTruth({ seed, clean, events, silentRecords }: Truth): string {
  const lines = events.map((event) => `\n    ${JSON.stringify(event)}`).join(',')
  return `{
  "seed": ${seed},
  "clean": ${clean},
  "events": [${lines}${lines && '\n  '}],
  "silentRecords": ${JSON.stringify(silentRecords)}
}
`
}

function renderCsvRow({ time, status, durationMs, bytes, payload }: Records, row: number, cell: Cell): string {
  const { service, traits, region, environment, version } = cell
  const timestamp = new Date(time[row]).toISOString()
  const valid = payload[row] === PAYLOAD.unknown ? '' : payload[row] === PAYLOAD.valid
  const names = `${service},${traits.method},${traits.route},${region},${environment},${version}`
  return `${timestamp},${names},${status[row]},${durationMs[row].toFixed(1)},${bytes[row]},${valid}`
}

function renderJsonRow({ time, status, durationMs, bytes, payload }: Records, row: number, cell: Cell): string {
  const { service, traits, region, environment, version } = cell
  return JSON.stringify({
    '@timestamp': new Date(time[row]).toISOString(),
    service: { name: service, environment, version },
    http: { request: { method: traits.method }, response: { status_code: status[row], bytes: bytes[row] } },
    url: { path: traits.route },
    event: { duration: Math.round(durationMs[row] * 1e6) },
    cloud: { region },
    ...(payload[row] === PAYLOAD.unknown ? {} : { payload_valid: payload[row] === PAYLOAD.valid }),
  })
}

function renderNginxRow({ time, status, durationMs, bytes, resource }: Records, row: number, cell: Cell): string {
  const { service, traits, region, environment, version } = cell
  const client = hash(resource[row] + row)
  // 198.18.0.0/15 is set aside for benchmarks (RFC 2544).
  const address = `198.${18 + (client & 1)}.${(client >>> 8) & 255}.${1 + ((client >>> 16) % 254)}`
  const request = `${traits.method} ${concretePath(traits.route, resource[row])} HTTP/1.1`
  const agent = AGENTS[(client >>> 24) % AGENTS.length]
  const labels = `service=${service} region=${region} env=${environment} version=${version}`
  const seconds = (Math.round(durationMs[row]) / 1000).toFixed(3)
  return `${address} - - [${commonLogTime(time[row])}] "${request}" ${status[row]} ${bytes[row]} "-" "${agent}" ${seconds} ${labels}`
}

function renderJtlRow(
  { time, status, durationMs, bytes, payload, resource }: Records,
  row: number,
  cell: Cell,
): string {
  const { service, endpoint, traits, region, environment, version } = cell
  const code = status[row]
  const elapsed = Math.round(durationMs[row])
  const random = hash(resource[row] + row)
  const isSilent = payload[row] === PAYLOAD.invalid
  const isSuccess = code < 400 && !isSilent
  const failure = isSilent ? 'payload is not what the endpoint promises' : ''
  const sentBytes = (traits.method === 'GET' ? 180 : 420) + (random & 63)
  const url = `https://${service}.example.com${concretePath(traits.route, resource[row])}`
  const latency = elapsed - Math.min(elapsed, (random >>> 8) & 3)
  return [
    time[row],
    elapsed,
    endpoint,
    code,
    REASONS[code] ?? '',
    `users 1-${1 + ((random >>> 16) % JTL_THREADS)}`,
    'text',
    isSuccess,
    failure,
    bytes[row],
    sentBytes,
    JTL_THREADS,
    JTL_THREADS,
    url,
    latency,
    0,
    0,
    service,
    region,
    environment,
    version,
  ].join(',')
}

function concretePath(route: string, resource: number): string {
  return route.replaceAll('{id}', String(resource))
}

/** `02/Mar/2026:00:00:07 +0000` */
function commonLogTime(time: number): string {
  const iso = new Date(time).toISOString()
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}

/** Scatters a number over 32 bits (the finalizer of MurmurHash3). */
function hash(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

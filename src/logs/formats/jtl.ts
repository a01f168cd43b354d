import { findDialect, parseHeader } from '../delimited.ts'
import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { findHeader, readTable } from '../tables.ts'

/** https://jmeter.apache.org/usermanual/listeners.html#csvlogformat: times in ms, `timeStamp` is the start. */
export const JTL_COLUMNS: ReadonlyMap<Field, string> = new Map<Field, string>([
  ['time', 'timeStamp'],
  ['duration', 'elapsed:ms'],
  ['endpoint', 'label'],
  ['status', 'responseCode'],
  ['bytes', 'bytes'],
  ['payload', 'success'],
  ['error', 'failureMessage'],
])
const SUM_PREFIX = 'Number of samples in transaction'
export const SUMS_LEFT_OUT = 'sums of a transaction controller are left out; the requests under them count.'
export const SUMS_COUNT = 'the file has only sums of transaction controllers: each counts as one request.'
const NO_CODES =
  'has no responseCode, so that no outcome is known; save it with jmeter.save.saveservice.response_code=true.'

/** What JMeter writes by default, in versions before 2.13 and since 3; `print_field_names=false` leaves the line out. */
const FIRST = 'timeStamp elapsed label responseCode responseMessage threadName dataType success'.split(' ')
const OLD = [...FIRST, ...'bytes Latency Connect SampleCount'.split(' ')]
const NEW = [
  ...FIRST,
  ...'failureMessage bytes sentBytes grpThreads allThreads URL Latency IdleTime Connect'.split(' '),
]
const NEW_WITHOUT_URL = NEW.filter((name) => name !== 'URL')

/** JMeter's results as CSV (`jmeter -l results.jtl`). A failed assertion under 2xx is a silent failure. */
export const jtl: Format = {
  name: 'jtl',
  plannedTraffic: true,
  recognise(head) {
    const header = new Set(findHeader(head))
    if (['timeStamp', 'elapsed', 'label'].every((name) => header.has(name))) return 0.98
    return missingHeader(head) === null ? 0 : 0.96
  },
  read(content, file) {
    const header = missingHeader(content.head)
    const isOnlySums = hasOnlySums(content.head)
    if (isOnlySums) file.builder.note(SUMS_COUNT, file.name)
    if (header === null && !findHeader(content.head).includes('responseCode')) {
      file.builder.note(NO_CODES, file.name)
    }
    return readTable(content, file, {
      map: JTL_COLUMNS,
      ...(header === null ? {} : { header }),
      isSkipped: (cells, columns) => !isOnlySums && isSum(cells[columns.indexOf('responseMessage')]),
      skippedNote: SUMS_LEFT_OUT,
      prepare: markFailure,
      special: { responseMessage: SUM_PREFIX, responseCode: '' },
    })
  },
}

/** Whether this is the message of a transaction controller, which sums up its requests. */
export function isSum(responseMessage: string | undefined): boolean {
  return responseMessage?.startsWith(SUM_PREFIX) ?? false
}

/** A sample that failed and has no response code at all got no answer; JMeter says so in words, but may not save them. */
export function failedWithoutAnswer(success: string | undefined, responseCode: string | undefined): boolean {
  return success === 'false' && (responseCode ?? '') === ''
}

function markFailure(cells: string[], columns: readonly string[]): void {
  const at = columns.indexOf('responseCode')
  if (at >= 0 && failedWithoutAnswer(cells[columns.indexOf('success')], cells[at])) cells[at] = '0'
}

/** The names of the columns of a file that begins with a sample; null when it does not. */
function missingHeader(head: string): readonly string[] | null {
  const line = head.trimStart().slice(0, 8192).split(/\r?\n/, 1)[0]
  const cells = parseHeader(line, findDialect(line)) ?? []
  const isSample =
    cells.length >= 9 &&
    /^(?:\d{13}|\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d.*)$/.test(cells[0]) &&
    /^\d+$/.test(cells[1]) &&
    /^(?:true|false)$/.test(cells[7])
  if (!isSample) return null
  const known = [NEW, NEW_WITHOUT_URL].find((names) => names.length === cells.length)
  return known ?? (cells.length <= OLD.length && /^\d+$/.test(cells[8]) ? OLD.slice(0, cells.length) : null)
}

/** Whether all samples of the beginning are sums: in "generate parent sample" mode nothing else is saved. */
function hasOnlySums(head: string): boolean {
  const lines = head.split(/\r?\n/).slice(0, -1)
  const samples = lines.filter((line) => /^"?\d{4}/.test(line))
  return samples.length > 0 && samples.every((line) => line.includes('Number of samples in transaction'))
}

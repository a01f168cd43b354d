import type { Field } from '../fields.ts'
import type { Format } from '../format.ts'
import { InputError } from '../input-error.ts'
import { readLineRecords, sniffLines } from '../line-records.ts'

const LONGEST_FORMAT = 5_000
/** Blanks that a variable's value holds itself, where the format puts no quotes or brackets around it. */
const INNER_BLANKS: Readonly<Record<string, number>> = { time_local: 1, request: 2 }

/** nginx's variables for our fields, best first. https://nginx.org/en/docs/varindex.html */
const VARIABLES: readonly (readonly [Field, readonly string[]])[] = [
  ['time', ['msec', 'time_iso8601', 'time_local']],
  ['endpoint', ['request', 'request_uri', 'uri', 'document_uri']],
  ['method', ['request_method']],
  ['status', ['status']],
  ['bytes', ['body_bytes_sent', 'bytes_sent']],
  ['duration', ['request_time', 'upstream_response_time']],
  ['contentType', ['sent_http_content_type', 'upstream_http_content_type']],
  ['grpcStatus', ['sent_trailer_grpc_status', 'sent_http_grpc_status', 'upstream_trailer_grpc_status']],
  ['service', ['proxy_upstream_name', 'service_name', 'server_name', 'upstream_name']],
]

/**
 * The format that an nginx `log_format` describes: its text, or the whole directive as it stands in nginx.conf. Values
 * are found by the text between them, in one pass. nginx writes a line when the request ends.
 *
 * @throws InputError when it cannot be read
 */
export function createLogFormat(text: string): Format {
  const { literals, variables } = parseLogFormat(text)
  const map = new Map<Field, string>()
  for (const [field, names] of VARIABLES) {
    const name = names.find((candidate) => variables.includes(candidate))
    if (name !== undefined) map.set(field, field === 'duration' ? `${name}:s` : name)
  }
  if (!map.has('time')) {
    throw new InputError(`'logFormat' must have $time_local, $time_iso8601 or $msec, got '${text}'`)
  }
  const duration = map.get('duration')?.slice(0, -2) ?? ''
  const place = variables.indexOf(duration)
  return {
    name: 'log_format',
    plannedTraffic: false,
    recognise: (head) => sniffLines(head, (line) => cutLine(line, literals, variables) !== null, 0.99),
    read: (content, file) =>
      readLineRecords(content, file, {
        columns: variables,
        map,
        example: text.length > 200 ? `${text.slice(0, 200)}…` : text,
        parse(line, cells) {
          const values = cutLine(line, literals, variables)
          if (values === null) return 'rejected'
          for (let index = 0; index < values.length; index++) cells.set(index, values[index])
          if (place >= 0) {
            cells.set(place, sumTimes(values[place]))
            cells.endsHere()
          }
          return 'request'
        },
      }),
  }
}

function parseLogFormat(given: string): { literals: readonly string[]; variables: readonly string[] } {
  const text = unwrap(given.trim())
  if (text.length > LONGEST_FORMAT) {
    throw new InputError(`'logFormat' must have at most ${LONGEST_FORMAT} characters, got ${text.length}`)
  }
  const variables = [...text.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)].map(([, braced, plain]) => braced ?? plain)
  const literals = text.split(/\$(?:\{\w+\}|\w+)/)
  if (variables.length === 0) {
    throw new InputError(
      `'logFormat' must be an nginx log_format such as '$remote_addr [$time_local] …', got '${text}'`,
    )
  }
  const adjoining = literals.slice(1, -1).indexOf('')
  if (adjoining >= 0) {
    const [first, second] = variables.slice(adjoining)
    throw new InputError(`'logFormat' must have something between $${first} and $${second} that parts them`)
  }
  return { literals, variables }
}

/** The text of a whole directive: `log_format name escape=json '…' '…';`. */
function unwrap(text: string): string {
  if (!/^log_format\s/.test(text)) return text
  const pieces = [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)]
  return pieces.map(([, single, double]) => (single ?? double).replace(/\\(.)/g, '$1')).join('')
}

/** The values of a line; null when it is not written like this. */
function cutLine(line: string, literals: readonly string[], variables: readonly string[]): string[] | null {
  if (!line.startsWith(literals[0])) return null
  const values: string[] = []
  let at = literals[0].length
  for (let index = 0; index < variables.length; index++) {
    const literal = literals[index + 1]
    const isLast = index === variables.length - 1
    const end = isLast ? line.length - literal.length : findEnd(line, literal, at, variables[index])
    if (end < at || !line.startsWith(literal, end)) return null
    values.push(line.slice(at, end))
    at = end + literal.length
  }
  return values
}

function findEnd(line: string, literal: string, start: number, variable: string): number {
  let end = line.indexOf(literal, start)
  if (!literal.startsWith(' ')) return end
  for (let blanks = INNER_BLANKS[variable] ?? 0; blanks > 0 && end >= 0; blanks--) end = line.indexOf(literal, end + 1)
  // Several upstreams: `0.001, 0.002 : 0.010`.
  while (end > 0 && (line[end - 1] === ',' || line[end - 1] === ':' || line.startsWith(' : ', end))) {
    end = line.indexOf(literal, end + 1)
  }
  return end
}

/** What a request spent with all of its upstreams. */
function sumTimes(value: string): string {
  if (!/[,:]/.test(value)) return value
  const times = value.split(/[,:]/).map((part) => Number(part.trim() || 'none'))
  const known = times.filter((time) => !Number.isNaN(time))
  return known.length === 0 ? '' : String(known.reduce((sum, time) => sum + time, 0))
}

import type { Field } from './fields.ts'

/** How one well-known writer of JSON logs names its fields, where the names alone do not tell enough. */
export interface JsonShape {
  /** For people. */
  readonly name: string
  /** Paths that records of this shape have, all of them. */
  readonly signs: readonly string[]
  /** Its paths for our fields, best first; `path:unit` for a duration. Other fields are recognised by name. */
  readonly columns: Readonly<Partial<Record<Field, readonly string[]>>>
  /** Whether its time is that of the request's end. */
  readonly timeIsEnd?: boolean
  /** Values made from others, which `columns` may name. */
  readonly derive?: (record: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

const SHAPES: readonly JsonShape[] = [
  {
    // https://developers.cloudflare.com/logs/reference/log-fields/zone/http_requests/
    name: 'Cloudflare Logpush',
    signs: ['EdgeStartTimestamp', 'EdgeResponseStatus'],
    columns: {
      time: ['EdgeStartTimestamp'],
      status: ['EdgeResponseStatus'],
      duration: ['EdgeDurationMs:ms'],
      bytes: ['EdgeResponseBodyBytes', 'EdgeResponseBytes'],
      service: ['ClientRequestHost'],
      method: ['ClientRequestMethod'],
      endpoint: ['ClientRequestPath', 'ClientRequestURI'],
      region: ['EdgeColoCode'],
      contentType: ['EdgeResponseContentType'],
    },
    derive: (record) => ({ EdgeDurationMs: cloudflareDuration(record) }),
  },
  {
    // https://caddyserver.com/docs/logging: one line when the response is written; ts and duration in seconds.
    name: 'Caddy',
    signs: ['request.uri', 'request.host', 'resp_headers', 'duration', 'size'],
    columns: {
      time: ['ts'],
      status: ['status'],
      duration: ['duration:s'],
      bytes: ['size'],
      service: ['request.host'],
      method: ['request.method'],
      endpoint: ['request.uri'],
      contentType: ['resp_headers.Content-Type'],
    },
    timeIsEnd: true,
  },
  {
    // https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage, Istio's default fields.
    name: 'Envoy',
    signs: ['start_time', 'response_code', 'duration'],
    columns: {
      time: ['start_time'],
      status: ['response_code'],
      duration: ['duration:ms'],
      bytes: ['bytes_sent'],
      service: ['upstream_cluster'],
      method: ['method', 'x_method'],
      endpoint: ['x_envoy_original_path', 'path'],
      grpcStatus: ['grpc_status', 'grpc_status_number'],
    },
    derive: (record) => ({ upstream_cluster: envoyService(record) }),
  },
  {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
    name: 'Amazon API Gateway',
    signs: ['requestId', 'httpMethod', 'status'],
    columns: {
      time: ['requestTimeEpoch', 'requestTime'],
      status: ['status'],
      duration: ['responseLatency:ms', 'integrationLatency:ms'],
      bytes: ['responseLength'],
      service: ['apiName', 'domainName', 'apiId'],
      method: ['httpMethod'],
      endpoint: ['resourcePath', 'routeKey', 'path'],
      environment: ['stage'],
    },
  },
  {
    // https://doc.traefik.io/traefik/observe/logs-and-access-logs/: durations in nanoseconds.
    name: 'Traefik',
    signs: ['DownstreamStatus', 'RequestPath', 'Duration'],
    columns: {
      time: ['StartUTC', 'StartLocal', 'time'],
      status: ['DownstreamStatus'],
      duration: ['Duration:ns'],
      bytes: ['DownstreamContentSize'],
      service: ['ServiceName', 'RouterName'],
      method: ['RequestMethod'],
      endpoint: ['RequestPath'],
      contentType: ['downstream_Content-Type'],
    },
  },
  {
    // https://github.com/pinojs/pino-http: one line when the response ends; responseTime in milliseconds.
    name: 'pino-http',
    signs: ['req.method', 'req.url', 'res.statusCode', 'responseTime'],
    columns: {
      time: ['time'],
      status: ['res.statusCode'],
      duration: ['responseTime:ms'],
      method: ['req.method'],
      endpoint: ['req.url'],
      contentType: ['res.headers.content-type'],
    },
    timeIsEnd: true,
  },
]

/** The shape that one of these records has, null when it is none of the well-known ones. */
export function findShape(records: readonly object[]): JsonShape | null {
  return SHAPES.find(({ signs }) => records.some((record) => signs.every((path) => hasPath(record, path)))) ?? null
}

/**
 * Which of a shape's columns these records have, derived ones included.
 *
 * @param records null: the first column of each field, whether the records at hand have it or not
 */
export function mapShape(shape: JsonShape, records: readonly object[] | null): ReadonlyMap<Field, string> {
  const map = new Map<Field, string>()
  for (const [field, columns] of Object.entries(shape.columns)) {
    const column = columns.find((name) => {
      const path = name.replace(/:\w+$/, '')
      return records === null || records.some((record) => hasPath(record, path))
    })
    if (column !== undefined) map.set(field as Field, column)
  }
  return map
}

/** Whether a record has a value at `a.b.c`, as nested objects or as one dotted key. */
function hasPath(record: object, path: string): boolean {
  if (Object.hasOwn(record, path)) return true
  let value: unknown = record
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return true
}

/** Milliseconds; times that are whole seconds tell no duration, then the time to the first byte is the next best. */
function cloudflareDuration(record: Readonly<Record<string, unknown>>): number | undefined {
  const start = toMilliseconds(record.EdgeStartTimestamp)
  const end = toMilliseconds(record.EdgeEndTimestamp)
  if (end >= start && !(start % 1000 === 0 && end % 1000 === 0)) return Math.round((end - start) * 1000) / 1000
  if (Number(record.EdgeTimeToFirstByteMs) > 0) return Number(record.EdgeTimeToFirstByteMs)
  if (Number(record.OriginResponseDurationMs) > 0) return Number(record.OriginResponseDurationMs)
  const originNs = Number(record.OriginResponseTime)
  return originNs > 0 ? originNs / 1e6 : undefined
}

/** Logpush writes `unixnano` (the default), `unix` or `rfc3339` times. */
function toMilliseconds(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value)
  if (typeof value !== 'number') return Number.NaN
  return value > 1e15 ? value / 1e6 : value * 1000
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local` → `reviews.default`; a call that came in: the host asked for. */
function envoyService({ upstream_cluster, authority }: Readonly<Record<string, unknown>>): string {
  const cluster = typeof upstream_cluster === 'string' ? upstream_cluster : ''
  const name = (cluster.split('|').at(-1) ?? '').replace(/\.svc\.cluster\.local$/, '')
  if (name !== '' && name !== '-' && !/^(?:inbound|outbound|PassthroughCluster|BlackHoleCluster)/.test(name))
    return name
  return typeof authority === 'string' ? authority.replace(/:\d+$/, '') : ''
}

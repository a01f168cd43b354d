import { describe, expect, test } from 'bun:test'
import { FieldColumns } from './columns.ts'
import { FIELDS, type Field, parseFieldMap, recogniseField } from './fields.ts'

function columnsOf(names: readonly string[], map: Record<string, string> = {}): FieldColumns {
  const columns = new FieldColumns(parseFieldMap(map))
  for (const name of names) columns.add(name)
  return columns
}

describe('recogniseField', () => {
  test.each<[string, Field]>([
    ['timestamp', 'time'],
    ['@timestamp', 'time'],
    ['TS', 'time'],
    ['Date', 'time'],
    ['startedDateTime', 'time'],
    ['status_code', 'status'],
    ['responseCode', 'status'],
    ['http.response.status_code', 'status'],
    ['code', 'status'],
    ['Response Time', 'duration'],
    ['took', 'duration'],
    ['request_time', 'duration'],
    ['event.duration', 'duration'],
    ['body_bytes_sent', 'bytes'],

    ['service.name', 'service'],
    ['url.path', 'endpoint'],
    ['request.uri', 'endpoint'],
    ['_source.region', 'region'],
    ['cloud.region', 'region'],
    ['env', 'environment'],
    ['fields.stage', 'environment'],
    ['service.version', 'version'],
    ['payload_valid', 'payload'],
    ['response_body', 'body'],
    ['grpc-status', 'grpcStatus'],
    ['response.headers.content-type', 'contentType'],
    ['error', 'error'],
  ])('%s is the %s', (name, field) => {
    expect(recogniseField(name)?.field).toBe(field)
  })

  test.each([
    ['duration_ms', 'ms'],
    ['latencySeconds', 's'],
    ['elapsed_us', 'us'],
    ['response_time_ns', 'ns'],
    ['duration_in_ms', 'ms'],
    ['event.duration', 'ns'],
    ['http.server.request.duration', 's'],
    ['latency', undefined],
  ] as const)('the unit of %s is %s', (name, unit) => {
    expect(recogniseField(name)).toMatchObject({ field: 'duration' })
    expect(recogniseField(name)?.unit).toBe(unit)
  })

  test.each([
    '',
    'id',
    'error_count',
    'constructor',
    'request.body',
    'request.bytes',
    'http.version',
    'event.code',
    'responses',
    'user.id',
    '__proto__',
  ])('%p is no field', (name) => {
    expect(recogniseField(name)).toBeNull()
  })
})

describe('FieldColumns', () => {
  test('prefers the better name, whatever the order', () => {
    const names = ['code', 'date', 'http_status', 'timestamp']
    for (const order of [names, names.toReversed()]) {
      expect(columnsOf(order).describe()).toBe('time = "timestamp", status = "http_status"')
    }
  })

  test('a map overrides the guess', () => {
    const columns = columnsOf(['timestamp', 'status', 'when', 'took'], { time: 'when', duration: 'took:s' })
    expect(columns.describe()).toBe('time = "when", status = "status", duration = "took"')
    expect(columns.of('duration')[0].unit).toBe('s')
    expect(columns.isMapped('time')).toBe(true)
    expect(columns.isMapped('status')).toBe(false)
  })

  test('an unknown name of ours is an error that lists them', () => {
    expect(() => parseFieldMap({ tiem: 'x' })).toThrow(`must be one of ${FIELDS.join(', ')}`)
  })
})

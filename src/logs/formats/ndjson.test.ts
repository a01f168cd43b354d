import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../input-error.ts'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../fixtures/formats', name))
const read = (name: string) => readLogs([sourceOf(name, fixture(name))])
const readText = (text: string) => readLogs([sourceOf('a', text)])

describe('ndjson reads', () => {
  test('Cloudflare Logpush: nanoseconds, and the next best duration where times are whole seconds', async () => {
    const logs = await read('cloudflare.ndjson')
    expect(logs.formats).toEqual(['ndjson'])
    expect(rowsOf(logs)).toEqual([
      {
        line: 1,
        time: '09:00:00.120Z',
        status: 200,
        ms: 23,
        bytes: 12480,
        service: 'shop.example',
        endpoint: 'GET /v1/items/{id}',
        region: 'FRA',
      },
      {
        line: 2,
        time: '09:00:01.000Z',
        status: 524,
        ms: 7.25,
        bytes: 812,
        service: 'shop.example',
        endpoint: 'POST /v1/orders',
        region: 'SEA',
      },
      {
        line: 3,
        time: '09:00:03.000Z',
        status: 301,
        ms: 31,
        bytes: 570,
        service: 'www.shop.example',
        endpoint: 'GET /',
        region: 'SEA',
      },
    ])
    expect(logs.notes).toContain('cloudflare.ndjson: its fields are those of Cloudflare Logpush.')
  })

  test('Caddy behind docker compose: seconds, times of the end, other messages left out', async () => {
    const logs = await read('caddy.ndjson')
    expect(rowsOf(logs)).toEqual([
      {
        line: 4,
        time: '09:00:00.000Z',
        status: 502,
        ms: 1500,
        bytes: 0,
        service: 'shop.example',
        endpoint: 'POST /orders',
      },
      {
        line: 3,
        time: '09:00:00.250Z',
        status: 200,
        ms: 250,
        bytes: 3768,
        service: 'shop.example',
        endpoint: 'GET /items/{id}',
      },
    ])
    expect(logs.rejected.map(({ line, reason }) => [line, reason])).toEqual([[5, 'a line must be one JSON object']])
    expect(logs.notes.join('\n')).toContain('2 records have no status, endpoint or duration: no requests')
    expect(logs.notes.join('\n')).toContain('times are when a request ended')
  })

  test('Envoy: milliseconds, the cluster as service, gRPC failures under 200, no response', async () => {
    expect(rowsOf(await read('envoy.ndjson'))).toEqual([
      {
        line: 1,
        time: '09:00:00.120Z',
        status: 200,
        ms: 12,
        bytes: 379,
        service: 'reviews.shop',
        endpoint: 'GET /reviews/{id}',
      },
      {
        line: 2,
        time: '09:00:01.500Z',
        status: 503,
        ms: 1003,
        bytes: 95,
        service: 'reviews.shop',
        endpoint: 'GET /reviews/{id}',
      },
      {
        line: 3,
        time: '09:00:02.000Z',
        status: 200,
        ms: 4,
        bytes: 40,
        service: 'shop.example',
        endpoint: 'POST /shop.Cart/Add',
        payload: 'gRPC status is not 0 under HTTP 2xx',
      },
      {
        line: 4,
        time: '09:00:03.000Z',
        outcome: 'no response',
        ms: 30000,
        bytes: 0,
        service: 'shop.example',
        endpoint: 'POST /shop.Cart/Add',
      },
    ])
  })

  test('Amazon API Gateway: requestTime is a time, responseLatency the duration', async () => {
    expect(rowsOf(await read('api-gateway.ndjson'))).toEqual([
      {
        line: 1,
        time: '09:00:00.120Z',
        status: 200,
        ms: 45,
        bytes: 310,
        service: 'a1b2c3',
        endpoint: 'GET /pets/{petId}',
        environment: 'prod',
      },
      {
        line: 2,
        time: '09:00:01.500Z',
        status: 504,
        ms: 29000,
        bytes: 41,
        service: 'a1b2c3',
        endpoint: 'POST /pets',
        environment: 'prod',
      },
    ])
  })

  test('Amazon API Gateway without an epoch time', async () => {
    const line = (second: string) =>
      `{"requestId":"x","requestTime":"02/Mar/2026:10:00:0${second} +0100","routeKey":"GET /pets","httpMethod":"GET","status":"200","integrationLatency":"7"}\n`
    expect(rowsOf(await readText(line('1') + line('2'))).map(({ time, ms, endpoint }) => [time, ms, endpoint])).toEqual(
      [
        ['09:00:01.000Z', 7, 'GET /pets'],
        ['09:00:02.000Z', 7, 'GET /pets'],
      ],
    )
  })

  test("OpenTelemetry's conventions: dotted, nested, under attributes, and as a text in a container's log", async () => {
    expect(rowsOf(await read('semantic-conventions.ndjson'))).toEqual([
      {
        line: 1,
        time: '09:00:00.120Z',
        status: 200,
        ms: 48.5,
        bytes: 2210,
        service: 'users',
        endpoint: 'GET /users/{id}',
        region: 'eu-west-1',
        environment: 'production',
        version: '3.1.0',
      },
      {
        line: 2,
        time: '09:00:01.300Z',
        status: 200,
        ms: 2500,
        bytes: 61,
        service: 'users',
        endpoint: 'POST /users/{id}/avatar',
        region: 'us-east-1',
        environment: 'production',
        version: '3.1.1',
        payload: 'gRPC status is not 0 under HTTP 2xx',
      },
      { line: 3, time: '09:00:01.900Z', status: 404, ms: 3, service: 'users', endpoint: 'GET /users/{id}' },
    ])
  })

  test.each([
    [
      'Traefik',
      '{"StartUTC":"2026-03-02T09:00:00Z","Duration":5000000,"DownstreamStatus":200,"DownstreamContentSize":9,"RequestMethod":"GET","RequestPath":"/a","ServiceName":"s@docker"}',
      { time: '09:00:00.000Z', ms: 5, status: 200, bytes: 9, endpoint: 'GET /a', service: 's@docker' },
    ],
    [
      'pino-http',
      '{"level":30,"time":1772442001000,"req":{"id":1,"method":"GET","url":"/a?x=1"},"res":{"statusCode":200},"responseTime":1000,"msg":"request completed"}',
      { time: '09:00:00.000Z', ms: 1000, status: 200, endpoint: 'GET /a' },
    ],
    [
      'Google Cloud load balancers',
      '{"timestamp":"2026-03-02T09:00:00Z","httpRequest":{"requestMethod":"GET","requestUrl":"https://shop.example/a/7","requestSize":"99","status":200,"responseSize":"51","latency":"0.25s"},"resource":{"type":"http_load_balancer","labels":{"zone":"global"}}}',
      { time: '09:00:00.000Z', ms: 250, status: 200, bytes: 51, endpoint: 'GET /a/{id}' },
    ],
    [
      'a store around the record',
      '{"_index":"i","_source":{"@timestamp":"2026-03-02T09:00:00Z","http":{"response":{"status_code":500}}}}',
      { time: '09:00:00.000Z', status: 500 },
    ],
    [
      'a collector around the record, whose own time and service win',
      '{"timestamp":"2026-03-02T09:59:59Z","service":"collector","region":"eu","message":"{\\"ts\\":1772442000,\\"status\\":500,\\"service\\":\\"shop\\"}"}',
      { time: '09:00:00.000Z', status: 500, service: 'shop', region: 'eu' },
    ],
  ])('%s', async (_, line, expected) => {
    expect(rowsOf(await readText(`${line}\n`))).toEqual([{ line: 1, ...expected }])
  })

  test('keys that are names of every object do no harm', async () => {
    const evil =
      '{"time":1772442000,"status":200,"__proto__":{"status":500,"polluted":1},"constructor":{"prototype":{"x":1}},"toString":1}'
    const logs = await readText(`${evil}\n${evil}\n`)
    expect(rowsOf(logs).map(({ status }) => status)).toEqual([200, 200])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test('HTML where the endpoint normally answers JSON', async () => {
    const line = (second: number, type: string, path: string) =>
      `{"time":${1772442000 + second},"status":200,"path":"${path}","content_type":"${type}"}\n`
    const json = Array.from({ length: 40 }, (_, i) => line(i, 'application/json', '/api'))
    const pages = Array.from({ length: 40 }, (_, i) => line(i, 'text/html', '/pages'))
    const logs = await readText([...json, ...pages, line(50, 'text/html; charset=utf-8', '/api')].join(''))
    expect(rowsOf(logs).filter(({ payload }) => payload !== undefined)).toEqual([
      expect.objectContaining({ line: 81, payload: 'answer is HTML where JSON is normal' }),
    ])
  })
})

describe('ndjson refuses', () => {
  test.each([
    [
      'a log without requests',
      '{"ts":"2026-03-02T09:00:00Z","msg":"hello"}\n',
      'none of its 1 records tells of a request',
    ],
    ['records without a time', '{"status":200}\n', 'no column is recognised as the time; its columns are status'],
  ])('%s', async (_, text, message) => {
    const error = await readText(text).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InputError)
    expect(String(error)).toContain(message)
  })
})

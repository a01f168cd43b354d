import { describe, expect, test } from 'bun:test'
import { readLogs } from '../read.ts'
import { createLogFormat } from './log-format.ts'

async function read(logFormat: string, lines: readonly string[], map: Readonly<Record<string, string>> = {}) {
  const source = {
    name: 'a.log',
    async *open() {
      yield new TextEncoder().encode(lines.join('\n'))
    },
  }
  const { table, rejected, formats } = await readLogs([source], { logFormat, map })
  const dimension = (name: 'endpoint' | 'service' | 'region', row: number) =>
    table.dimensions[name].values[table.dimensions[name].codes[row]]
  const rows = Array.from({ length: table.rows }, (_, row) => ({
    time: new Date(table.time[row]).toISOString(),
    status: table.status[row],
    durationMs: Math.round(table.durationMs[row]),
    bytes: table.bytes[row],
    endpoint: dimension('endpoint', row),
    service: dimension('service', row),
    region: dimension('region', row),
  }))
  return { rows, rejected, formats }
}

describe('an nginx log_format', () => {
  test('as the whole directive, with blanks inside of values', async () => {
    const directive = `log_format timed escape=default '$remote_addr [$time_local] $server_name "$request" $status '
      '$body_bytes_sent "$http_user_agent" $upstream_response_time $request_time';`
    const { rows, rejected, formats } = await read(directive, [
      '10.0.0.1 [02/Mar/2026:10:00:01 +0100] shop "GET /items/7?a=\\x22 HTTP/1.1" 200 51 "a [b] \\x22" 0.100, 0.200 : 0.3 0.750',
      '10.0.0.1 [02/Mar/2026:10:00:02 +0100] shop "-" 400 0 "-" - 0.000',
      '10.0.0.1 nothing of it',
    ])
    expect(formats).toEqual(['log_format'])
    expect(rows).toEqual([
      {
        time: '2026-03-02T09:00:00.250Z',
        status: 200,
        durationMs: 750,
        bytes: 51,
        endpoint: 'GET /items/{id}',
        service: 'shop',
        region: '',
      },
      {
        time: '2026-03-02T09:00:02.000Z',
        status: 400,
        durationMs: 0,
        bytes: 0,
        endpoint: '',
        service: 'shop',
        region: '',
      },
    ])
    expect(rejected.map(({ line }) => line)).toEqual([3])
  })

  test('without request_time sums the upstreams; unquoted times and requests; own columns by --map', async () => {
    const { rows } = await read(
      `\${time_local} $request $status $http_x_region $upstream_response_time`,
      ['02/Mar/2026:10:00:01 +0000 GET /a HTTP/1.1 200 eu-west-1 0.1, 0.2 : 0.3'],
      { region: 'http_x_region' },
    )
    expect(rows).toMatchObject([
      { time: '2026-03-02T10:00:00.400Z', durationMs: 600, endpoint: 'GET /a', region: 'eu-west-1' },
    ])
  })

  test('beats the formats that would read it otherwise, and must match a file', async () => {
    const line = '10.0.0.1 - - [02/Mar/2026:10:00:01 +0000] "GET /a HTTP/1.1" 200 51 7'
    const format = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $connection_requests'
    const { rows, formats } = await read(format, [line])
    expect(formats).toEqual(['log_format'])
    expect(rows[0].durationMs).toBeNaN()
    expect(read('$msec|$status', [line])).rejects.toThrow(
      "'logFormat' must match the lines of a file, got '$msec|$status', which matches none",
    )
  })

  test.each([
    ['no variables', "'logFormat' must be an nginx log_format"],
    ['$status $request', "'logFormat' must have $time_local, $time_iso8601 or $msec"],
    ['$msec $status$request', "'logFormat' must have something between $status and $request that parts them"],
    [`$msec ${'x'.repeat(5_000)}`, "'logFormat' must have at most 5000 characters"],
  ])('refuses %s', (text, message) => {
    expect(() => createLogFormat(text)).toThrow(message)
  })
})

import { describe, expect, test } from 'bun:test'
import Papa from 'papaparse'
import { PAYLOAD } from '../types.ts'
import { generateLog, type Records } from './generate.ts'
import { LOG_FILES, renderLog, renderTruth } from './generate-text.ts'

const { records, truth } = generateLog({ rows: 3_000, days: 4, seed: 5, clean: false })

/** One silent failure. */
const ONE: Records = {
  rows: 1,
  time: Float64Array.of(Date.UTC(2026, 2, 2, 7, 8, 9, 12)),
  cell: Uint16Array.of(records.cells.findIndex((cell) => cell.endpoint === 'GET /v1/users/{id}')),
  cells: records.cells,
  status: Uint16Array.of(200),
  durationMs: Float64Array.of(231.4),
  bytes: Uint32Array.of(27),
  payload: Uint8Array.of(PAYLOAD.invalid),
  resource: Uint32Array.of(42),
}

describe('a record as text', () => {
  test('csv', () => {
    expect(renderLog(ONE, 'csv').split('\n')).toEqual([
      'timestamp,service,method,endpoint,region,environment,version,status_code,response_time_ms,response_bytes,payload_valid',
      '2026-03-02T07:08:09.012Z,accounts,GET,/v1/users/{id},us-east-1,production,1.4.2,200,231.4,27,false',
      '',
    ])
  })

  test('jsonl', () => {
    expect(JSON.parse(renderLog(ONE, 'jsonl'))).toEqual({
      '@timestamp': '2026-03-02T07:08:09.012Z',
      service: { name: 'accounts', environment: 'production', version: '1.4.2' },
      http: { request: { method: 'GET' }, response: { status_code: 200, bytes: 27 } },
      url: { path: '/v1/users/{id}' },
      event: { duration: 231_400_000 },
      cloud: { region: 'us-east-1' },
      payload_valid: false,
    })
  })

  test('nginx', () => {
    expect(renderLog(ONE, 'nginx')).toMatch(
      /^198\.1[89]\.\d+\.\d+ - - \[02\/Mar\/2026:07:08:09 \+0000\] "GET \/v1\/users\/42 HTTP\/1\.1" 200 27 "-" "[^"]+" 0\.231 service=accounts region=us-east-1 env=production version=1\.4\.2\n$/,
    )
  })

  test('jtl', () => {
    const [row] = Papa.parse<Record<string, string>>(renderLog(ONE, 'jtl'), { header: true }).data
    expect(row).toMatchObject({
      timeStamp: '1772435289012',
      elapsed: '231',
      label: 'GET /v1/users/{id}',
      responseCode: '200',
      responseMessage: 'OK',
      success: 'false',
      bytes: '27',
      URL: 'https://accounts.example.com/v1/users/42',
      region: 'us-east-1',
      environment: 'production',
    })
    expect(row.failureMessage).not.toBe('')
  })
})

describe('a log as text', () => {
  test.each(['csv', 'jtl'] as const)('%s is a table without gaps', (form) => {
    const { data, errors } = Papa.parse<Record<string, string>>(renderLog(records, form).trimEnd(), { header: true })
    expect(errors).toEqual([])
    expect(data.length).toBe(records.rows)
    const failed = data.flatMap((row, i) =>
      (row.payload_valid ?? (row.responseCode.startsWith('2') && row.success)) === 'false' ? [i + 1] : [],
    )
    expect(failed).toEqual([...truth.silentRecords])
  })

  test('jsonl has one object a line, with the payload flag under a 2xx only', () => {
    const lines = renderLog(records, 'jsonl').trimEnd().split('\n')
    expect(lines.length).toBe(records.rows)
    for (const line of lines) {
      const { http, payload_valid } = JSON.parse(line)
      expect(payload_valid !== undefined).toBe(http.response.status_code < 300)
    }
  })

  test('nginx has a line per record, none with a template left', () => {
    const lines = renderLog(records, 'nginx').trimEnd().split('\n')
    expect(lines.length).toBe(records.rows)
    expect(lines.filter((line) => /[{}]|NaN|undefined/.test(line))).toEqual([])
  })

  test('every form has its own file', () => {
    expect(new Set(Object.values(LOG_FILES)).size).toBe(4)
  })

  test('the truth is JSON with the agreed keys only', () => {
    expect(JSON.parse(renderTruth(truth))).toEqual(JSON.parse(JSON.stringify(truth)))
    const { events, ...rest } = JSON.parse(renderTruth(truth))
    expect(Object.keys(rest)).toEqual(['seed', 'clean', 'silentRecords'])
    for (const event of events) {
      expect(Object.keys(event)).toEqual(['start', 'end', 'category', 'scope', 'metric', 'size'])
    }
    expect(JSON.parse(renderTruth({ ...truth, events: [], silentRecords: [] })).events).toEqual([])
  })
})

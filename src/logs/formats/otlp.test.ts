import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLogs } from '../read.ts'
import { rowsOf, sourceOf } from '../rows-fixture.ts'

const traces = readFileSync(join(import.meta.dir, '../../../fixtures/formats/traces.json'), 'utf8')
const read = (text: string) => readLogs([sourceOf('traces', text)])

const EXPECTED = [
  {
    line: 1,
    time: '09:00:00.120Z',
    status: 200,
    ms: 41.5,
    bytes: 310,
    service: 'cart',
    endpoint: 'GET /cart/{id}',
    region: 'eu-west-1',
    environment: 'production',
    version: '7.2',
  },
  {
    line: 3,
    time: '09:00:01.120Z',
    status: 200,
    ms: 9.5,
    service: 'cart',
    endpoint: 'POST /graphql',
    region: 'eu-west-1',
    environment: 'production',
    version: '7.2',
    payload: 'span status is ERROR under HTTP 2xx',
  },
  {
    line: 5,
    time: '09:00:02.120Z',
    status: 503,
    ms: 2000,
    bytes: 12,
    service: 'stock',
    endpoint: 'GET /stock/{id}',
    environment: 'production',
  },
]

test('OTLP traces: HTTP server spans, old and new names, the resource before and behind its spans', async () => {
  const logs = await read(traces)
  expect([logs.formats, logs.plannedTraffic]).toEqual([['otlp'], false])
  expect(rowsOf(logs)).toEqual(EXPECTED)
  expect(logs.notes).toContain('traces: 2 of 5 spans are no HTTP server spans: left out.')
})

test("the same in one document, in Tempo's answer and with protobuf's names", async () => {
  const [first, second] = traces
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const all = [...first.resourceSpans, ...second.resourceSpans]
  const snake = JSON.stringify({ resourceSpans: all })
    .replaceAll('resourceSpans', 'resource_spans')
    .replaceAll('scopeSpans', 'scope_spans')
    .replaceAll('startTimeUnixNano', 'start_time_unix_nano')
    .replaceAll('endTimeUnixNano', 'end_time_unix_nano')
    .replaceAll('instrumentationLibrarySpans', 'instrumentation_library_spans')
  for (const text of [
    JSON.stringify({ resourceSpans: all }, null, 2),
    JSON.stringify({ batches: all }),
    JSON.stringify({ trace: { resourceSpans: all } }),
    snake,
  ]) {
    expect(rowsOf(await read(text))).toEqual(EXPECTED)
  }
})

test('traces without an HTTP server span are refused', () => {
  const none = traces.replaceAll('"kind":2', '"kind":3').replaceAll('SPAN_KIND_SERVER', 'SPAN_KIND_CLIENT')
  expect(read(none)).rejects.toThrow('none of its 5 spans is an HTTP server span')
})

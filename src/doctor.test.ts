import { describe, expect, test } from 'bun:test'
import { examine } from './doctor.ts'
import type { FileFacts } from './logs/file-facts.ts'
import { buildLogs, type FixtureRow } from './logs/log-fixture.ts'
import { readLogs } from './logs/read.ts'
import { sourceOf } from './logs/rows-fixture.ts'
import { DEFAULT_SETTINGS, type Logs } from './types.ts'

const MINUTE = 60_000
const diagnose = (logs: Logs, files: readonly FileFacts[] = []) =>
  examine({ logs, files, settings: DEFAULT_SETTINGS, timezone: 'UTC' })
const every = (minutes: number, count: number, row: (i: number) => FixtureRow = () => ({})) =>
  Array.from({ length: count }, (_, i) => ({ time: i * minutes * MINUTE, ...row(i) }))

describe('the doctor', () => {
  test('tells formats, fields and units, and how sure they are', async () => {
    const files: FileFacts[] = []
    const options = { map: { time: 'when' }, onFile: (facts: FileFacts) => files.push(facts) }
    const table = 'when;took;code\n2026-03-02 09:00:00;0.25;200\n2026-03-02 09:00:01;0.5;404\nnever;1;200\n'
    const json = '{"ts":1772442000,"http":{"latency_ms":5},"status":200}\n'
    const read = await readLogs([sourceOf('a.csv', table), sourceOf('b', json), sourceOf('c', json)], options)
    const text = diagnose(read, files)
    expect(text).toContain('a.csv: csv (a guess), 2 requests, 1 line rejected')
    expect(text).toContain('b and 1 file like it: ndjson (sure), 2 requests')
    expect(text).toMatch(/duration +took +by its name; in seconds, told by its values/)
    expect(text).toMatch(/duration +http\.latency_ms +by part of its name; in milliseconds/)
    expect(text).toMatch(/status +code +by a vague name/)
    expect(text).toContain('2 times without a zone, read as UTC')
    expect(text).toMatch(/time +when +named by the user/)
    expect(text).toContain("1 × 'when' must be an ISO 8601")
    expect(text).toContain('e.g. a.csv:4: never;1;200')
    expect(text).toMatch(/Proposed config\n.*\n {2}timezone: "UTC"/)
    expect(text).not.toContain(': read as ')
  })

  test('tells span, rate, windows and gaps', () => {
    const text = diagnose(
      buildLogs([
        ...every(1, 120).map((row) => ({ ...row, file: 'a' })),
        ...every(1, 120).map((row) => ({ ...row, time: row.time + 300 * MINUTE, file: 'b' })),
      ]),
    )
    expect(text).toContain('2026-03-02 00:00 UTC to 2026-03-02 06:59 UTC: 6 h 59 min, 240 requests, 34 an hour.')
    expect(text).toMatch(/Gap: 2026-03-02 02:00–05:00 UTC, between files or runs/)
    expect(text).toContain('too short to learn the hours of the day')
  })

  test('tells dimensions and endpoints with what is known of them', () => {
    const rows = every(1, 100, (i) => ({
      endpoint: i < 80 ? 'GET /a' : 'POST /b',
      region: i % 2 === 0 ? 'eu' : 'us',
      status: i < 10 ? 500 : 200,
      invalid: i > 97 ? 'body has "error"' : '',
    }))
    const text = diagnose(buildLogs(rows))
    expect(text).toMatch(/region +2 values: eu 50 %, us 50 %/)
    expect(text).toMatch(/service +not in the log/)
    expect(text).toMatch(/GET \/a +80 +100 ms +100 ms +12\.5 % +0 %/)
    expect(text).toMatch(/POST \/b +20 +100 ms +100 ms +0 % +10 %/)
    expect(text).toContain('1 endpoint is too rare to be watched alone')
  })

  test.each<[string, FixtureRow, string]>([
    ['nothing about answers', {}, 'Silent failures: not judged, the log tells nothing of what was answered'],
    ['sizes alone', { bytes: 5 }, 'Silent failures: only by answers that are far smaller than usual'],
    ['no status', { status: null }, 'Errors: not judged, no request has a status'],
    ['no durations', { durationMs: Number.NaN }, 'Latency: not judged, no request has a duration'],
  ])('says what cannot be judged: %s', (_, row, sentence) => {
    expect(diagnose(buildLogs(every(1, 50, () => row)))).toContain(sentence)
  })

  test('says that a test plan set the traffic', () => {
    expect(diagnose(buildLogs(every(1, 50), true))).toContain('a test plan set it')
  })

  test('copies of a file stand out', () => {
    const once = every(1, 50, (i) => ({ durationMs: i }))
    expect(diagnose(buildLogs(once))).toContain('None: no request repeats')
    expect(diagnose(buildLogs([...once, ...once]))).toContain('50 % of the requests repeat')
  })

  test('one request is enough', () => {
    expect(diagnose(buildLogs([{}]))).toContain('1 request')
  })
})

import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { createRandom } from '../math/random.ts'
import { OUTCOME, PAYLOAD } from '../types.ts'
import { FORMATS } from './formats.ts'
import { InputError } from './input-error.ts'
import { type ReadOptions, readLogs } from './read.ts'
import type { LogSource } from './source.ts'

function source(name: string, content: string | Uint8Array, inFolder = false): LogSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return {
    name,
    inFolder,
    async *open() {
      for (let start = 0; start < bytes.length; start += 50_000) yield bytes.subarray(start, start + 50_000)
    },
  }
}

const KNOWN = FORMATS.map((format) => format.name).join(', ')
const read = (content: string | Uint8Array, options?: ReadOptions) => readLogs([source('a.csv', content)], options)

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof InputError)) throw new Error('no InputError', { cause: error })
  return error.message
}

const ROWS = 'ts,status,took,path\n2026-01-01T00:00:05Z,200,5,/a\n2026-01-01T00:00:01Z,500,7,/b/1\n'

describe('readLogs', () => {
  test('sorts by time, ties in file and line order, and says how the columns were read', async () => {
    const second = 'ts,status,path\n2026-01-01T00:00:01Z,201,/c\n2026-01-01T00:00:01Z,202,/d\n'
    const { table, files, notes } = await readLogs([source('a.csv', ROWS), source('b.csv', second)])
    expect([...table.status]).toEqual([500, 201, 202, 200])
    expect([...table.line]).toEqual([3, 2, 3, 2])
    expect([...table.file.codes].map((code) => table.file.values[code])).toEqual(['a.csv', 'b.csv', 'b.csv', 'a.csv'])
    expect([...table.dimensions.endpoint.codes].map((code) => table.dimensions.endpoint.values[code])).toEqual([
      '/b/{id}',
      '/c',
      '/d',
      '/a',
    ])
    expect([...table.durationMs]).toEqual([7, Number.NaN, Number.NaN, 5])
    expect(files).toEqual(['a.csv', 'b.csv'])
    expect(notes[0]).toBe(
      'a.csv: read as time = "ts", status = "status", duration = "took", endpoint = "path"; duration in milliseconds, judged by its values.',
    )
  })

  test('reads gzip, and formats side by side', async () => {
    const json = '{"time":1767225602,"status":204}\n'
    const { table, formats } = await readLogs([source('a.gz', gzipSync(ROWS)), source('b', json)])
    expect(formats).toEqual(['csv', 'ndjson'])
    expect([...table.status]).toEqual([500, 204, 200])
  })

  test('a log of times alone is read, all else unknown', async () => {
    const { table } = await read('time\n2026-01-01T00:00:00Z\n')
    expect(table.rows).toBe(1)
    expect([table.status[0], table.outcome[0], table.payload[0]]).toEqual([0, OUTCOME.unknown, PAYLOAD.unknown])
    expect([table.durationMs[0], table.bytes[0]]).toEqual([Number.NaN, Number.NaN])
    expect(table.dimensions.service).toEqual({ codes: Uint32Array.of(0), values: [''] })
  })

  test.each([
    ['ms by name', 'latency_ms', ['0.5', '0.25'], [0.5, 0.25]],
    ['seconds by name', 'latency_s', ['2', '3'], [2000, 3000]],
    ['seconds by value', 'latency', ['0.5', '0.25'], [500, 250]],
    ['nanoseconds by value', 'latency', ['5000000', '2500000'], [5, 2.5]],
    ['a unit in the cell', 'latency', ['5ms', '2s'], [5, 2000]],
  ])('durations: %s', async (_, name, cells, expected) => {
    const { table } = await read(
      `time,${name}\n${cells.map((cell, i) => `2026-01-01T00:00:0${i}Z,${cell}`).join('\n')}`,
    )
    expect([...table.durationMs]).toEqual(expected)
  })

  test("a status of 0 or 499 is no response, a word is unknown, a program's own code is none", async () => {
    const rows = ['0', '499', 'ok', '', '200'].map((status, i) => `2026-01-01T00:00:0${i}Z,${status}`)
    const { table, notes } = await read(`time,status\n${rows.join('\n')}`)
    const { noResponse, unknown, ok } = OUTCOME
    expect([...table.outcome]).toEqual([noResponse, noResponse, unknown, unknown, ok])
    expect(notes).toContain('a.csv: 1 values of the status are words, not HTTP codes: unknown.')
    const own = await read(
      '{"time":1767225602,"code":0}\n{"time":1767225603,"code":10001}\n{"time":1767225604,"code":404}\n',
    )
    expect([...own.table.outcome]).toEqual([unknown, unknown, OUTCOME.clientError])
  })

  test('only a 2xx fails silently', async () => {
    const rows = ['200,false', '500,false', '201,true', '200,'].map((cells, i) => `2026-01-01T00:00:0${i}Z,${cells}`)
    const { table } = await read(`time,status,payload_valid\n${rows.join('\n')}`)
    expect([...table.payload]).toEqual([PAYLOAD.invalid, PAYLOAD.unknown, PAYLOAD.valid, PAYLOAD.unknown])
    expect(table.reasons).toEqual(['', '"payload_valid" is false'])
    expect([...table.excerpts]).toEqual([[0, '2026-01-01T00:00:00Z,200,false']])
  })

  test('keeps at most three excerpts of a kind, by final row', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `2026-01-01T00:00:0${9 - i}Z,200,false`)
    const { table } = await read(`time,status,payload_valid\n${rows.join('\n')}`)
    expect([...table.excerpts.keys()]).toEqual([6, 7, 8])
    expect(table.excerpts.get(8)).toContain('00:00:09Z')
  })

  test('a schema judges the bodies of its route', async () => {
    const line = (id: number, body: string) =>
      JSON.stringify({ time: 1767225600 + id, method: 'GET', path: `/q/${id}`, status: 200, body })
    const schemas = new Map([
      [
        'GET /q/{quote}',
        (value: unknown) =>
          typeof value === 'object' && value !== null && 'price' in value ? null : '/price is missing',
      ],
    ])
    const { table } = await read(`${line(1, '{"price":1}')}\n${line(2, '{}')}\n`, { schemas })
    expect([...table.payload]).toEqual([PAYLOAD.valid, PAYLOAD.invalid])
    expect(table.reasons[1]).toBe('body breaks its schema: /price is missing')
    expect(table.excerpts.get(1)).toBe('{}')
  })

  test('fields that appear late in a JSON log are read', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({ time: 1767225600 + i, status: 200, ...(i > 2990 && { ctx: {}, region: 'eu', error: 'boom' }) }),
    )
    const { table } = await read(lines.join('\n'))
    expect(table.dimensions.region.values).toEqual(['', 'eu'])
    expect(table.payload.filter((payload) => payload === PAYLOAD.invalid).length).toBe(9)
  })

  test('a date and a time of day in two columns belong together', async () => {
    const { table } = await read('date,time,status\n2026-01-01,10:00:00,200\n')
    expect(table.time[0]).toBe(Date.parse('2026-01-01T10:00:00Z'))
  })

  test('repeated headers, wrong cell counts and bad values do not stop a file', async () => {
    const text = `${ROWS}ts,status,took,path\n2026-01-01T00:00:09Z,200\n2026-01-01T00:00:09Z,20x,5,/a\n2026-01-01T00:00:10Z,200,1,/z\n`
    const { table, rejected, notes } = await read(text)
    expect(table.rows).toBe(3)
    expect(rejected).toEqual([
      {
        file: 'a.csv',
        line: 5,
        reason: "a row must have the header's 4 cells, got 2",
        excerpt: '2026-01-01T00:00:09Z,200',
      },
      {
        file: 'a.csv',
        line: 6,
        reason: "'status' must be an HTTP status (0 or 100 to 999), got '20x'",
        excerpt: '2026-01-01T00:00:09Z,20x,5,/a',
      },
    ])
    expect(notes).toContain('a.csv: the header line occurs 2 times; the repetitions are left out.')
  })

  test('columns that the user names', async () => {
    const text = 'when;code;wait\n2026-01-01 00:00:00;200;3\n'
    const { table } = await read(text, { map: { time: 'when', duration: 'wait:s' }, timezone: 'Asia/Tokyo' })
    expect(table.time[0]).toBe(Date.parse('2025-12-31T15:00:00Z'))
    expect(table.durationMs[0]).toBe(3000)
  })

  test('files out of order that overlap become one table by time', async () => {
    const file = (seconds: readonly number[]) =>
      `time,status\n${seconds.map((second) => `${1767225600 + second},200`).join('\n')}\n`
    const sources = [source('b', file([9, 3, 5])), source('a', file([1, 4, 8, 2])), source('c', file([5, 0]))]
    const { table } = await readLogs(sources)
    expect([...table.time].map((time) => time / 1000 - 1767225600)).toEqual([0, 1, 2, 3, 4, 5, 5, 8, 9])
    // Both of second 5: in the order of the files.
    expect([...table.file.codes].map((code) => table.file.values[code]).join('')).toBe('caababcab')
  })

  test('fields from the names of files win over the columns', async () => {
    const text = 'time,region,status\n2026-01-01T00:00:00Z,unknown,200\n'
    const sources = [
      source('logs/regions/eu/1.csv', text),
      source('logs/regions/us/1.csv', text),
      source('x.csv', text),
    ]
    const map = { region: 'path:regions/(?<region>[^/]+)/', service: 'path:^(logs)/|^(?<service>x)' }
    const { table } = await readLogs(sources, { map })
    const values = (name: 'region' | 'service') =>
      [...table.dimensions[name].codes].map((code) => table.dimensions[name].values[code])
    expect(values('region')).toEqual(['eu', 'us', 'unknown'])
    expect(values('service')).toEqual(['', '', 'x'])
  })

  test('what cannot be read in a folder is skipped with a note', async () => {
    const sources = [
      source('logs/notes.txt', 'dear diary', true),
      source('logs/empty.csv', '', true),
      source('logs/bad.csv', 'time,status\nx,1\ny,2\n', true),
      source('logs/a.csv', ROWS, true),
    ]
    const { table, files, notes, rejectedCount, formats } = await readLogs(sources)
    expect([table.rows, rejectedCount]).toEqual([2, 0])
    expect(files).toEqual(['logs/a.csv'])
    expect(formats).toEqual(['csv'])
    expect(table.file.values).toEqual(['', 'logs/a.csv'])
    expect(notes.filter((note) => note.startsWith('Skipped'))).toEqual([
      `Skipped logs/notes.txt: is in no format that is known (${KNOWN}); it begins with 'dear diary'.`,
      'Skipped logs/empty.csv: is empty.',
      expect.stringContaining('Skipped logs/bad.csv: 2 of 2 lines cannot be read as csv'),
    ])
  })
})

describe('readLogs refuses', () => {
  test.each<[string, string, ReadOptions, string]>([
    ['an empty file', '', {}, 'a.csv: is empty'],
    [
      'a table without a time',
      'id,status\n1,200\n',
      {},
      'a.csv: no column is recognised as the time; its columns are id, status; name it with --map time=COLUMN',
    ],
    [
      'JSON without a time',
      '{"id":1,"a":{"b":2}}\n',
      {},
      'a.csv: no column is recognised as the time; its columns are id, a.b; name it with --map time=COLUMN',
    ],
    ['a header alone', 'time,status\n', {}, 'no log records in a.csv'],
    [
      'mostly bad lines',
      'time,status\nx,200\ny,200\n2026-01-01,200\n',
      {},
      "a.csv: 2 of 3 lines cannot be read as csv; the first: 'time' must be an ISO 8601, CLF, RFC 1123 or epoch time (s, ms, µs, ns) from 1980 to 2099, got 'x'",
    ],
    ['prose', 'Hello world.', {}, `a.csv: is in no format that is known (${KNOWN}); it begins with 'Hello world.'`],
    ['an unknown format', ROWS, { format: 'xml' }, `'format' must be one of ${KNOWN}, got 'xml'`],
    [
      'an unknown zone',
      ROWS,
      { timezone: 'Mars' },
      "'timezone' must be an IANA time zone such as Europe/Berlin, got 'Mars'",
    ],
    [
      'an unknown field',
      ROWS,
      { map: { tiem: 'ts' } },
      "'--map tiem=ts': the name before '=' must be one of time, status, duration",
    ],
    [
      'a pattern that matches no name',
      ROWS,
      { map: { region: 'path:regions/(?<region>[^/]+)/' } },
      "'--map region=path:regions/(?<region>[^/]+)/': no file's name matches; files: a.csv",
    ],
    [
      'a pattern without a group',
      ROWS,
      { map: { region: 'path:regions' } },
      "'--map region=path:regions': the pattern must have a group (?<region>…)",
    ],
    [
      'a pattern for what no name can tell',
      ROWS,
      { map: { status: 'path:(?<status>.)' } },
      "'--map status=path:(?<status>.)': a file's name can tell one of service, endpoint, region, environment, version",
    ],
    [
      'a pattern that looks ahead',
      ROWS,
      { map: { region: 'path:(?=x)' } },
      "'--map region=path:(?=x)': the pattern '(?=x)' has '(?=', which such patterns do not have",
    ],
    [
      'an unknown column',
      ROWS,
      { map: { region: 'area' } },
      "'--map region=area': no file has a column 'area'; columns: ts, status, took, path",
    ],
  ])('%s', async (_, content, options, message) => {
    expect(await failure(read(content, options))).toStartWith(message)
  })

  test('no sources', async () => {
    expect(await failure(readLogs([]))).toBe('no log records in no files')
  })
})

describe('readLogs survives', () => {
  const SAMPLES: readonly string[] = [
    `ts,status,took,path,body\n${'2026-01-01T00:00:05Z,200,5,"/a","{""error"":null}"\n'.repeat(12)}`,
    `${'{"time":"2026-01-01T00:00:05Z","status":200,"http":{"url":"/x/1"},"body":{"error":"a"},"latency":"5ms"}\n'.repeat(12)}`,
    `[${'{"time":1767225600,"status":200,"path":"/x/1"},\n'.repeat(12)}{}]`,
    `${'1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a?b=1 HTTP/1.1" 200 51 "-" "x" 0.1 region=eu\n'.repeat(12)}`,
    `timeStamp,elapsed,label,responseCode,success\n${'1767225600000,5,GET /a,200,true\n'.repeat(12)}`,
  ]
  const PIECES = [
    '"',
    '\n',
    ',',
    '{',
    '}',
    '[',
    ']',
    '\\',
    ':',
    '0',
    '-',
    ' ',
    '\r',
    '\t',
    'é',
    '\u{1F600}',
    'null',
    '1e999',
    '""',
    '":',
    '(',
    '=',
  ]

  test('thousands of mutated files: rows, rejected lines or one clear error', async () => {
    const random = createRandom(11)
    const pick = (count: number) => Math.floor(random() * count)
    let readable = 0
    for (let round = 0; round < 3000; round++) {
      let text = SAMPLES[round % SAMPLES.length]
      for (let change = pick(6); change >= 0; change--) {
        const at = pick(text.length)
        text = text.slice(0, at) + (random() < 0.8 ? PIECES[pick(PIECES.length)] : '') + text.slice(at + pick(4))
      }
      try {
        const { table } = await read(text)
        readable++
        for (let row = 0; row < table.rows; row++) {
          if (!Number.isFinite(table.time[row]) || table.durationMs[row] < 0 || table.durationMs[row] === Infinity) {
            expect.unreachable(text)
          }
        }
      } catch (error) {
        if (!(error instanceof InputError) || error.message.length > 1000) throw new Error(text, { cause: error })
      }
    }
    expect(readable).toBeGreaterThan(1500)
  })

  test('lines made to hang: deep nesting, endless brackets, quotes and blanks', async () => {
    const good = '{"time":1767225600,"status":200}\n'.repeat(20)
    const access = SAMPLES[3]
    const long = 900_000
    for (const evil of [
      '['.repeat(long),
      '{"a":'.repeat(long / 5),
      ' ['.repeat(long / 2),
      `"${'\\"'.repeat(long / 2)}`,
      ' '.repeat(long),
    ]) {
      for (const text of [`${good}${evil}\n${good}`, `${access}${evil}\n${access}`, `${SAMPLES[0]}${evil}\n`]) {
        const { table, rejectedCount } = await read(text)
        expect(table.rows).toBeGreaterThan(10)
        expect(rejectedCount).toBeLessThanOrEqual(1)
      }
    }
  })

  test('deeply nested lines are rejected, in any engine alike', async () => {
    const good = '{"time":1767225600,"status":200}\n'
    const nest = (depth: number) =>
      `{"time":1767225600,"status":200,"x":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}\n`
    const { table, rejected } = await read(`${good}${nest(50)}${nest(500)}${nest(50_000)}${good}${good}`)
    expect(table.rows).toBe(4)
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'JSON must not be nested deeper than 64'],
      [4, 'JSON must not be nested deeper than 64'],
    ])
  })
})

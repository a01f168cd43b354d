/**
 * Whatever is read from bytes is what the format's own reader makes of the text: rows, rejected lines, reasons, line
 * numbers, excerpts, notes. The reference is the same text in UTF-16, which has no plain lines.
 */
import { describe, expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import type { Logs } from '../../types.ts'
import { InputError } from '../input-error.ts'
import { type ReadOptions, readLogs } from '../read.ts'
import { createBlockReader } from './block.ts'
import type { BlockReaders } from './read.ts'

const TABLES = 500
const OBJECTS = 500

const random = createRandom(20_261_122)
const draw = (count: number): number => Math.floor(random() * count)
const drawFrom = <T>(items: readonly T[]): T => items[draw(items.length)]
const encoder = new TextEncoder()

/** Rows that were read from bytes, by readers like the following. */
let plainRows = 0

/** Readers that answer late and in any order, each with a memory of its own. */
function createReaders(count: number, blockBytes: number): BlockReaders {
  const readers = Array.from({ length: count }, createBlockReader)
  let next = 0
  return {
    count,
    blockBytes,
    leastBytes: 0,
    async read(task) {
      const answer = readers[next++ % count](task)
      plainRows += answer.rows
      for (let turn = draw(20); turn > 0; turn--) await null
      return answer
    },
  }
}

function encodeUtf16(text: string): Uint8Array {
  const units = Uint16Array.from({ length: text.length + 1 }, (_, at) => (at === 0 ? 0xfeff : text.charCodeAt(at - 1)))
  return new Uint8Array(units.buffer)
}

async function read(bytes: Uint8Array, options: ReadOptions): Promise<Logs | string> {
  const size = drawFrom([500_000, 1 + draw(bytes.length + 1), bytes.length > 100_000 ? 70_000 : 1 + draw(60)])
  const source = {
    name: 'a.log',
    async *open() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
    },
  }
  try {
    const logs = await readLogs([source], options)
    return { ...logs, notes: logs.notes.map((note) => note.replace('UTF-16LE', 'UTF-8')) }
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
}

/** A line for each row, minus zeros told from zeros. */
function describeLogs(logs: Logs | string): unknown {
  if (typeof logs === 'string') return logs
  const { table, ...rest } = logs
  const rows = Array.from({ length: table.rows }, (_, row) => {
    const { time, durationMs, status, outcome, bytes, payload, line } = table
    const numbers = [time, durationMs, status, outcome, bytes, payload, line, table.reason].map((column) => column[row])
    const texts = [...Object.values(table.dimensions), table.file].map(({ codes, values }) => values[codes[row]])
    return [...numbers.map((number) => (Object.is(number, -0) ? '-0' : String(number))), ...texts].join(' | ')
  })
  const values = Object.values(table.dimensions).map((dimension) => dimension.values)
  return { ...rest, rows, values, reasons: table.reasons, excerpts: [...table.excerpts] }
}

/** How many rows were read; by bytes as by text. */
async function compare(bytes: Uint8Array, options: ReadOptions): Promise<number> {
  const expected = await read(encodeUtf16(new TextDecoder().decode(bytes)), options)
  for (const count of [0, 1, 3]) {
    const readers = createReaders(count, bytes.length > 100_000 ? 1_000_000 : drawFrom([64, 300, 1_000, 1_000_000]))
    const found = await read(bytes, { ...options, readers })
    // Compared as a whole first: describing each row takes its time.
    if (Bun.deepEquals(found, expected)) continue
    const text = new TextDecoder().decode(bytes).slice(0, 20_000)
    expect({ text, logs: describeLogs(found) }).toEqual({ text, logs: describeLogs(expected) })
  }
  return typeof expected === 'string' ? 0 : expected.table.rows
}

const TIMES = [
  () => new Date(1_767_225_600_000 + draw(9_000_000)).toISOString(),
  () => new Date(1_767_225_600_000 + draw(9_000_000)).toISOString().slice(0, 19),
  () => `${1_767_225_600 + draw(9_000)}`,
  () => `${1_767_225_600 + draw(9_000)}.${draw(1_000_000)}`,
  () => `${1_767_225_600_000 + draw(9_000_000)}`,
  () => `2026-01-01 ${String(draw(24)).padStart(2, '0')}:00:0${draw(10)},${draw(1_000)} +0${draw(10)}:30`,
  () => drawFrom(['2026/01/01T10:00Z', '2026-03-29T02:30:00', '2026-10-25T02:30:00.5', '2026-02-31T00:00:00Z']),
  () => drawFrom(['01/Jan/2026:10:00:00 +0000', '1767225600123456789', '2026-01-01', 'now', '', '85-01-01', '1.5e12']),
  () => drawFrom(['1979-12-31T23:59:59Z', '2099-12-31T23:59:60Z', '2100-01-01T00:00:00Z', '1980-01-01T00:00:00']),
]
const NUMBERS = [
  '0',
  '1',
  '-1',
  '-5',
  '12.5',
  '0.231',
  '1e3',
  '0x1f',
  '007',
  '12.',
  '.5',
  '1e999',
  '999999999999999999',
]
const LONG_NUMBERS = ['0.1000000000000000055511151231257827', '123456789012345678', '12.345678901234567', '231ms', '5s']
const AMOUNTS = [...NUMBERS, ...LONG_NUMBERS, '', '-', 'NaN', ' 7', 'x', '1,5']
const STATUSES = [
  '200',
  '200',
  '200',
  '201',
  '404',
  '500',
  '503',
  '0',
  '',
  '-',
  '999',
  '1000',
  '20',
  '200 OK',
  '2x0',
  'ok',
]
const WORDS = ['api', 'web', 'é', '\u00a0x', ' a ', '-', 'null', 'None', '', 'v1.2.3', '1.10', 'a b', '日本', '{id}']
const PATHS = [
  '/a',
  '/users/42',
  '/users/43?x=1',
  'GET /b',
  '/c/9f3c2a71b0d4',
  'https://h/x',
  'login',
  '',
  '/é',
  '/d;x=1',
]
const FLAGS = ['true', 'true', '', 'false', '1', 'no', 'maybe']
const BODIES = ['', '{"a":1}', '[]', '{"error":"x"}', '<html>', '{"ok":true', 'text', '{"errors":[]}']
const PIECES = [
  ...['"', '""', ',', ';', '\t', '\r', '\n', '\r\n', '\n\n', ' ', '\\', '{', '}', '[', ']', ':', '\u0000', '\uFFFD'],
  ...['":', '","', '\\"', '\\u00e9', 'null', 'true', '1e5', '\u{1F600}', '\u2028', '_source', '{"a":1}', '"time":'],
]

function mutate(text: string): string {
  let mutated = text
  for (let change = draw(4); change > 0; change--) {
    const at = draw(mutated.length + 1)
    const behind = at + (draw(3) === 0 ? draw(30) : 0)
    mutated = mutated.slice(0, at) + (draw(5) === 0 ? '' : drawFrom(PIECES)) + mutated.slice(behind)
  }
  return mutated
}

function encode(text: string): Uint8Array {
  const bytes = encoder.encode(draw(8) === 0 ? `\uFEFF${text}` : text)
  if (draw(8) === 0) for (let change = draw(3); change >= 0; change--) bytes[draw(bytes.length)] = draw(256)
  return draw(10) === 0 ? bytes.subarray(0, draw(bytes.length)) : bytes
}

function drawOptions(): ReadOptions {
  return drawFrom<ReadOptions>([
    {},
    {},
    { timezone: 'Europe/Berlin' },
    { map: { region: 'path:(?<region>[a-z]+)' }, routes: ['/users/{user}'] },
    { map: { time: 'time' } },
    { schemas: new Map([['GET /users/{id}', (value) => (typeof value === 'object' ? null : 'must be an object')]]) },
  ])
}

interface Column {
  readonly name: string
  readonly cells: readonly (string | (() => string))[]
}

const COLUMNS: readonly Column[] = [
  { name: 'status', cells: STATUSES },
  { name: 'duration', cells: AMOUNTS },
  { name: 'duration_ms', cells: AMOUNTS },
  { name: 'bytes', cells: AMOUNTS },
  { name: 'service', cells: WORDS },
  { name: 'region', cells: WORDS },
  { name: 'version', cells: WORDS },
  { name: 'method', cells: ['GET', 'GET', 'post', '', '-'] },
  { name: 'path', cells: PATHS },
  { name: 'payload_valid', cells: FLAGS },
  { name: 'error', cells: ['', '', 'none', 'boom'] },
  { name: 'body', cells: BODIES },
  { name: 'content_type', cells: ['application/json', '', 'text/plain', 'text/html'] },
  { name: 'grpc_status', cells: ['0', 'OK', '', '14'] },
  { name: 'note', cells: [...WORDS, ...NUMBERS] },
]

/** A cell: for a while one of the first of a column, as logs have them, then any. */
function drawCell({ cells }: Column, isOdd: boolean): string {
  const cell = cells[draw(isOdd ? cells.length : Math.min(cells.length, 3))]
  return typeof cell === 'string' ? cell : cell()
}

function drawTable(): string {
  const isJMeter = draw(6) === 0
  const delimiter = drawFrom([',', ',', '\t', ';', '|'])
  const time = { name: isJMeter ? 'timeStamp' : 'time', cells: [drawFrom(TIMES), ...TIMES] }
  const others = COLUMNS.filter(() => draw(3) > 0)
  const names = isJMeter ? ['elapsed', 'label', 'responseCode', 'responseMessage', 'success'] : []
  const jmeter = names.map((name) => ({ name, cells: JMETER[name] }))
  const columns: readonly Column[] = [time, ...jmeter, ...others]
  const quoteAll = draw(5) === 0
  const oddity = drawFrom([0, 0.02, 0.3])
  const quote = (cell: string) =>
    quoteAll || /["\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell
  const lines = Array.from({ length: 1 + draw(60) }, () =>
    columns.map((column) => quote(drawCell(column, random() < oddity))).join(delimiter),
  )
  const header = columns.map(({ name }) => name).join(delimiter)
  if (draw(10) === 0) lines.splice(draw(lines.length), 0, header)
  if (draw(5) === 0) lines.splice(draw(lines.length), 0, drawFrom(['', ' ', delimiter, '""']))
  const newline = drawFrom(['\n', '\n', '\r\n'])
  const text = [header, ...lines].join(newline) + drawFrom(['', newline])
  return draw(3) === 0 ? mutate(text) : text
}

const JMETER: Readonly<Record<string, Column['cells']>> = {
  elapsed: ['12', '250', '7', '-1'],
  label: ['login', '/users/7', 'a,b'],
  responseCode: ['200', '500', '201', '', 'Non HTTP response code: x'],
  responseMessage: ['OK', '', 'Created', 'Number of samples in transaction : 2'],
  success: ['true', 'true', 'true', 'false'],
}

function drawValue(column: Column, isOdd: boolean): unknown {
  const cell = drawCell(column, isOdd)
  if (column.name === 'body' && cell.startsWith('{"') && draw(2) === 0) return { [drawFrom(['a', 'error'])]: draw(2) }
  if (cell !== '' && draw(2) === 0 && Number.isFinite(Number(cell))) return Number(cell)
  if (!isOdd) return cell === 'true' ? true : cell
  return drawFrom<unknown>([cell, null, true, false, [], [cell], {}, { x: cell }, `${cell}"\n`, undefined])
}

function drawObjects(): string {
  const columns = [{ name: drawFrom(['time', '@timestamp', 'ts']), cells: [drawFrom(TIMES), ...TIMES] }, ...COLUMNS]
  const used = columns.filter((_, at) => at === 0 || draw(3) > 0)
  const groups = new Map(used.map(({ name }) => [name, drawFrom(['', '', 'http', 'http.response', 'message'])]))
  const oddity = drawFrom([0, 0.02, 0.2])
  const style = drawFrom<(value: unknown) => string>([
    JSON.stringify,
    JSON.stringify,
    // Python's way.
    (value) => JSON.stringify(value, null, 1).replaceAll(/\n */g, ' '),
  ])
  const lines = Array.from({ length: 1 + draw(60) }, () => {
    const record: Record<string, unknown> = {}
    for (const column of used) {
      if (random() < oddity) continue
      let parent = record
      for (const group of groups
        .get(column.name)!
        .split('.')
        .filter((name) => name !== '')) {
        const next = parent[group]
        const below: Record<string, unknown> = typeof next === 'object' && next !== null ? { ...next } : {}
        parent[group] = below
        parent = below
      }
      parent[column.name] = drawValue(column, random() < oddity)
    }
    if (random() < oddity)
      record[drawFrom(['extra', 'status_code', 'latency', 'message', 'log', '_source', '_index', '0', '__proto__'])] =
        drawFrom<unknown>([1, 'x', '{"status":500}', ' {"time":1}', { status: 500 }, [1, { a: [] }], 'a\\b\u0001é'])
    const line = style(record)
    if (random() >= oddity) return line
    return drawFrom([
      `prefix | ${line}`,
      ` ${line} `,
      `${line}}`,
      line.slice(0, draw(line.length)),
      line.replace('{', '{"status":404,'),
      line.replace('{', `{"${'a.b'.repeat(draw(5))}":-0.5e+3,`),
      line.replace(/}$/, ',"list":[1,[],{"a":"\\u00e9\\"","b":null}]}'),
      `{"deep":${'['.repeat(70)}${']'.repeat(70)}}`,
      '{}',
      '[]',
      '',
      '\r',
      'null',
    ])
  })
  const newline = drawFrom(['\n', '\n', '\r\n'])
  const text = lines.join(newline) + drawFrom(['', newline])
  return draw(3) === 0 ? mutate(text) : text
}

describe('bytes give what the text gives', () => {
  test(`in ${TABLES} tables`, async () => {
    let rows = 0
    plainRows = 0
    for (let table = 0; table < TABLES; table++) rows += await compare(encode(drawTable()), drawOptions())
    expect(rows).toBeGreaterThan(TABLES * 10)
    // Two of the three ways are with readers; a test that compares the slow way with itself would pass as well.
    expect(plainRows).toBeGreaterThan(rows / 5)
  }, 60_000)

  test(`in ${OBJECTS} logs of JSON objects`, async () => {
    let rows = 0
    plainRows = 0
    for (let log = 0; log < OBJECTS; log++) rows += await compare(encode(drawObjects()), drawOptions())
    expect(rows).toBeGreaterThan(OBJECTS * 10)
    expect(plainRows).toBeGreaterThan(rows / 5)
  }, 60_000)

  test('where names come up that the beginning did not have', async () => {
    const late = [
      ['{"status_code":503', ''],
      ['{"late_code":404', ''],
      ['{"latency":7', ''],
      ['{"http":{"response":{"status_code":500}}', ''],
      ['{"_source":{"status":500,"time":1767225600}', ''],
      ['{"_source":3', '"_source":1,'],
      ['{"message":"{\\"status\\":500}"', '"message":"m",'],
      ['{"log":" \\u007b\\"status\\":500}"', '"log":"l",'],
      ['{"fields":{"status":500},"_index":"i"', '"fields":{"status":200},"_index":1,'],
      [`{${Array.from({ length: 60 }, (_, i) => `"many${i}":${i}`).join()}`, ''],
    ] as const
    for (const [start, first] of late) {
      for (const options of [{}, { map: { status: 'late_code' } }]) {
        const lines = Array.from({ length: 700 }, (_, at) => {
          const own = `"time":"2026-01-01T00:${String(Math.floor(at / 60)).padStart(2, '0')}:00Z","status":${200 + (at % 3)}`
          return at > 300 && draw(20) === 0 ? `${start},${own}}` : `{${at < 5 ? first : ''}${own},"path":"/${at % 7}"}`
        })
        await compare(encoder.encode(lines.join('\n')), options)
      }
    }
  }, 60_000)

  test.each([
    ['a line', 'x'.repeat(3_000_000)],
    ['a quoted cell', `"${`${'x'.repeat(60_000)}\n`.repeat(50)}`],
    ['a text of many bytes', 'é'.repeat(2_000_000)],
  ])(
    'with %s of megabytes among others',
    async (_, long) => {
      const row = '2026-01-01T00:00:00Z,200,5\n'
      const table = `time,status,duration_ms\n${row.repeat(100)}${long}\n${row.repeat(100)}`
      expect(await compare(encoder.encode(table), {})).toBeGreaterThan(30)
      const object = '{"time":"2026-01-01T00:00:00Z","status":200}\n'
      expect(await compare(encoder.encode(object.repeat(100) + long + object.repeat(100)), {})).toBeGreaterThan(30)
    },
    60_000,
  )
})

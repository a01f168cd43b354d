/** Mutated lines and files over all readers: rows, rejected lines, or one clear error; never a crash or a hang. */
import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createRandom } from '../math/random.ts'
import { FORMATS } from './formats.ts'
import { InputError } from './input-error.ts'
import { type ReadOptions, readLogs } from './read.ts'
import { zip } from './zip-fixture.ts'

const LINES = 100_000
const LINES_PER_FILE = 50
const FILES = 8_000
/** A slow machine takes a tenth of it for the largest mutated file. */
const LONGEST_MS = 2_000
const MOST_BYTES_GAINED = 600 * 1024 ** 2

const FOLDER = join(import.meta.dir, '../../fixtures/formats')
const FIXTURES = readdirSync(FOLDER)
  .sort()
  .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(FOLDER, name))) }))
const PIECES = [
  ...'"\'\\,;|\t =:{}[]()<>&#-+.%/\r\n\u0000é\u{1F600}',
  ...['""', '":', '","', '\\"', '{"', '}}', '[[', 'null', 'NaN', 'true', '-1', '1e999', '0x1f', '99999999999999999999'],
  ...['</', '/>', '<!--', '-->', ']]>', '<![CDATA[', '<!DOCTYPE a [', '&lol;', '&#x110000;', '#Fields:', '#Date:'],
  ...[
    'path:',
    '2026-02-31',
    '1767225600',
    ' : ',
    ', ',
    'PK\u0003\u0004',
    'PAR1',
    '\u001f\u008b',
    '__proto__',
    'constructor',
  ],
]
/** What a reader of its own way is asked for, beside what it recognises itself. */
const OPTIONS: readonly ReadOptions[] = [
  {},
  { timezone: 'Europe/Berlin' },
  { logFormat: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent $request_time' },
  { map: { region: 'path:(?<region>[a-z]+)' }, routes: ['/items/{item}', '/{a}-{b}/c'] },
]

const random = createRandom(20_260_302)
const draw = (count: number): number => Math.floor(random() * count)
const drawFrom = <T>(items: readonly T[]): T => items[draw(items.length)]

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function mutateText(text: string): string {
  let mutated = text
  for (let change = draw(4); change >= 0; change--) {
    const at = draw(mutated.length + 1)
    const kind = draw(10)
    if (kind < 6) mutated = mutated.slice(0, at) + drawFrom(PIECES) + mutated.slice(at + draw(4))
    else if (kind < 8) mutated = mutated.slice(0, at) + mutated.slice(at + draw(30))
    else if (kind < 9)
      mutated = mutated.slice(0, at) + mutated.slice(draw(mutated.length + 1)).slice(0, 200) + mutated.slice(at)
    else mutated = mutated.slice(0, at) + drawFrom(PIECES).repeat(draw(300)) + mutated.slice(at)
  }
  return mutated
}

function mutateBytes(bytes: Uint8Array): Uint8Array {
  const mutated = bytes.slice(0, draw(5) === 0 ? draw(bytes.length + 1) : bytes.length)
  for (let change = draw(4); change > 0 && mutated.length > 0; change--) mutated[draw(mutated.length)] = draw(256)
  return mutated
}

function pack(name: string, bytes: Uint8Array): Uint8Array {
  switch (draw(6)) {
    case 0:
      return mutateBytes(gzipSync(bytes, { level: 1 }))
    case 1:
      return mutateBytes(zstdCompressSync(bytes))
    case 2:
      return mutateBytes(zip([{ name, content: bytes }]))
    default:
      return bytes
  }
}

/** @returns whether it could be read */
async function survives(name: string, bytes: Uint8Array, options: ReadOptions): Promise<boolean> {
  const start = performance.now()
  const size = 1 + draw(bytes.length + 10)
  const source = {
    name,
    async *open() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    },
  }
  try {
    const { table } = await readLogs([source], options)
    for (let row = 0; row < table.rows; row++) {
      const isSound = Number.isFinite(table.time[row]) && !(table.durationMs[row] < 0) && !(table.bytes[row] < 0)
      if (!isSound || table.durationMs[row] === Number.POSITIVE_INFINITY) throw new Error(`row ${row} is not sound`)
    }
    return true
  } catch (error) {
    if (error instanceof InputError && error.message.length < 2_000) return false
    throw new Error(`${name}: ${JSON.stringify(decoder.decode(bytes).slice(0, 2_000))}`, { cause: error })
  } finally {
    if (performance.now() - start > LONGEST_MS) expect.unreachable(`${name}: ${decoder.decode(bytes).slice(0, 500)}`)
  }
}

describe('readers survive', () => {
  const before = process.memoryUsage.rss()

  test(`${LINES.toLocaleString('en')} mutated lines`, async () => {
    const texts = FIXTURES.filter(({ bytes }) => !bytes.includes(0)).map(({ name, bytes }) => ({
      name,
      lines: decoder
        .decode(bytes)
        .split('\n')
        .filter((line) => line !== ''),
    }))
    let readable = 0
    for (let done = 0, file = 0; done < LINES; done += LINES_PER_FILE, file++) {
      const { name, lines } = texts[file % texts.length]
      const mutated = Array.from({ length: LINES_PER_FILE }, (_, at) => mutateText(lines[at % lines.length]))
      // With lines as they are between them, so that the format is recognised and its reader meets the rest.
      const mixed = mutated.flatMap((line, at) => [lines[at % lines.length], line])
      const text = [...lines.slice(0, 8), ...mixed].join('\n')
      if (await survives(name, encoder.encode(text), drawFrom(OPTIONS))) readable++
    }
    expect(readable).toBeGreaterThan(LINES / LINES_PER_FILE / 20)
  }, 60_000)

  test(`${FILES.toLocaleString('en')} mutated files, packed and not, by every reader`, async () => {
    let readable = 0
    for (let file = 0; file < FILES; file++) {
      const { name, bytes } = FIXTURES[file % FIXTURES.length]
      const mutated = bytes.includes(0)
        ? // Cut only: the package that decodes Parquet does not end on some damaged pages.
          bytes.slice(0, draw(bytes.length))
        : draw(4) > 0
          ? encoder.encode(mutateText(decoder.decode(bytes)))
          : mutateBytes(bytes)
      const options = draw(3) === 0 ? { format: drawFrom(FORMATS).name } : drawFrom(OPTIONS)
      if (await survives(name, name.endsWith('.parquet') ? mutated : pack(name, mutated), options)) readable++
    }
    expect(readable).toBeGreaterThan(FILES / 5)
  }, 60_000)

  test('without keeping what they read', () => {
    Bun.gc(true)
    expect(process.memoryUsage.rss() - before).toBeLessThan(MOST_BYTES_GAINED)
  })
})

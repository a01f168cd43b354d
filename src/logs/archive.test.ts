import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { readLogs } from './read.ts'
import type { LogSource } from './source.ts'
import { type ZippedFile, zip } from './zip-fixture.ts'

const CSV = 'time,status\n2026-01-01T00:00:00Z,200\n'

function sourceOf(bytes: Uint8Array, isFile = true): LogSource {
  const streamed: LogSource = {
    name: 'logs.zip',
    async *open() {
      for (let start = 0; start < bytes.length; start += 100) yield bytes.subarray(start, start + 100)
    },
  }
  if (!isFile) return streamed
  const openAt = async () => ({
    size: bytes.length,
    read: async (start: number, end: number) => bytes.subarray(start, end),
    close: async () => {},
  })
  return { ...streamed, openAt }
}

const read = (files: readonly ZippedFile[], isFile = true) => readLogs([sourceOf(zip(files), isFile)])

describe('a zip archive', () => {
  test.each([true, false])('gives all of its files, nested ones too (as a file: %p)', async (isFile) => {
    const files = [
      { name: 'a.csv', content: CSV },
      { name: 'eu/b.log.gz', content: gzipSync(CSV) },
      { name: 'inner.zip', content: zip([{ name: 'c.csv', content: CSV }]) },
      { name: 'notes.txt', content: 'dear diary' },
      { name: 'broken.zip', content: 'PK\u0003\u0004' },
      { name: '.hidden/d.csv', content: CSV },
      { name: '__MACOSX/a.csv', content: CSV },
      { name: 'eu/', content: '' },
    ]
    const { files: names, notes, table } = await read(files, isFile)
    expect(names).toEqual(['logs.zip/a.csv', 'logs.zip/eu/b.log.gz', 'logs.zip/inner.zip/c.csv'])
    expect(table.rows).toBe(3)
    expect(notes.filter((note) => note.startsWith('Skipped'))).toEqual([
      expect.stringContaining('Skipped logs.zip/notes.txt: is in no format that is known'),
      expect.stringContaining('Skipped logs.zip/broken.zip: is a zip archive that cannot be read'),
    ])
  })

  test('of one file that is no log says so', () => {
    expect(read([{ name: 'a.txt', content: 'dear diary' }])).rejects.toThrow(
      'no log records in logs.zip: logs.zip/a.txt: is in no format',
    )
  })

  test.each<[string, readonly ZippedFile[], string]>([
    ['leads out of it', [{ name: '../../etc/passwd', content: CSV }], 'invalid relative path'],
    ['is absolute', [{ name: '/etc/passwd', content: CSV }], 'absolute path'],
    ['is encrypted', [{ name: 'a.csv', content: CSV, flags: 1 }], 'logs.zip/a.csv: is encrypted'],
    ['lies about its size', [{ name: 'a.csv', content: CSV.repeat(50), size: 10 }], 'logs.zip'],
    [
      'claims too much',
      [{ name: 'a', content: 'x', size: 2 ** 32 - 2 }].concat(
        Array.from({ length: 20 }, (_, i) => ({ name: `b${i}`, content: 'x', size: 2 ** 32 - 2 })),
      ),
      'logs.zip: must not hold more than 64 GiB',
    ],
  ])('is refused when a file %s', (_, files, message) => {
    expect(read(files)).rejects.toThrow(message)
  })

  test('of too many files names the limit', () => {
    const files = Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, content: '' }))
    expect(read(files)).rejects.toThrow('logs.zip: must be a zip archive of at most 10000 files, got 10001')
  })

  test('that is damaged anywhere gives rows, or one clear error', async () => {
    const whole = zip([{ name: 'a.csv', content: CSV.repeat(20) }])
    for (let at = 0; at < whole.length; at += 3) {
      for (const bytes of [whole.subarray(0, at), Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)])]) {
        try {
          await readLogs([sourceOf(bytes, at % 2 === 0)])
        } catch (error) {
          expect(error).toMatchObject({ name: 'InputError' })
        }
      }
    }
  })
})

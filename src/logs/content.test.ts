import { describe, expect, test } from 'bun:test'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { type OpenContent, openContent, unpack } from './content.ts'
import type { LogSource } from './source.ts'

function sourceOf(bytes: Uint8Array, size = 1000): LogSource {
  return {
    name: 'x.log',
    async *open() {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
    },
  }
}

async function readText(content: OpenContent): Promise<string> {
  let text = ''
  for await (const chunk of content.text()) text += chunk
  return text
}

async function open(bytes: Uint8Array, size = 1000) {
  for await (const part of unpack(sourceOf(bytes, size))) {
    const content = await openContent(part)
    return { text: await readText(content), notes: content.notes, head: content.head }
  }
  throw new Error('nothing was unpacked')
}

const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${(i * 7919) % 104_729}`).join('\n')

describe('openContent', () => {
  test('reads plain text in any chunks, byte order mark left out', async () => {
    const bytes = new TextEncoder().encode(`\uFEFF${'é€😀'.repeat(50)}`)
    expect((await open(bytes, 1)).text).toBe('é€😀'.repeat(50))
  })

  test('reads all members of a gzip file', async () => {
    const bytes = Buffer.concat([gzipSync(LINES), gzipSync(''), gzipSync('\nlast')])
    const { text, notes, head } = await open(bytes)
    expect(text).toBe(`${LINES}\nlast`)
    expect(head.length).toBe(65_536)
    expect(notes).toEqual([])
  })

  test('gives what could be read of a cut gzip file, with a note', async () => {
    const { text, notes } = await open(gzipSync(LINES).subarray(0, -3000))
    expect(text.length).toBeGreaterThan(LINES.length / 2)
    expect(LINES.startsWith(text)).toBe(true)
    expect(notes).toEqual(['ends within its compressed data; what comes before was read.'])
  })

  test('gives what could be read of a damaged gzip file, with a note', async () => {
    const bytes = gzipSync(LINES)
    const middle = Math.floor(bytes.length / 2)
    bytes.fill(0xff, middle, middle + 50)
    const { text, notes } = await open(bytes)
    expect(text.length).toBeGreaterThan(0)
    expect(notes[0]).toStartWith('is damaged within its compressed data')
  })

  test('reads all frames of a zstd file, and skips those without content', async () => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const frames = [skippable, zstdCompressSync(LINES), zstdCompressSync(''), skippable, zstdCompressSync('\nlast')]
    for (const size of [1, 999, 1_000_000]) {
      const { text, notes } = await open(Buffer.concat(frames), size)
      expect(text).toBe(`${LINES}\nlast`)
      expect(notes).toEqual([])
    }
  })

  test('gives what could be read of a cut or damaged zstd file, with a note', async () => {
    const many = LINES.repeat(10)
    const first = zstdCompressSync(many)
    const second = zstdCompressSync(many, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
    for (const cut of [1, 3, second.length >> 1, second.length - 6]) {
      const { text, notes } = await open(Buffer.concat([first, second.subarray(0, -cut)]))
      expect(text.length).toBeGreaterThanOrEqual(many.length)
      expect((many + many).startsWith(text)).toBe(true)
      expect(notes).toEqual(['ends within its compressed data; what comes before was read.'])
    }
    second.fill(0xff, 200, 400)
    const damaged = await open(Buffer.concat([first, second]))
    expect(damaged.text.startsWith(many)).toBe(true)
    expect(damaged.notes[0]).toMatch(/^(?:is damaged|ends) within its compressed data/)
    const trailed = await open(Buffer.concat([first, Buffer.from('trailing')]))
    expect(trailed.text).toBe(many)
    expect(trailed.notes).toEqual(['has bytes behind its compressed data; they are left out.'])
  })

  test('unpacks gzip in gzip, and no more than four times over', async () => {
    const wrap = (times: number) => {
      let bytes: Uint8Array = Buffer.from('a,b')
      for (let time = 0; time < times; time++) bytes = gzipSync(bytes)
      return bytes
    }
    expect((await open(wrap(4))).text).toBe('a,b')
    expect(open(wrap(5))).rejects.toThrow('x.log: must not be compressed more than 4 times over')
  })

  test('stops at what grows a thousandfold', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'a')
    const bomb = zstdCompressSync(Buffer.concat(Array.from({ length: 70 }, () => megabyte)))
    expect(open(bomb)).rejects.toThrow('x.log: must not decompress to more than 1000 times its size')
  })

  test('reads UTF-16 by its byte order mark', async () => {
    const little = Buffer.from('\uFEFFtime,état', 'utf16le')
    expect((await open(little)).text).toBe('time,état')
    expect((await open(Buffer.from(little).swap16())).text).toBe('time,état')
    const bare = await open(Buffer.from('time,status\n1,200', 'utf16le'))
    expect(bare.text).toBe('time,status\n1,200')
    expect(bare.notes).toEqual(['names no encoding and is read as UTF-16LE.'])
  })

  test('survives bytes that are not UTF-8, and says so', async () => {
    const { text, notes } = await open(Buffer.from('caf\xe9,1', 'latin1'))
    expect(text).toBe('caf\uFFFD,1')
    expect(notes).toEqual(['has bytes that are not UTF-8; they are shown as \uFFFD.'])
    // Cut within its last character.
    expect((await open(Buffer.from('1,2,é').subarray(0, 5))).notes).toEqual(notes)
  })

  test.each([
    ['', 'x.log: is empty'],
    [' \n\r\n', 'x.log: is empty'],
    ['PK\x03\x04zip', 'x.log: is a zip archive that cannot be read: '],
    ['PAR1....PAR1', 'x.log: is a Parquet file; logs are read as text, also in gzip, zstd or zip'],
    ['abc\x00def', 'x.log: is binary data; logs are read as text, also in gzip, zstd or zip'],
  ])('refuses %p', async (text, message) => {
    expect(open(Buffer.from(text, 'latin1'))).rejects.toThrow(message)
  })
})

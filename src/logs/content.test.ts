import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { openContent } from './content.ts'

async function open(bytes: Uint8Array, size = 1000) {
  const content = await openContent({
    name: 'x.log',
    async *open() {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
    },
  })
  let text = ''
  for await (const chunk of content.text()) text += chunk
  return { text, notes: content.notes, head: content.head }
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

  test('reads UTF-16 by its byte order mark', async () => {
    const little = Buffer.from('\uFEFFtime,état', 'utf16le')
    expect((await open(little)).text).toBe('time,état')
    expect((await open(Buffer.from(little).swap16())).text).toBe('time,état')
  })

  test('survives bytes that are not UTF-8, and says so', async () => {
    const { text, notes } = await open(Buffer.from('caf\xe9,1', 'latin1'))
    expect(text).toBe('caf\uFFFD,1')
    expect(notes).toEqual(['has bytes that are not UTF-8; they are shown as \uFFFD.'])
  })

  test.each([
    ['', 'x.log: is empty'],
    [' \n\r\n', 'x.log: is empty'],
    ['PK\x03\x04zip', 'x.log: is a zip archive, not text; logs are read as text or gzip'],
    ['abc\x00def', 'x.log: is binary data, not text; logs are read as text or gzip'],
  ])('refuses %p', async (text, message) => {
    expect(open(Buffer.from(text, 'latin1'))).rejects.toThrow(message)
  })
})

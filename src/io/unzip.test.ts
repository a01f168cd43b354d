import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeZip, type ZipMember } from '../../test/zip.ts'
import { openZip, type ZipCaps } from './unzip.ts'

const folder = mkdtempSync(join(tmpdir(), 'unzip-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function open(content: Uint8Array, caps: Partial<ZipCaps> = {}) {
  const path = join(folder, `${files++}.zip`)
  writeFileSync(path, content)
  return openZip(path, 'logs', { entries: 10, entryBytes: 1_000_000, totalBytes: 1_500_000, ratio: 100, ...caps })
}
const refusal = async (members: readonly ZipMember[], caps: Partial<ZipCaps> = {}): Promise<string> => {
  const error: unknown = await open(makeZip(members), caps).catch((cause) => cause)
  return error instanceof Error ? `${error.name}: ${error.message}` : 'none'
}
const noise = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24)

describe('openZip', () => {
  test('gives the files, each as often as it is asked for', async () => {
    const entries = await open(
      makeZip([
        { name: 'a/', content: '', mode: 0o040755 },
        { name: 'a/b.csv', content: 'x,y\n' },
        { name: 'ü', content: '' },
      ]),
    )
    expect(entries.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a/b.csv', 4],
      ['ü', 0],
    ])
    for (let i = 0; i < 2; i++) {
      expect(Buffer.concat(await Array.fromAsync(entries[0].open())).toString()).toBe('x,y\n')
    }
  })

  test.each([
    ['a link', [{ name: 'a', content: '/etc/passwd', mode: 0o120777 }], 'is a link or a device'],
    ['a device', [{ name: 'a', content: '', mode: 0o020644 }], 'is a link or a device'],
    ['an encrypted file', [{ name: 'a', content: 'x', encrypted: true }], 'is encrypted'],
    [
      'a name twice',
      [
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ],
      'occurs twice',
    ],
    ['a way out', [{ name: 'a/../../b', content: 'x' }], 'invalid relative path'],
    ['an absolute path', [{ name: '/b', content: 'x' }], 'absolute path'],
    ['a drive', [{ name: 'C:/b', content: 'x' }], 'absolute path'],
    ['a backslash', [{ name: 'a\\b', content: 'x' }], 'invalid characters'],
    [
      'too many entries',
      Array.from({ length: 11 }, (_, i) => ({ name: `${i}`, content: '' })),
      'at most 10 entries, has 11',
    ],
    ['a large file', [{ name: 'a', content: noise(1_000_001) }], 'at most 1000000 bytes unpacked, has 1000001'],
    [
      'much in all',
      [
        { name: 'a', content: noise(900_000) },
        { name: 'b', content: noise(900_000) },
      ],
      'at most 1500000 bytes unpacked in all, has 1800000',
    ],
    ['a wrong size', [{ name: 'a', content: 'x'.repeat(100), claim: { size: 5 } }], 'damaged one'],
    ['a wrong checksum', [{ name: 'a', content: 'x', claim: { crc: 7 } }], "checksum of 'a' is wrong"],
  ] as const)('refuses %s', async (_, members, message) => {
    expect(await refusal(members)).toStartWith('InputError: logs')
    expect(await refusal(members)).toContain(message)
  })

  test('refuses what grows too much, but not a small page of zeros', async () => {
    const zeros = (bytes: number) => [{ name: 'a', content: new Uint8Array(bytes) }]
    const caps = { entryBytes: 1e9, totalBytes: 1e9 }
    expect(await refusal(zeros(2_000_000), caps)).toContain('may grow at most 100 times')
    expect(await refusal(zeros(500_000), caps)).toBe('none')
  })

  test('refuses every cut of an archive', async () => {
    const whole = makeZip([{ name: 'a.csv', content: 'x,y\n1,2\n' }])
    for (let length = 0; length < whole.length; length++) {
      expect(open(whole.slice(0, length))).rejects.toThrow('is no zip archive, or a damaged one')
    }
  })
})

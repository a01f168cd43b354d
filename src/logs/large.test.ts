/** Logs that are too large to be held, as streams that are made while they are read. */
import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { readLogs } from './read.ts'

const MEGABYTE = 1024 * 1024
const LINE_MEGABYTES = 100
const encoder = new TextEncoder()

function streamOf(chunks: () => Generator<Uint8Array>, name = 'large.log') {
  return {
    name,
    async *open() {
      yield* chunks()
    },
  }
}

/** Bytes that the process gained while it ran. */
async function gainOf(run: () => Promise<void>): Promise<number> {
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  await run()
  clearInterval(timer)
  return Math.max(most, process.memoryUsage.rss()) - before
}

/** A number in letters only, so that it looks like no id. */
function spell(number: number): string {
  return Array.from({ length: 5 }, (_, place) =>
    String.fromCharCode(97 + (Math.floor(number / 26 ** place) % 26)),
  ).join('')
}

const LINE = '203.0.113.9 - - [02/Mar/2026:10:00:00 +0000] "GET /items/17 HTTP/1.1" 200 51 "-" "curl/8.9" 0.231\n'

describe('a large log', () => {
  test('is read as it comes, packed or not', async () => {
    const block = encoder.encode(LINE.repeat(5_000))
    const packed = gzipSync(block)
    for (const part of [block, packed]) {
      const gained = await gainOf(async () => {
        const { table } = await readLogs([
          streamOf(function* () {
            for (let i = 0; i < 100; i++) yield part
          }),
        ])
        expect(table.rows).toBe(500_000)
      })
      // 48 MB of text; the rows themselves take 30, twice that while a column grows.
      expect(gained).toBeLessThan(250 * MEGABYTE)
    }
  })

  test.each<[string, string, string, string]>([
    ['access', LINE.repeat(3), 'x', ''],
    ['NDJSON', '{"time":1767225600,"status":200}\n'.repeat(3), '{"a":', ''],
    ['CSV', 'time,status\n1767225600,200\n1767225601,200\n1767225602,200\n', '"x', ''],
    ['logfmt', 'ts=1767225600 status=200 path=/a\n'.repeat(3), 'a=b ', ''],
    [
      "a tag of JMeter's XML",
      `<testResults>${'<sample t="1" ts="1767225600000" lb="a" rc="200" s="true"/>\n'.repeat(3)}<sample lb="`,
      'x',
      '"/></testResults>',
    ],
    [
      "a text of JMeter's XML",
      `<testResults>${'<sample t="1" ts="1767225600000" lb="a" rc="200" s="true"/>\n'.repeat(2)}` +
        '<sample t="1" ts="1767225600000" lb="a" rc="200" s="true"><responseData>',
      'x',
      '</responseData></sample></testResults>',
    ],
  ])('may have a line of 100 MB: %s', async (_, start, filler, end) => {
    const megabyte = encoder.encode(filler.repeat(Math.ceil(MEGABYTE / filler.length)))
    const gained = await gainOf(async () => {
      const { table, rejectedCount } = await readLogs([
        streamOf(function* () {
          yield encoder.encode(start)
          for (let i = 0; i < LINE_MEGABYTES; i++) yield megabyte
          yield encoder.encode(end)
        }),
      ])
      expect(table.rows).toBe(3)
      expect(rejectedCount).toBeLessThanOrEqual(1)
    })
    expect(gained).toBeLessThan(500 * MEGABYTE)
  })

  test('may have 800,000 distinct paths', async () => {
    const gained = await gainOf(async () => {
      const { table, notes } = await readLogs([
        streamOf(function* () {
          yield encoder.encode('time,path,status\n')
          for (let block = 0; block < 800; block++) {
            const lines = Array.from({ length: 1_000 }, (_, i) => {
              const path = i % 20 === 0 ? 'items' : `a/${spell(block * 1_000 + i)}`
              return `${1767225600 + block},/${path},200\n`
            })
            yield encoder.encode(lines.join(''))
          }
        }),
      ])
      expect(table.rows).toBe(800_000)
      const { values, codes } = table.dimensions.endpoint
      expect(values.length).toBeLessThanOrEqual(2_002)
      expect(values).toContain('{other}')
      const items = values.indexOf('/items')
      expect(codes.filter((code) => code === items).length).toBe(40_000)
      expect(notes).toContain('All but the 2000 most frequent values of endpoint are counted as {other}.')
    })
    // Most of it is the table and text that is not collected yet.
    expect(gained).toBeLessThan(700 * MEGABYTE)
  }, 30_000)
})

import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { findDialect, parseHeader, readRows } from './delimited.ts'
import { readLines } from './lines.ts'

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size)
}

async function rowsOf(text: string, size = 7) {
  const rows: [number, ...string[]][] = []
  const rejected: [number, string][] = []
  const hasBrokenQuotes = await readRows(cut(text, size), findDialect(text.slice(0, 10_000)), {
    onRow: (cells, line) => rows.push([line, ...cells]),
    onReject: (line, reason) => rejected.push([line, reason]),
  })
  return { rows, rejected, hasBrokenQuotes }
}

describe('readRows', () => {
  test('counts lines inside quoted cells, skips blank lines, takes CRLF and LF', async () => {
    const text = 'a,b\r\n1,"x\r\ny ""z"""\n\n2,"p"\r\n3,q'
    for (const size of [1, 2, 5, 100]) {
      const { rows, rejected } = await rowsOf(text, size)
      expect(rows).toEqual([
        [1, 'a', 'b'],
        [2, '1', 'x\r\ny "z"'],
        [5, '2', 'p'],
        [6, '3', 'q'],
      ])
      expect(rejected).toEqual([])
    }
  })

  test.each([',', '\t', ';', '|'])('finds the delimiter %p', async (delimiter) => {
    const text = ['time', 'status', 'path'].join(delimiter).concat(`\n2024${delimiter}200${delimiter}/a\n`)
    expect((await rowsOf(text)).rows[1]).toEqual([2, '2024', '200', '/a'])
    expect(parseHeader(text, findDialect(text))).toEqual(['time', 'status', 'path'])
  })

  test('rejects a line that is too long and goes on', async () => {
    const text = `a,b\n1,${'x'.repeat(3_000_000)}\n2,y\n`
    const { rows, rejected } = await rowsOf(text, 100_000)
    expect(rows).toEqual([
      [1, 'a', 'b'],
      [3, '2', 'y'],
    ])
    expect(rejected).toEqual([[2, 'a line must not be longer than 1 MiB']])
  })

  test('a quote that is never closed costs its line, not the file', async () => {
    const text = `a,b\n1,"x\n${'2,y\n'.repeat(400_000)}`
    const { rows, rejected } = await rowsOf(text, 100_000)
    expect(rejected).toEqual([[2, 'a quoted cell must end within 1 MiB']])
    expect(rows.length).toBe(400_001)
    expect(rows.at(-1)?.[0]).toBe(400_002)
  })

  test('does not hang on quotes that are broken in every line', async () => {
    const { rows, rejected, hasBrokenQuotes } = await rowsOf(`a,b\n${'"1,y\n'.repeat(600_000)}`, 500_000)
    expect(hasBrokenQuotes).toBe(true)
    expect(rows.length + rejected.length).toBeGreaterThan(100_000)
  })

  test('gives back what was quoted, wherever the chunks end', async () => {
    const random = createRandom(5)
    const letters = ['a', ',', '"', '\n', ' ', 'é', ';']
    for (let round = 0; round < 300; round++) {
      const table = Array.from({ length: 6 }, () =>
        Array.from(
          { length: 3 },
          () => `k${Array.from({ length: 4 }, () => letters[Math.floor(random() * letters.length)]).join('')}`,
        ),
      )
      const text = table.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')
      const rows: string[][] = []
      await readRows(
        cut(text, 1 + Math.floor(random() * 9)),
        { delimiter: ',', newline: '\n' },
        {
          onRow: (cells) => rows.push(cells),
          onReject: (_, reason) => expect.unreachable(reason),
        },
      )
      expect(rows).toEqual(table)
    }
  })
})

describe('readLines', () => {
  test('numbers lines and skips the long ones, whatever the chunks', async () => {
    const text = `one\r\n\n${'x'.repeat(2_500_000)}\nfour`
    for (const size of [3_000_000, 400_000]) {
      const seen: string[] = []
      await readLines(cut(text, size), {
        onLine: (line, number) => seen.push(`${number}:${line}`),
        onLongLine: (number, excerpt) => seen.push(`${number} long ${excerpt.length}`),
      })
      expect(seen).toEqual(['1:one', '2:', '3 long 200', '4:four'])
    }
  })
})

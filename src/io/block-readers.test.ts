/** The same log, whoever reads its parts. */
import { describe, expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { generateLog } from '../logs/generate.ts'
import { type LogForm, renderLog } from '../logs/generate-text.ts'
import { readLogs } from '../logs/read.ts'
import type { Logs } from '../types.ts'
import { createBlockReaders } from './block-readers.ts'
import { startWorkers } from './workers.ts'

const ROWS = 120_000
const { records } = generateLog({ rows: ROWS, days: 2, seed: 5, clean: false })

function withFaults(text: string): string {
  const lines = text.split('\n')
  for (let line = 500; line < lines.length; line += 1_777)
    lines[line] = `"${lines[line].replaceAll('"', '')}\n",${lines[line]}`
  for (let line = 900; line < lines.length; line += 5_555) lines[line] = lines[line].replace(/e/, 'é')
  return lines.join('\n')
}

async function read(bytes: Uint8Array, count: number): Promise<Logs> {
  const pool = startWorkers(count)
  const readers = createBlockReaders(pool)
  let asked = 0
  const source = {
    name: 'large.log',
    async *open() {
      for (let at = 0; at < bytes.length; at += 300_000) {
        yield bytes.slice(at, at + 300_000)
        // As a file does: answers of workers come in between.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  try {
    const read = (task: Parameters<typeof readers.read>[0]) => {
      asked++
      return readers.read(task)
    }
    const logs = await readLogs([source], { readers: { ...readers, read } })
    expect(asked > 0).toBe(count > 0)
    return logs
  } finally {
    await pool.close()
  }
}

describe('a large log', () => {
  test.each<[LogForm, number[]]>([
    ['csv', [1, 2, 4]],
    ['jsonl', [2]],
    ['jtl', [2]],
  ])(
    'as %s is the same with %p readers as with none',
    async (form, counts) => {
      const bytes = new TextEncoder().encode(withFaults(renderLog(records, form)))
      expect(bytes.length).toBeGreaterThan(10_000_000)
      const expected = await read(bytes, 0)
      expect(expected.table.rows).toBeGreaterThan(ROWS / 2)
      expect(expected.rejectedCount).toBeGreaterThan(10)
      for (const count of counts) expect(Bun.deepEquals(await read(bytes, count), expected)).toBe(true)
    },
    60_000,
  )

  test('is the same when it is compressed', async () => {
    const bytes = new TextEncoder().encode(renderLog(records, 'csv'))
    const expected = await read(bytes, 0)
    expect(Bun.deepEquals(await read(gzipSync(bytes, { level: 1 }), 2), expected)).toBe(true)
  }, 60_000)
})

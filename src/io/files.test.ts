import { afterAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FORMATS } from '../logs/formats.ts'
import { readLogs } from '../logs/read.ts'
import { DIMENSIONS, type LogTable } from '../types.ts'
import { findLogSources, writeFiles } from './files.ts'

const folder = await mkdtemp(join(tmpdir(), 'log-files-'))
afterAll(() => rm(folder, { recursive: true }))
const FIXTURES = join(import.meta.dir, '../../fixtures/formats')

async function namesOf(...paths: string[]): Promise<string[]> {
  return (await findLogSources(paths)).map((source) => source.name.replace(`${folder}/`, ''))
}

describe('findLogSources', () => {
  test('finds files, folders and globs, each once, sorted, without what is no log', async () => {
    const logs = join(folder, 'logs')
    await mkdir(join(logs, 'b/.git'), { recursive: true })
    const names = ['z.csv', 'a.log', 'b/c.jsonl', 'b/.git/x.log', '.hidden', 'chart.png', 'truth.json', 'README.md']
    for (const name of names) await writeFile(join(logs, name), 'x')
    await symlink(logs, join(logs, 'b/round'))
    await symlink(join(logs, 'z.csv'), join(logs, 'b/link.csv'))
    expect(await namesOf(logs)).toEqual(['logs/a.log', 'logs/b/c.jsonl', 'logs/b/link.csv', 'logs/z.csv'])
    expect(await namesOf(join(logs, 'z.csv'), join(logs, '*.{csv,log}'))).toEqual(['logs/z.csv', 'logs/a.log'])
    expect(await namesOf(join(logs, '**/*.jsonl'))).toEqual(['logs/b/c.jsonl'])
    expect(await namesOf('-')).toEqual(['stdin'])
    // A file that is named is read, whatever its kind.
    expect(await namesOf(join(logs, 'README.md'))).toEqual(['logs/README.md'])
  })

  test('says what is not there', async () => {
    expect(findLogSources(['no/such.csv'])).rejects.toThrow('no/such.csv: no such file or folder')
    expect(findLogSources(['no/*.csv'])).rejects.toThrow('no/*.csv: no file matches this pattern')
    await mkdir(join(folder, 'empty'))
    expect(findLogSources([join(folder, 'empty')])).rejects.toThrow('has no files that could be logs')
  })
})

describe('writeFiles', () => {
  test('writes text and bytes, also into folders, and leaves nothing else', async () => {
    const out = join(folder, 'out')
    await writeFiles(
      out,
      new Map<string, string | Uint8Array>([
        ['a.txt', 'ä'],
        ['charts/b.png', Uint8Array.of(1, 2)],
      ]),
    )
    await writeFiles(out, new Map([['a.txt', 'new']]))
    expect(await readFile(join(out, 'a.txt'), 'utf8')).toBe('new')
    expect([...(await readFile(join(out, 'charts/b.png')))]).toEqual([1, 2])
    expect((await readdir(out, { recursive: true })).sort()).toEqual(['a.txt', 'charts', 'charts/b.png'])
  })

  test('replaces nothing when one of the files cannot be written', async () => {
    const out = join(folder, 'blocked')
    await writeFiles(
      out,
      new Map([
        ['a.txt', 'old'],
        ['file', 'x'],
      ]),
    )
    expect(
      writeFiles(
        out,
        new Map([
          ['a.txt', 'new'],
          ['file/below.txt', 'y'],
        ]),
      ),
    ).rejects.toThrow('cannot be written')
    expect(await readFile(join(out, 'a.txt'), 'utf8')).toBe('old')
    expect((await readdir(out)).sort()).toEqual(['a.txt', 'file'])
  })
})

function describeRow(table: LogTable, row: number): string {
  const dimensions = DIMENSIONS.map((name) => table.dimensions[name].values[table.dimensions[name].codes[row]])
  const time = new Date(table.time[row]).toISOString().slice(11)
  const measures = [table.status[row], table.outcome[row], table.durationMs[row], table.bytes[row], table.payload[row]]
  return [table.line[row], time, ...measures, ...dimensions, table.reasons[table.reason[row]]].join(' | ')
}

describe('the formats, on one small file each', () => {
  test.each([
    ['orders.csv', 'csv', false],
    ['gateway.ndjson', 'ndjson', false],
    ['access.log', 'access', false],
    ['results.jtl', 'jtl', true],
    ['requests.json', 'json', false],
    ['semicolon.csv', 'csv', false],
    ['ingress.log', 'access', false],
    ['internet-information-services.log', 'w3c', false],
    ['cloudfront.log', 'w3c', false],
    ['load-balancer.log', 'alb', false],
    ['haproxy.log', 'haproxy', false],
    ['envoy.log', 'envoy', false],
    ['squid.log', 'squid', false],
    ['service.logfmt', 'logfmt', false],
    ['results.xml', 'jtl-xml', true],
    ['no-header.jtl', 'jtl', true],
  ])('%s', async (name, format, plannedTraffic) => {
    const logs = await readLogs(await findLogSources([join(FIXTURES, name)]))
    expect(logs.formats).toEqual([format])
    expect(logs.plannedTraffic).toBe(plannedTraffic)
    const rows = Array.from({ length: logs.table.rows }, (_, row) => describeRow(logs.table, row))
    const rejected = logs.rejected.map(({ line, reason }) => `${line}: ${reason}`)
    const notes = logs.notes.map((note) => note.replaceAll(`${FIXTURES}/`, ''))
    expect({ rows, rejected, notes, excerpts: [...logs.table.excerpts.values()] }).toMatchSnapshot()
  })

  test('a folder of all of them is one table, sorted by time, and every format has a fixture', async () => {
    const logs = await readLogs(await findLogSources([FIXTURES]))
    expect(logs.files.length).toBe((await readdir(FIXTURES)).length)
    expect([...logs.formats].sort()).toEqual(FORMATS.map((format) => format.name).sort())
    expect([...logs.table.time]).toEqual([...logs.table.time].sort((a, b) => a - b))
  })
})

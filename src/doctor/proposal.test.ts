import { expect, test } from 'bun:test'
import { buildFeatures } from '../features.ts'
import { parseConfig } from '../inputs/config.ts'
import type { FileFacts } from '../logs/file-facts.ts'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { DEFAULT_SETTINGS } from '../types.ts'
import { proposeConfig } from './proposal.ts'

const FACTS: FileFacts = {
  name: 'a.csv',
  format: 'csv',
  formatSureness: 0.95,
  rows: 100,
  rejected: 0,
  columns: [
    { field: 'time', name: 'ts', sureness: 'by its name' },
    { field: 'status', name: 'code', sureness: 'by a vague name' },
    { field: 'duration', name: 'took', sureness: 'by its name' },
  ],
  durationUnit: 'seconds',
  guessedUnitOf: 'took',
  timeIsEnd: false,
  zoneless: 0,
}

function propose(files: readonly FileFacts[], row: FixtureRow = {}) {
  const logs = buildLogs(
    Array.from({ length: 100 }, (_, i) => ({
      time: i * 1000,
      endpoint: `GET /"${i % 3}"`,
      region: ['eu', 'us'][i % 2],
      ...row,
    })),
  )
  const text = proposeConfig(logs, files, buildFeatures(logs, null, DEFAULT_SETTINGS), 'Europe/Berlin')
  const faults: string[] = []
  const config = parseConfig({ path: 'a.yml', text }, faults)
  expect(faults).toEqual([])
  return { text, config }
}

test('fixes what was guessed, and is a config that can be read', () => {
  const { config, text } = propose([FACTS])
  expect([...config.map]).toEqual([
    ['status', 'code'],
    ['duration', 'took:s'],
  ])
  expect(config.dimensions).toEqual(['endpoint', 'region'])
  expect([config.timezone, config.format]).toEqual([undefined, undefined])
  expect(text).toContain('# window: ')
})

test('names the zone of times that name none, and a format that was hard to tell', () => {
  const { config } = propose([{ ...FACTS, formatSureness: 0.4, zoneless: 7 }])
  expect([config.timezone, config.format]).toEqual(['Europe/Berlin', 'csv'])
})

test('maps no field that files name differently', () => {
  const other = {
    ...FACTS,
    guessedUnitOf: '',
    columns: [{ field: 'status', name: 'rc', sureness: 'by a vague name' }],
  } as const
  expect([...propose([FACTS, other]).config.map]).toEqual([['duration', 'took:s']])
})

test('what stands there as a comment can be read once it is no comment', () => {
  const { text } = propose([FACTS])
  const lines = text.split('\n')
  const faults: string[] = []
  const config = parseConfig(
    { path: 'a.yml', text: lines.map((line) => line.replace(/^# (?!\.)/, '')).join('\n') },
    faults,
  )
  expect(faults).toEqual([])
  expect([...config.payloadSchemas.keys()]).toContain('GET /"0"')
  expect([...(config.objectives.p95Ms ?? [])]).toContainEqual(['GET /"0"', 200])
  expect(config.windowMs).toBeGreaterThan(0)
})

test('nothing guessed, nothing to slice: still a config', () => {
  const sure = { ...FACTS, columns: [], guessedUnitOf: '', durationUnit: '' }
  expect(propose([sure], { endpoint: '', region: '' }).config.map.size).toBe(0)
})

import { describe, expect, test } from 'bun:test'
import { detect } from '../detect.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs, FIXTURE_START } from '../logs/log-fixture.ts'
import { DEFAULT_SETTINGS, type Finding } from '../types.ts'
import { buildAnomalies } from './anomalies.ts'
import type { Draft } from './draft.ts'
import { buildIncidents } from './incident.ts'
import { sampleDraft } from './sample-draft.ts'

const MINUTE = 60_000
/** One request a minute; four answers are invalid, and one of these is no 2xx. */
const BROKEN = new Map([
  [15, 200],
  [16, 500],
  [100, 200],
  [101, 200],
])
const logs = buildLogs(
  Array.from({ length: 200 }, (_, i) => ({
    time: i * MINUTE,
    endpoint: i % 2 === 0 ? 'GET /a' : 'POST /b',
    region: i % 5 === 0 ? 'eu' : 'us',
    ...(BROKEN.has(i) ? { invalid: 'no total', status: BROKEN.get(i)! } : {}),
  })),
)
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE }
const features = buildFeatures(logs, null, SETTINGS)
const found = await detect(features, logs, SETTINGS)

const finding = (slice: number, from: number, logP: number): Finding => ({
  category: 'silent_failure',
  metric: 'silent_failure_share',
  detector: 'silent',
  slice,
  level: slice === 0 ? 0 : 1,
  from,
  to: from + 1,
  logP,
  actual: 0.5,
  expected: 0.01,
  support: 10,
})
function build(...drafts: Draft[]) {
  return buildAnomalies(features, buildIncidents(drafts, features, found), drafts)
}
const silent = sampleDraft({
  category: 'silent_failure',
  metric: 'silent_failure_share',
  detectors: ['silent', 'forest'],
  scope: { endpoint: 'POST /b' },
  from: 1,
  to: 3,
  findings: [finding(1, 1, -40), finding(0, 1, -30), finding(1, 2, -20), finding(2, 1, 0)],
})

describe('the table of anomalies', () => {
  const rows = build(silent)

  test('numbers its rows', () => {
    expect(rows.map(({ id }) => id)).toEqual(['A1', 'A2', 'A3', 'A4', 'A5', 'A6'])
  })

  test('begins with the incident itself', () => {
    expect(rows[0]).toMatchObject({
      incident: 'I1',
      scope: { endpoint: 'POST /b' },
      detector: 'silent',
      support: 100,
      source: '',
    })
  })

  test('then has the strongest interval of each slice that shows it', () => {
    expect(rows.slice(1, 3)).toMatchObject([
      {
        incident: 'I1',
        scope: features.sliceTable.slices[1].scope,
        start: FIXTURE_START + 10 * MINUTE,
        end: FIXTURE_START + 20 * MINUTE,
      },
      { incident: 'I1', scope: {}, explanation: 'Evidence for I1.' },
    ])
    expect(rows[1].pValue).toBeCloseTo(Math.exp(-40), 25)
  })

  test('ends with every silent failure, in an incident or not', () => {
    expect(rows.slice(3)).toMatchObject([
      {
        incident: 'I1',
        severity: 'critical',
        start: FIXTURE_START + 15 * MINUTE,
        scope: { endpoint: 'POST /b', region: 'eu' },
        support: 1,
        source: 'test.csv:17',
        explanation: 'no total',
      },
      { incident: '', severity: 'low', score: 0, start: FIXTURE_START + 100 * MINUTE, source: 'test.csv:102' },
      { incident: '', severity: 'low', score: 0, scope: { endpoint: 'POST /b', region: 'us' }, source: 'test.csv:103' },
    ])
  })

  test('without incidents has only records', () => {
    expect(build().map(({ incident, source }) => [incident, source])).toEqual([
      ['', 'test.csv:17'],
      ['', 'test.csv:102'],
      ['', 'test.csv:103'],
    ])
  })
})

import { beforeAll, describe, expect, test } from 'bun:test'
import { detect } from '../detect.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs, FIXTURE_START, type FixtureRow } from '../logs/log-fixture.ts'
import { DEFAULT_SETTINGS, type Detected, type Features, type Incident } from '../types.ts'
import type { Draft } from './draft.ts'
import { buildIncidents, scoreOf } from './incident.ts'
import { sampleDraft } from './sample-draft.ts'

const MINUTE = 60_000
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE }

/** Twenty hours of two requests a minute; version 2 answers POST /pay of the second hour with 500. */
const rows = (shiftMs: number): FixtureRow[] =>
  Array.from({ length: 2400 }, (_, i) => {
    const [endpoint, version] = [i % 2 === 0 ? 'POST /pay' : 'GET /cart', i % 3 === 0 ? '2' : '1']
    const fails = endpoint === 'POST /pay' && version === '2' && i >= 120 && i < 240
    return {
      time: shiftMs + i * (MINUTE / 2),
      endpoint,
      version,
      durationMs: 100 + (i % 7),
      bytes: 1000 + (i % 11),
      ...(fails ? { status: 500, invalid: 'body says error' } : {}),
    }
  })
let features: Features
let found: Detected
let later: { features: Features; found: Detected }
async function analyse(shiftMs: number) {
  const logs = buildLogs(rows(shiftMs))
  const own = buildFeatures(logs, null, SETTINGS)
  return { features: own, found: await detect(own, logs, SETTINGS) }
}
beforeAll(async () => {
  ;({ features, found } = await analyse(0))
  later = await analyse(7 * 24 * 60 * MINUTE)
})

const HOUR_TWO: Partial<Draft> = { from: 6, to: 12, support: 60, affected: 20, actual: 1 / 3, expected: 0.002 }
const build = (...drafts: Partial<Draft>[]): Incident[] =>
  buildIncidents(
    drafts.map((changes) => sampleDraft({ ...HOUR_TWO, ...changes })),
    features,
    found,
  )

describe('an incident', () => {
  test('has its time, unit, severity and words', () => {
    const [incident] = build({})
    expect(incident).toMatchObject({
      id: 'I1',
      start: FIXTURE_START + 60 * MINUTE,
      end: FIXTURE_START + 120 * MINUTE,
      severity: 'high',
      unit: 'share',
      explanation:
        'POST /pay failed with a server error or without an answer in 20 of 60 requests (33.3 %; 0.2 % expected; up to 5 % would pass) from 2026-03-02 01:00 UTC for 1 h; version 2 explains 100 % of the extra errors.',
    })
  })

  test('of the whole log begins and ends with it', () => {
    const [incident] = build({ from: 0, to: features.grid.windows })
    expect([incident.start, incident.end]).toEqual([features.grid.firstMs, features.grid.lastMs + 1])
  })

  test('that lasts to the end says so', () => {
    const { windows } = features.grid
    expect(build({ from: 6, to: windows })[0].explanation).toContain('to the end of the log')
    expect(build({ from: 0, to: windows })[0].explanation).not.toContain('to the end of the log')
  })

  test('of metrics that do not fit together tells the three that are farthest off', () => {
    const deviations = () => [3.14, -2.2, 1, 0.5].map((deviation, i) => ({ name: `metric ${i}`, deviation }))
    const draft = sampleDraft({ metric: 'multivariate', category: 'outlier', scope: {}, actual: 9, upper: 6 })
    const [incident] = buildIncidents([draft], features, { ...found, outliers: { ...found.outliers, deviations } })
    expect(incident.explanation).toContain(
      ': metric 0 3.1 sd above its usual course, metric 1 2.2 sd below its usual course, metric 2 1.0 sd above its usual course; together',
    )
    expect(incident.unit).toBe('sd')
  })

  test('names who has the excess: its own scope, and others that have more of it than of the requests', () => {
    expect(build({})[0].contributors).toEqual([
      { dimension: 'endpoint', value: 'POST /pay', share: 1 },
      { dimension: 'version', value: '2', share: 1 },
    ])
  })

  test('of missing traffic names who is missing', () => {
    // Nothing is missing of GET /cart, all of POST /pay.
    const { slices } = features.sliceTable
    const missing = (slice: number) => (slices[slice].scope.endpoint === 'GET /cart' ? 0 : 60)
    const requestsOf = (slice: number, from: number, to: number) =>
      features.windows.requests
        .subarray(slice * features.grid.windows + from, slice * features.grid.windows + to)
        .reduce((a, b) => a + b, 0)
    const trafficShares = {
      ...found.trafficShares,
      expected: (slice: number, from: number, to: number) => requestsOf(slice, from, to) + missing(slice),
    }
    const draft = sampleDraft({
      category: 'traffic_drop',
      metric: 'requests',
      scope: {},
      effect: -0.3,
      from: 6,
      to: 12,
    })
    const [incident] = buildIncidents([draft], features, { ...found, trafficShares })
    expect(incident.contributors).toEqual([{ dimension: 'endpoint', value: 'POST /pay', share: 1 }])
    expect(incident.explanation).toEndWith('; endpoint POST /pay explains 100 % of what is missing.')
    expect(incident.unit).toBe('requests')
  })

  test('shows up to three bad requests, by file and line', () => {
    const { samples } = build({})[0]
    expect(samples.map(({ source }) => source)).toEqual(['test.csv:122', 'test.csv:128', 'test.csv:134'])
    expect(samples[0].text).toBe(
      '2026-03-02T01:00:00.000Z POST /pay version=2 status 500 101 ms 1010 bytes body says error | row 122',
    )
  })

  test('has the smallest p-value that can be told, and a score of its surprise', () => {
    expect(build({ logP: -5000 })[0]).toMatchObject({ pValue: 1e-300 })
    const scores = [1, 1e-4, 1e-8, 1e-100, 0].map(scoreOf)
    expect(scores[0]).toBeCloseTo(0, 12)
    expect(scores[2]).toBe(0.5)
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(scores[4]).toBeLessThan(1)
  })
})

describe('incidents', () => {
  test('come worst first, then by time, and are numbered so', () => {
    const incidents = build(
      { from: 40, to: 44, actual: 0.05 },
      { from: 60, to: 64, actual: 0.9 },
      { from: 20, to: 24, actual: 0.9 },
      { from: 2, to: 4, significant: false },
    )
    expect(incidents.map(({ id, severity, start }) => [id, severity, (start - FIXTURE_START) / (10 * MINUTE)])).toEqual(
      [
        ['I1', 'critical', 20],
        ['I2', 'critical', 60],
        ['I3', 'medium', 40],
        ['I4', 'low', 2],
      ],
    )
  })

  test('that overlap in time and scope point at each other; the watch list is nobody’s relative', () => {
    const incidents = build(
      { scope: { endpoint: 'POST /pay' } },
      { scope: { version: '2' }, from: 10, to: 20 },
      { scope: { endpoint: 'GET /cart' }, from: 30, to: 40 },
      { scope: {}, significant: false },
    )
    const related = Object.fromEntries(incidents.map(({ id, related }) => [id, related]))
    expect(related).toEqual({ I1: ['I2'], I2: ['I1'], I3: [], I4: [] })
  })

  test('none are none', () => {
    expect(build()).toEqual([])
  })
})

describe('a fingerprint', () => {
  const print = (changes: Partial<Draft> = {}) => build(changes)[0].fingerprint

  test('stays when the same happens at another time, to other numbers, or in another log', () => {
    expect(print({ from: 50, to: 55, actual: 0.7, support: 9, logP: -30 })).toBe(print())
    const [incident] = buildIncidents([sampleDraft(HOUR_TWO)], later.features, later.found)
    expect(incident.start - build({})[0].start).toBe(7 * 24 * 60 * MINUTE)
    expect(incident.fingerprint).toBe(print())
  })

  test('is another for another category, metric, direction or scope', () => {
    const prints = [
      print(),
      print({ metric: 'client_error_share' }),
      print({ category: 'silent_failure', metric: 'silent_failure_share' }),
      print({ scope: {} }),
      print({ scope: { version: 'POST /pay' } }),
      print({ scope: { endpoint: 'POST /pay', version: '2' } }),
      print({ category: 'traffic_drop', metric: 'traffic_share', effect: -0.5 }),
      print({ category: 'traffic_surge', metric: 'traffic_share', effect: 0.5 }),
      print({ category: 'traffic_drop', metric: 'requests', effect: -0.5 }),
    ]
    expect(new Set(prints).size).toBe(prints.length)
  })
})

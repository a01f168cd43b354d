import { describe, expect, test } from 'bun:test'
import type { Finding } from '../types.ts'
import type { Draft } from './draft.ts'
import { type ExplanationFacts, explain, unitOf } from './explain.ts'
import { sampleDraft } from './sample-draft.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 5, 10)

const say = (changes: Partial<Draft> = {}, facts: Partial<ExplanationFacts> = {}): string =>
  explain({
    draft: sampleDraft(changes),
    start: START,
    end: START + 3 * HOUR,
    lasting: false,
    reasons: [],
    medianMs: 840,
    usualMs: 210,
    contributors: [],
    baseline: '',
    ...facts,
  })

const SILENT = { category: 'silent_failure', metric: 'silent_failure_share', detectors: ['silent'] } as const
const SLOW = { category: 'latency_surge', metric: 'slow_share', detectors: ['latency'], effect: 4 } as const
const DROP = {
  category: 'traffic_drop',
  metric: 'traffic_share',
  detectors: ['traffic'],
  scope: { region: 'eu-west-1' },
  support: 120,
  affected: 930,
  effect: -0.886,
} as const
const OUTLIER = { category: 'outlier', metric: 'multivariate', detectors: ['forest'], effect: Number.NaN } as const

describe('a sentence', () => {
  test('of silent failures names the reasons, most frequent first, at most two', () => {
    const reasons = [
      { reason: 'field `total` is missing', count: 50 },
      { reason: 'body says error', count: 9 },
      { reason: 'not shown', count: 1 },
    ]
    expect(say(SILENT, { reasons })).toBe(
      'POST /pay answered 2xx with an invalid payload in 60 of 100 requests (60 %; 1 % expected; up to 5 % would pass) from 2026-03-05 10:00 UTC for 3 h: field `total` is missing (50), body says error (9).',
    )
  })

  test('of errors names who has most of them, if that is clearly somebody', () => {
    const contributors = [
      { dimension: 'endpoint', value: 'POST /pay', share: 0.99 },
      { dimension: 'version', value: '2.1', share: 0.94 },
    ] as const
    expect(say({}, { contributors })).toBe(
      'POST /pay failed with a server error or without an answer in 60 of 100 requests (60 %; 1 % expected; up to 5 % would pass) from 2026-03-05 10:00 UTC for 3 h; version 2.1 explains 94 % of the extra errors.',
    )
    expect(say({}, { contributors: [{ dimension: 'version', value: '2.1', share: 0.4 }] })).not.toContain('version')
  })

  test('of client errors', () => {
    expect(say({ metric: 'client_error_share', scope: {} })).toBe(
      'All traffic was answered with a 4xx in 60 of 100 requests (60 %; 1 % expected; up to 5 % would pass) from 2026-03-05 10:00 UTC for 3 h.',
    )
  })

  test('of slow requests gives the medians of one endpoint', () => {
    expect(say(SLOW)).toBe(
      "POST /pay was slower than its endpoints' usual p90 in 60 of 100 requests (60 %; 1 % expected; up to 5 % would pass) from 2026-03-05 10:00 UTC for 3 h; the median went from 210 ms to 840 ms (×4).",
    )
  })

  test('of slow requests of many endpoints gives no median of the mix', () => {
    expect(say({ ...SLOW, scope: { region: 'eu-west-1' } })).toEndWith(
      '; the median request took ×4 of what is usual for its endpoint.',
    )
  })

  test('of slowness that only stands out beside other metrics says so', () => {
    const finding: Finding = {
      ...OUTLIER,
      detector: 'forest',
      slice: 0,
      level: 1,
      from: 10,
      to: 14,
      logP: -60,
      actual: 8.24,
      expected: 2,
      support: 100,
    }
    expect(say({ ...SLOW, upper: Number.NaN, scope: { region: 'eu-west-1' }, findings: [finding] })).toBe(
      "Region eu-west-1 was slower than its endpoints' usual p90 in 60 of 100 requests (60 %; 1 % expected) from 2026-03-05 10:00 UTC for 3 h; the median request took ×4 of what is usual for its endpoint, more than its other metrics explain: together they lie 8.2 standard deviations off.",
    )
  })

  test('of a traffic drop', () => {
    expect(say(DROP)).toBe(
      'Region eu-west-1 had 120 requests where about 1,050 were expected (−89 %) from 2026-03-05 10:00 UTC for 3 h.',
    )
  })

  test('of a traffic surge names its source', () => {
    const contributors = [{ dimension: 'endpoint', value: 'GET /search', share: 0.8 }] as const
    const surge = {
      category: 'traffic_surge',
      metric: 'requests',
      scope: {},
      support: 3000,
      affected: 2000,
      effect: 2,
    } as const
    expect(say(surge, { contributors })).toBe(
      'All traffic had 3,000 requests where about 1,000 were expected (+200 %) from 2026-03-05 10:00 UTC for 3 h; endpoint GET /search explains 80 % of the surplus.',
    )
  })

  test('of metrics that do not fit together lists how far each is off', () => {
    const reasons = ['median latency 3.1 sd above its usual course', 'median size 2.9 sd below its usual course'].map(
      (reason) => ({ reason, count: 1 }),
    )
    expect(say({ ...OUTLIER, actual: 9.04, upper: 6.5 }, { reasons })).toBe(
      'POST /pay had metrics that do not fit together from 2026-03-05 10:00 UTC for 3 h: median latency 3.1 sd above its usual course, median size 2.9 sd below its usual course; together they lie 9.0 standard deviations off (6.5 would pass).',
    )
    expect(say({ ...OUTLIER, actual: 0.8, upper: Number.NaN }, { reasons: reasons.slice(0, 1) })).toBe(
      "POST /pay ranks among the forest's most unusual windows from 2026-03-05 10:00 UTC for 3 h: median latency 3.1 sd above its usual course.",
    )
  })

  test('of metrics that do not fit together names no limit that they are within', () => {
    const told = say({ ...OUTLIER, actual: 5.6, upper: 6.6 }, { reasons: [{ reason: 'latency 2 sd above', count: 1 }] })
    expect(told).toEndWith('together they lie 5.6 standard deviations off.')
  })

  test('of a broken objective', () => {
    const errors = { detectors: ['objective'], actual: 0.021, expected: 0.01, support: 1000, affected: 21 } as const
    expect(say(errors)).toBe('POST /pay failed in 21 of 1,000 requests (2.1 %), more than the promised 1 %.')
    expect(say({ ...errors, metric: 'silent_failure_share' })).toBe(
      'POST /pay answered 2xx with an invalid payload in 21 of 1,000 requests (2.1 %), more than the promised 1 %.',
    )
    expect(say({ ...SLOW, detectors: ['objective'], actual: 1450, expected: 800 })).toBe(
      'POST /pay had a p95 of 1.45 s where 800 ms was promised: 60 of 100 requests were slower.',
    )
  })

  test('of one request is in the singular', () => {
    expect(say({ support: 1, affected: 1, actual: 1 })).toContain(' in 1 of 1 request (100 %')
    expect(say({ ...DROP, support: 1, affected: 199, effect: -0.995 })).toStartWith(
      'Region eu-west-1 had 1 request where',
    )
  })

  test('of what lasts says so', () => {
    expect(say({}, { lasting: true })).toContain(' since 2026-03-05 10:00 UTC, to the end of the log')
  })

  test('says what the expectation was learnt from, and leaves out a band that is unknown', () => {
    expect(say({ upper: Number.NaN }, { baseline: 'the baseline log' })).toContain(
      '(60 %; 1 % expected by the baseline log) from',
    )
  })
})

test.each([
  ['share', {}],
  ['share', SLOW],
  ['ms', { ...SLOW, detectors: ['objective'] }],
  ['requests', { metric: 'requests' }],
  ['share', { metric: 'traffic_share' }],
  ['sd', { metric: 'multivariate' }],
] as const)('the unit %p', (unit, changes) => {
  expect(unitOf(sampleDraft(changes))).toBe(unit)
})

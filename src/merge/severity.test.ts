import { describe, expect, test } from 'bun:test'
import { DEFAULT_SETTINGS } from '../types.ts'
import { sampleDraft } from './sample-draft.ts'
import { isLargeEnough, judgeSeverity } from './severity.ts'

const DROP = { category: 'traffic_drop', metric: 'requests' } as const
const SURGE = { category: 'traffic_surge', metric: 'traffic_share' } as const
const SLOW = { category: 'latency_surge', metric: 'slow_share' } as const
const SILENT = { category: 'silent_failure', metric: 'silent_failure_share' } as const
const CLIENT = { metric: 'client_error_share' } as const
const OUTLIER = { category: 'outlier', metric: 'multivariate', effect: Number.NaN } as const

describe('severity', () => {
  test.each([
    ['critical', 'half of the requests bad, 5 % of all in reach', { actual: 0.5, reach: 0.05 }],
    ['critical', 'silent failures alike', { ...SILENT, actual: 0.5, reach: 0.05 }],
    ['high', 'the same with less reach', { actual: 0.5, reach: 0.049 }],
    ['high', 'the same with hardly any reach', { actual: 1, reach: 0.001 }],
    ['high', 'nearly half bad', { actual: 0.49, reach: 0.5 }],
    ['high', 'a tenth bad, 1 % in reach', { actual: 0.1, reach: 0.01 }],
    ['medium', 'a tenth bad with less reach', { actual: 0.1, reach: 0.009 }],
    ['medium', 'less than a tenth bad', { actual: 0.099, reach: 1 }],

    ['critical', 'traffic down by 80 %', { ...DROP, effect: -0.8, reach: 0.05 }],
    ['high', 'the same with less reach', { ...DROP, effect: -1, reach: 0.01 }],
    ['high', 'traffic halved', { ...DROP, effect: -0.5, reach: 0.01 }],
    ['medium', 'traffic nearly halved', { ...DROP, effect: -0.49, reach: 1 }],
    ['medium', 'traffic halved with less reach', { ...DROP, effect: -0.5, reach: 0.009 }],
    ['high', 'traffic tripled', { ...SURGE, effect: 2, reach: 0.01 }],
    ['high', 'however much it grows', { ...SURGE, effect: 50, reach: 1 }],
    ['medium', 'traffic nearly tripled', { ...SURGE, effect: 1.99, reach: 1 }],

    ['critical', 'latency fourfold', { ...SLOW, effect: 4, reach: 0.05 }],
    ['high', 'the same with less reach', { ...SLOW, effect: 4, reach: 0.001 }],
    ['high', 'latency doubled', { ...SLOW, effect: 2, reach: 0.01 }],
    ['medium', 'latency nearly doubled, whatever part is slow', { ...SLOW, effect: 1.99, actual: 0.9, reach: 1 }],

    ['medium', 'client errors, however many', { ...CLIENT, actual: 1, reach: 1 }],
    ['medium', 'metrics that do not fit together', { ...OUTLIER, actual: 9, reach: 1 }],
    ['low', 'whatever is only watched', { actual: 1, reach: 1, significant: false }],
    ['low', 'a watched outlier', { ...OUTLIER, significant: false }],
  ] as const)('%s: %s', (severity, _, changes) => {
    expect(judgeSeverity(sampleDraft(changes))).toBe(severity)
  })
})

describe('large enough', () => {
  const { minimum } = DEFAULT_SETTINGS
  test.each([
    [true, 'a point more and twice as much', { actual: 0.02, expected: 0.01, affected: 10 }],
    [false, 'twice as much, less than a point', { actual: 0.01, expected: 0.005, affected: 10 }],
    [false, 'a point more, less than twice as much', { actual: 0.25, expected: 0.2, affected: 50 }],
    [
      true,
      'a rare fault with five bad requests at twenty times the usual share',
      { actual: 0.001, expected: 5e-5, affected: 5 },
    ],
    [false, 'four of them', { actual: 0.001, expected: 5e-5, affected: 4 }],
    [false, 'one bad request', { actual: 0.2, expected: 0, support: 5, affected: 1 }],
    [false, 'four requests', { actual: 1, expected: 0, support: 4, affected: 4 }],

    [true, 'a fifth of the traffic missing', { ...DROP, effect: -0.2 }],
    [false, 'less than a fifth missing', { ...DROP, effect: -0.19 }],
    [true, 'a lasting fifth more', { ...SURGE, effect: 0.2, from: 0, to: 3 }],
    [false, 'a fifth more for one window: a bot', { ...SURGE, effect: 0.2, from: 0, to: 1 }],
    [false, 'nearly doubled for two windows', { ...SURGE, effect: 0.99, from: 0, to: 2 }],
    [true, 'doubled for one window', { ...SURGE, effect: 1, from: 0, to: 1 }],

    [true, 'latency by 30 %', { ...SLOW, effect: 1.3, actual: 0.4, expected: 0.1 }],
    [false, 'latency by less', { ...SLOW, effect: 1.29, actual: 0.4, expected: 0.1 }],
    [false, 'latency of four requests', { ...SLOW, effect: 5, actual: 1, expected: 0.1, support: 4 }],

    [true, 'an outlier of five requests', { ...OUTLIER, support: 5 }],
    [false, 'an outlier of four', { ...OUTLIER, support: 4 }],
  ] as const)('%p: %s', (large, _, changes) => {
    expect(isLargeEnough(sampleDraft(changes), minimum)).toBe(large)
  })

  test('is what the settings say', () => {
    const strict = { requests: 200, share: 0.1, traffic: 0.5, latency: 3 }
    expect(isLargeEnough(sampleDraft(), strict)).toBe(false)
    expect(isLargeEnough(sampleDraft({ support: 200, affected: 120 }), strict)).toBe(true)
    expect(isLargeEnough(sampleDraft({ ...DROP, effect: -0.4 }), strict)).toBe(false)
    expect(isLargeEnough(sampleDraft({ ...SLOW, effect: 2.5, support: 500 }), strict)).toBe(false)
  })
})

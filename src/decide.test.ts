import { describe, expect, test } from 'bun:test'
import { decide, FALSE_ALARMS_PER_RUN, WATCH_FACTOR } from './decide.ts'
import { attainedLevel } from './math/attained-level.ts'
import type { Finding, Metric, TestCount } from './types.ts'

const METRICS: readonly Metric[] = [
  'silent_failure_share',
  'server_error_share',
  'client_error_share',
  'slow_share',
  'requests',
  'traffic_share',
  'multivariate',
]
const EVERYTHING: TestCount[] = METRICS.flatMap((metric) =>
  ([0, 1, 2] as const).map((level) => ({ metric, level, judged: 10 ** (1 + 2 * level) })),
)

/** A finding whose p-value is the threshold of its kind times a factor. */
function finding(
  tests: readonly TestCount[],
  factor: number,
  metric: Metric = 'slow_share',
  level: 0 | 1 | 2 = 0,
): Finding {
  const logP = decide(tests, 0.005).threshold({ metric, level, from: 0, to: 1 }) + Math.log(factor)
  const fixed = { category: 'latency_surge', detector: 'latency', slice: 0, from: 0, to: 1 } as const
  return { ...fixed, metric, level, logP, actual: 1, expected: 0, support: 10 }
}

describe('false alarms', () => {
  test.each([0.0005, 0.005, 0.05])('the thresholds of all tests add up to at most %p', (gamma) => {
    const { threshold, expectedFalseAlarms } = decide(EVERYTHING, gamma)
    const sum = EVERYTHING.reduce(
      (total, test) => total + test.judged * Math.exp(threshold({ ...test, from: 0, to: 1 })),
      0,
    )
    expect(sum).toBeLessThanOrEqual(gamma * (1 + 1e-12))
    expect(sum).toBeCloseTo(expectedFalseAlarms, 12)
    expect(sum).toBeCloseTo(gamma, 12)
  })

  test('a metric that was not judged leaves its part unspent', () => {
    const { expectedFalseAlarms } = decide([{ metric: 'slow_share', level: 0, judged: 100 }], 0.005)
    expect(expectedFalseAlarms).toBeGreaterThan(0)
    expect(expectedFalseAlarms).toBeLessThan(0.005)
  })

  test('a run without tests has none', () => {
    expect(decide([], 0.005)).toMatchObject({ judged: 0, expectedFalseAlarms: 0 })
    expect(decide([{ metric: 'slow_share', level: 0, judged: 0 }], 0.005).expectedFalseAlarms).toBe(0)
  })

  test('the settings allow few of them', () => {
    expect(FALSE_ALARMS_PER_RUN).toEqual({ low: 0.0005, normal: 0.005, high: 0.05 })
  })
})

describe('thresholds', () => {
  test('fall with the number of tests, wherever these were counted', () => {
    const once = decide([{ metric: 'requests', level: 0, judged: 300 }], 0.005)
    const twice = decide(
      [
        { metric: 'requests', level: 0, judged: 100 },
        { metric: 'requests', level: 0, judged: 200 },
      ],
      0.005,
    )
    const more = decide([{ metric: 'requests', level: 0, judged: 3000 }], 0.005)
    const at = { metric: 'requests', level: 0, from: 0, to: 1 } as const
    expect(twice.threshold(at)).toBe(once.threshold(at))
    expect(more.threshold(at)).toBeCloseTo(once.threshold(at) - Math.log(10), 12)
    expect(twice.judged).toBe(300)
  })

  test('do not suffer from tests that could not reject', () => {
    const tests: TestCount[] = [{ metric: 'slow_share', level: 0, judged: 50 }]
    const silent: TestCount[] = [...tests, { metric: 'slow_share', level: 2, judged: 0 }]
    const at = { metric: 'slow_share', level: 0, from: 0, to: 1 } as const
    expect(decide(silent, 0.005).threshold(at)).toBe(decide(tests, 0.005).threshold(at))
  })

  test('many narrow slices leave the broad ones their part', () => {
    const at = { metric: 'slow_share', level: 0, from: 0, to: 1 } as const
    const few: TestCount[] = [
      { metric: 'slow_share', level: 0, judged: 100 },
      { metric: 'slow_share', level: 2, judged: 100 },
    ]
    const many: TestCount[] = [few[0], { metric: 'slow_share', level: 2, judged: 1e6 }]
    expect(decide(many, 0.005).threshold(at)).toBe(decide(few, 0.005).threshold(at))
  })

  test('many short intervals leave the long ones their part', () => {
    const at = { metric: 'slow_share', level: 0 } as const
    const octaves = [4000, 400, 40, 0, 1].map((judged, octave): TestCount => ({ ...at, octave, judged }))
    const { threshold } = decide(octaves, 0.005)
    const part = (from: number, to: number) => Math.exp(threshold({ ...at, from, to }))
    expect(part(3, 4) * 4000).toBeCloseTo(part(2, 4) * 400, 12)
    expect(part(10, 17) * 40).toBeCloseTo(part(0, 16) * 1, 12)
    expect(part(0, 2)).toBe(part(0, 3))
    expect(octaves.reduce((sum, { octave, judged }) => sum + judged * part(0, 2 ** octave!), 0)).toBeCloseTo(
      decide(octaves, 0.005).expectedFalseAlarms,
      12,
    )
    // A length that nothing was judged at gets no more than any other.
    expect(part(0, 8)).toBe(part(0, 1))
  })

  test('rise where tests attain only a part of their level, to what spends the budget', () => {
    const at = { metric: 'slow_share', level: 0, judged: 1000 } as const
    const rare: TestCount = { ...at, counted: [{ expected: 0.01, spread: 0.2, tests: 1000 }] }
    const limit = (...tests: TestCount[]) => decide(tests, 0.005).threshold({ ...at, from: 0, to: 1 })
    const budget = 1000 * Math.exp(limit(at))
    expect(limit(rare)).toBeGreaterThan(limit(at) + 1)
    const attained = (logLevel: number) => 1000 * attainedLevel(0.01, 0.2, Math.exp(logLevel))
    expect(attained(limit(rare))).toBeLessThanOrEqual(budget)
    expect(attained(limit(rare) + 0.05)).toBeGreaterThan(budget)
    // Counts of many lie close: such tests attain what they are allowed.
    expect(limit({ ...at, counted: [{ expected: 500, spread: 0.2, tests: 1000 }] })).toBeCloseTo(limit(at), 1)
    expect(limit(rare, at)).toBeLessThan(limit(rare))
    expect(limit(rare, at)).toBeGreaterThan(limit(at, at))
  })

  test('of a kind that was never tested do not exist', () => {
    expect(() => decide([], 0.005).threshold({ metric: 'slow_share', level: 1, from: 0, to: 1 })).toThrow(
      'no tests were counted for slow_share at level 1',
    )
  })
})

describe('a verdict', () => {
  const { isSignificant, isWatched, qValue } = decide(EVERYTHING, 0.005)

  test.each([
    ['below the threshold', 0.99, true, true],
    ['above it', 1.01, false, true],
    ['at the end of the watch', 0.99 * WATCH_FACTOR, false, true],
    ['beyond the watch', 1.01 * WATCH_FACTOR, false, false],
  ])('%s', (_, factor, significant, watched) => {
    const own = finding(EVERYTHING, factor)
    expect([isSignificant(own), isWatched(own)]).toEqual([significant, watched])
  })

  test('comes with a q-value: expected findings as strong as this, at most 1', () => {
    expect(qValue(finding(EVERYTHING, 1))).toBeCloseTo(0.005, 12)
    expect(qValue(finding(EVERYTHING, 0.1, 'traffic_share', 2))).toBeCloseTo(0.0005, 12)
    expect(qValue(finding(EVERYTHING, 1e6))).toBe(1)
  })
})

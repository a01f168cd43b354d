import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { detect } from '../detect.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DEFAULT_SETTINGS, type ShareMetric } from '../types.ts'
import { mergeShares } from './shares.ts'

const MINUTE = 60_000
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE }

type Fault = (row: FixtureRow, hour: number, random: () => number) => FixtureRow

/** Twelve hours of 20 requests a minute to three endpoints in three regions; one in 500 fails. */
async function merge(metric: ShareMetric, fault: Fault, seed = 1) {
  const random = createRandom(seed)
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)]
  const rows = Array.from({ length: 12 * 60 * 20 }, (_, i) => {
    const row: FixtureRow = {
      time: i * (MINUTE / 20),
      endpoint: pick(['GET /a', 'GET /b', 'POST /c']),
      region: pick(['eu', 'us', 'ap']),
      status: random() < 0.002 ? 500 : 200,
      durationMs: 50 + 100 * random(),
      invalid: '',
    }
    return { ...row, ...fault(row, i / 1200, random) }
  })
  const logs = buildLogs(rows)
  const features = buildFeatures(logs, null, SETTINGS)
  const found = await detect(features, logs, SETTINGS)
  const verdicts = decide(found.tests, 0.005)
  const drafts = mergeShares(features, metric, found.shares.get(metric)!, verdicts)
  return drafts.filter(({ significant }) => significant)
}

describe('share incidents', () => {
  test('a fault is one incident with its place and its time, whatever slices show it', async () => {
    const drafts = await merge('silent_failure_share', ({ endpoint, region }, hour) =>
      endpoint === 'POST /c' && region === 'eu' && hour >= 5 && hour < 7 ? { invalid: 'empty cart' } : {},
    )
    expect(drafts).toHaveLength(1)
    expect(drafts[0]).toMatchObject({
      category: 'silent_failure',
      detectors: ['silent'],
      scope: { endpoint: 'POST /c', region: 'eu' },
      from: 30,
      to: 42,
      actual: 1,
      lower: 0,
    })
    expect(drafts[0].affected).toBe(drafts[0].support)
    expect(drafts[0].effect).toBeGreaterThan(0.99)
    expect(drafts[0].upper).toBeLessThan(0.1)
    expect(drafts[0].reach).toBeCloseTo(1 / 9, 1)
    expect(drafts[0].findings.length).toBeGreaterThan(5)
  })

  test('two faults in other places, one beginning before the other ends, are two', async () => {
    const drafts = await merge('server_error_share', ({ endpoint, region }, hour) => {
      const first = endpoint === 'GET /a' && region === 'us' && hour >= 3 && hour < 5
      const second = endpoint === 'POST /c' && region === 'ap' && hour >= 4.5 && hour < 6.5
      return first || second ? { status: 503 } : {}
    })
    expect(drafts.map(({ scope }) => scope).toSorted((a, b) => (a.endpoint! < b.endpoint! ? -1 : 1))).toEqual([
      { endpoint: 'GET /a', region: 'us' },
      { endpoint: 'POST /c', region: 'ap' },
    ])
  })

  test('the same fault at two times is two', async () => {
    const drafts = await merge('server_error_share', ({ region }, hour) =>
      region === 'us' && ((hour >= 2 && hour < 3) || (hour >= 9 && hour < 10)) ? { status: 503 } : {},
    )
    expect(drafts.map(({ scope, from, to }) => ({ scope, from, to })).toSorted((a, b) => a.from - b.from)).toEqual([
      { scope: { region: 'us' }, from: 12, to: 18 },
      { scope: { region: 'us' }, from: 54, to: 60 },
    ])
  })

  test('what lasts to the end is one incident from its change point on', async () => {
    const [draft, ...rest] = await merge('server_error_share', ({ endpoint }, hour, random) =>
      endpoint === 'GET /b' && hour >= 10 && random() < 0.3 ? { status: 500 } : {},
    )
    expect(rest).toEqual([])
    expect(draft).toMatchObject({ scope: { endpoint: 'GET /b' }, from: 60, to: 72 })
  })

  test('latency is told by the ratio of medians', async () => {
    const [draft, ...rest] = await merge('slow_share', ({ region, durationMs }, hour) =>
      region === 'ap' && hour >= 5 && hour < 6 ? { durationMs: 3 * durationMs! } : {},
    )
    expect(rest).toEqual([])
    expect(draft).toMatchObject({ category: 'latency_surge', scope: { region: 'ap' }, from: 30, to: 36 })
    expect(draft.effect).toBeGreaterThan(2.5)
    expect(draft.effect).toBeLessThan(3.5)
  })

  test('a quiet log has none', async () => {
    for (const metric of ['silent_failure_share', 'server_error_share', 'slow_share'] as const) {
      expect(await merge(metric, () => ({}), 9)).toEqual([])
    }
  })
})

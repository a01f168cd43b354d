import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { detect } from '../detect.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs, type FixtureRow } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { DEFAULT_SETTINGS } from '../types.ts'
import { mergeTraffic } from './traffic.ts'

const HOUR = 3_600_000
const HOURS = 8 * 24
const SETTINGS = { ...DEFAULT_SETTINGS, windowMs: HOUR }
const REGIONS = ['eu', 'us', 'ap']
const ENDPOINTS = ['GET /a', 'GET /b']

/** @param part how much of its usual traffic a place has in an hour */
async function merge(part: (region: string, endpoint: string, hour: number) => number, plannedTraffic = false) {
  const random = createRandom(12)
  const rows: FixtureRow[] = []
  for (let hour = 0; hour < HOURS; hour++) {
    for (const region of REGIONS) {
      for (const endpoint of ENDPOINTS) {
        const mean = (25 - 12 * Math.cos((hour / 12) * Math.PI)) * part(region, endpoint, hour)
        let requests = 0
        for (let i = 0; i < 200; i++) if (random() < mean / 200) requests++
        for (let i = 0; i < requests; i++) rows.push({ time: (hour + random()) * HOUR, region, endpoint })
      }
    }
  }
  const logs = buildLogs(rows, plannedTraffic)
  const features = buildFeatures(logs, null, SETTINGS)
  const found = await detect(features, logs, SETTINGS)
  return mergeTraffic(features, found, decide(found.tests, 0.005)).filter(({ significant }) => significant)
}
const inside = (hour: number) => hour >= 105 && hour < 111

describe('traffic incidents', () => {
  test('a region’s outage is neither its endpoints’ drop nor its siblings’ surge', async () => {
    const [draft, ...rest] = await merge((region, _, hour) => (region === 'us' && inside(hour) ? 0 : 1))
    expect(rest).toEqual([])
    expect(draft).toMatchObject({
      category: 'traffic_drop',
      metric: 'traffic_share',
      scope: { region: 'us' },
      from: 105,
      to: 111,
      support: 0,
      actual: 0,
      effect: -1,
    })
    expect(draft.expected).toBeCloseTo(1 / 3, 1)
    expect(draft.lower).toBeGreaterThan(0)
    expect(draft.upper).toBeGreaterThan(draft.expected)
    expect(draft.reach).toBeCloseTo(1 / 3, 1)
    expect(draft.affected).toBeGreaterThan(250)
  })

  test('an outage of everything is one of the whole', async () => {
    const [draft, ...rest] = await merge((_, __, hour) => (inside(hour) ? 0.2 : 1))
    expect(rest).toEqual([])
    expect(draft).toMatchObject({
      category: 'traffic_drop',
      metric: 'requests',
      scope: {},
      from: 105,
      to: 111,
      reach: 1,
    })
    expect(draft.effect).toBeLessThan(-0.7)
    expect(draft.actual).toBe(draft.support)
    expect(draft.upper).toBeGreaterThan(draft.expected)
  })

  test('a flood of one endpoint in one region is found there', async () => {
    const flooded = (region: string, endpoint: string) => region === 'ap' && endpoint === 'GET /b'
    const [draft, ...rest] = await merge((region, endpoint, hour) =>
      flooded(region, endpoint) && inside(hour) ? 4 : 1,
    )
    expect(rest).toEqual([])
    expect(draft).toMatchObject({
      category: 'traffic_surge',
      scope: { endpoint: 'GET /b', region: 'ap' },
      from: 105,
      to: 111,
    })
    expect(draft.effect).toBeGreaterThan(2)
  })

  test('a quiet log has none', async () => {
    expect(await merge(() => 1)).toEqual([])
  })

  test('where a test plan sets the traffic, the whole is not judged', async () => {
    expect(await merge((_, __, hour) => (inside(hour) ? 0.2 : 1), true)).toEqual([])
  })
})

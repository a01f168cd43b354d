import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import type { Dimension, Scope, Slice, TrafficShares } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { detectShares } from './shares.ts'
import { createTrafficSubject, joinTrafficShares } from './traffic-shares.ts'

const HOUR = 3_600_000
const HOURS = 10 * 24
const { grid } = buildGrid(buildLogs([{}, { time: HOURS * HOUR - 1 }]).table, HOUR)
const calendar = buildCalendar(grid)
const usual = (w: number) => 200 - 100 * Math.cos((w / 12) * Math.PI)

/** How much of its usual traffic a cell (0..3) has in window w. */
type Change = (cell: number, w: number) => number

/** Windows × slices. */
function joined(requests: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(requests.length * HOURS)
  for (const [slice, counts] of requests.entries()) all.set(counts, slice * HOURS)
  return all
}

const draw = (seed: number, change: Change) => {
  const random = createRandom(seed)
  return [0, 1, 2, 3].map((cell) =>
    Uint32Array.from({ length: HOURS }, (_, w) => {
      const mean = (usual(w) * change(cell, w) * (cell + 1)) / 2
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * drawNormal(random)))
    }),
  )
}
const add = (a: Uint32Array, b: Uint32Array) => a.map((n, w) => n + b[w])
const expectedWhole = Float64Array.from({ length: HOURS }, (_, w) => 5 * usual(w))
const slice = (scope: Scope, parents: readonly number[]): Slice => ({
  scope,
  level: parents.length === 0 ? 0 : parents.length === 1 ? 1 : 2,
  requests: 0,
  parents,
})
function detect(slices: readonly Slice[], counts: readonly Uint32Array[]): TrafficShares {
  const requests = joined(counts)
  const byParent = [0, 1].map((parent) => detectShares(createTrafficSubject(requests, slices, calendar, parent)))
  return joinTrafficShares(byParent, { requests, slices, calendar, expectedWhole, leastChange: 0.2 })
}

/** The whole and four values of a dimension. */
function detectFour(change: Change, dimension: Dimension = 'region', seed = 1): TrafficShares {
  const cells = draw(seed, change)
  const slices = [slice({}, []), ...cells.map((_, i) => slice({ [dimension]: `r${i}` }, [0]))]
  return detect(slices, [cells.reduce(add), ...cells])
}
const told = ({ findings, tests }: TrafficShares) => [
  ...new Set(findings.filter(decide(tests, 0.005).isSignificant).map((found) => `${found.category} of ${found.slice}`)),
]
const inside = (w: number) => w >= 106 && w < 112

describe('traffic given the whole', () => {
  test('a region that falls silent is a drop, and its siblings do not surge', () => {
    const found = detectFour((cell, w) => (cell === 2 && inside(w) ? 0 : 1))
    expect(told(found)).toEqual(['traffic_drop of 3'])
    const strongest = found.findings.toSorted((a, b) => a.logP - b.logP)[0]
    expect(strongest).toMatchObject({ actual: 0, metric: 'traffic_share', detector: 'traffic', level: 1 })
    expect(strongest.from).toBeGreaterThanOrEqual(106)
    expect(strongest.to).toBeLessThanOrEqual(112)
  })

  test('the largest region too: all its siblings’ shares rise then', () => {
    expect(told(detectFour((cell, w) => (cell === 3 && inside(w) ? 0 : 1)))).toEqual(['traffic_drop of 4'])
  })

  test('a region that triples is a surge, and its siblings do not drop', () => {
    expect(told(detectFour((cell, w) => (cell === 0 && inside(w) ? 3 : 1)))).toEqual(['traffic_surge of 1'])
  })

  test('when all fall alike it is the whole’s matter', () => {
    expect(told(detectFour((_, w) => (inside(w) ? 0.3 : 1)))).toEqual([])
  })

  test('a region that peaks at other hours than the rest is as usual', () => {
    expect(told(detectFour((cell, w) => (cell === 1 ? 1 + Math.sin((w / 12) * Math.PI) / 2 : 1)))).toEqual([])
  })

  test('quiet logs give no finding', () => {
    for (let seed = 1; seed <= 10; seed++) expect(told(detectFour(() => 1, 'region', seed))).toEqual([])
  })

  test('a birth is no surge, and no drop of those who were there', () => {
    expect(told(detectFour((cell, w) => (cell === 1 && w < 120 ? 0 : 1)))).toEqual([])
  })

  test('versions come and go by deployment: they are not judged', () => {
    const found = detectFour((cell, w) => (cell === 2 && inside(w) ? 0 : 1), 'version')
    expect(found.findings).toEqual([])
    expect(found.tests.every(({ judged }) => judged === 0)).toBe(true)
  })
})

describe('a pair', () => {
  /** Two endpoints in two regions; cells are a/eu, a/us, b/eu, b/us. */
  function detectSquare(change: Change): TrafficShares {
    const [aEu, aUs, bEu, bUs] = draw(3, change)
    const slices = [
      slice({}, []),
      slice({ endpoint: 'a' }, [0]),
      slice({ endpoint: 'b' }, [0]),
      slice({ region: 'eu' }, [0]),
      slice({ region: 'us' }, [0]),
      ...[1, 2].flatMap((endpoint) =>
        [3, 4].map((region) => slice({ endpoint: `${endpoint}`, region: `${region}` }, [endpoint, region])),
      ),
    ]
    const [a, b, eu, us] = [add(aEu, aUs), add(bEu, bUs), add(aEu, bEu), add(aUs, bUs)]
    return detect(slices, [add(a, b), a, b, eu, us, aEu, aUs, bEu, bUs])
  }

  test('is found when it alone falls silent', () => {
    expect(told(detectSquare((cell, w) => (cell === 1 && inside(w) ? 0 : 1)))).toContain('traffic_drop of 6')
  })

  test('is not when it falls with one of its parents', () => {
    const found = told(detectSquare((cell, w) => (cell % 2 === 1 && inside(w) ? 0 : 1)))
    expect(found).toContain('traffic_drop of 4')
    expect(found.filter((text) => /of [5-8]/.test(text))).toEqual([])
  })
})

test('what is expected of slices adds up to what is expected of the whole', () => {
  const { expected } = detectFour(() => 1)
  for (const [from, to] of [
    [0, 1],
    [50, 60],
    [0, 120],
  ] as const) {
    const sum = [1, 2, 3, 4].reduce((total, slice) => total + expected(slice, from, to), 0)
    expect(sum / expected(0, from, to)).toBeCloseTo(1, 2)
  }
})

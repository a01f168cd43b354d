import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { DEFAULT_SETTINGS, type Finding, type OutlierFindings, type ShareFindings } from '../types.ts'
import { type Draft, isSlowOddity } from './draft.ts'
import { mergeOutliers } from './outliers.ts'
import { sampleDraft } from './sample-draft.ts'

const MINUTE = 60_000
const rows = Array.from({ length: 1200 }, (_, i) => ({
  time: i * MINUTE,
  region: i % 4 === 0 ? 'eu' : 'us',
  endpoint: i % 3 === 0 ? 'POST /pay' : 'GET /cart',
  durationMs: i >= 400 && i < 440 ? 300 : 100,
}))
const features = buildFeatures(buildLogs(rows), null, { ...DEFAULT_SETTINGS, windowMs: 10 * MINUTE })
const verdicts = decide(
  [
    { metric: 'multivariate', level: 0, judged: 100 },
    { metric: 'multivariate', level: 1, judged: 100 },
  ],
  0.005,
)
const sliceOf = (scope: object) =>
  features.sliceTable.slices.findIndex((slice) => JSON.stringify(slice.scope) === JSON.stringify(scope))

const finding = (changes: Partial<Finding> = {}): Finding => ({
  category: 'outlier',
  metric: 'multivariate',
  detector: 'forest',
  slice: sliceOf({ region: 'eu' }),
  level: 1,
  from: 40,
  to: 44,
  logP: -60,
  actual: 9,
  expected: 2,
  support: 10,
  ...changes,
})
const outliers = (found: Partial<OutlierFindings>): OutlierFindings => ({
  findings: [],
  tests: [],
  watched: [],
  confirms: () => false,
  isSlowness: () => false,
  gains: () => null,
  spreads: () => true,
  passing: () => 6,
  deviations: () => [],
  notes: [],
  ...found,
})
const merge = (found: Partial<OutlierFindings>, drafts = [sampleDraft({ from: 0, to: 4 })]) =>
  mergeOutliers(drafts, features, outliers(found), verdicts, undefined, DEFAULT_SETTINGS.minimum)

describe('outliers', () => {
  test('that nothing else tells are added', () => {
    const [, added] = merge({ findings: [finding()] })
    expect(added).toMatchObject({
      category: 'outlier',
      scope: { region: 'eu' },
      from: 40,
      to: 44,
      actual: 9,
      upper: 6,
      support: 10,
      significant: true,
      reach: 0.25,
    })
    expect(added.effect).toBeNaN()
  })

  test.each([
    ['its own scope', { region: 'eu' }],
    ['a scope that shares requests with it', { endpoint: 'POST /pay' }],
    ['everything', {}],
  ])('in an incident of %s are told already', (_, scope) => {
    expect(merge({ findings: [finding()] }, [sampleDraft({ scope, from: 43, to: 60 })])).toHaveLength(1)
  })

  test('beside an incident of another region, or before it, are not told', () => {
    expect(merge({ findings: [finding()] }, [sampleDraft({ scope: { region: 'us' }, from: 40, to: 60 })])).toHaveLength(
      2,
    )
    expect(merge({ findings: [finding()] }, [sampleDraft({ scope: { region: 'eu' }, from: 45, to: 60 })])).toHaveLength(
      2,
    )
  })

  test('that touch an incident, or would when told with what continues them, are its evidence', () => {
    const incident = sampleDraft({ scope: { region: 'eu' }, from: 46, to: 60 })
    const next = finding({ from: 43, to: 46, logP: -50 })
    const [told, ...rest] = merge({ findings: [finding(), next] }, [incident])
    expect(rest).toEqual([])
    expect(told.detectors).toEqual([...incident.detectors, 'forest'])
    expect(told.findings).toEqual([...incident.findings, finding()])
  })

  test('in what is merely watched are not told', () => {
    expect(merge({ findings: [finding()] }, [sampleDraft({ from: 40, to: 44, significant: false })])).toHaveLength(2)
  })

  test('that overlap are one', () => {
    const found = merge({
      findings: [finding(), finding({ from: 43, to: 45, logP: -50 }), finding({ from: 42, to: 50, logP: -20 })],
    })
    expect(found).toHaveLength(2)
    expect(found[1]).toMatchObject({ from: 40, to: 45 })
    expect(found[1].findings).toHaveLength(3)
  })

  test('last as long as windows speak for them', () => {
    const gains = () => Float64Array.from({ length: 120 }, (_, w) => (w >= 39 && w < 43 ? 5 : -3))
    expect(merge({ findings: [finding()], gains })[1]).toMatchObject({ from: 39, to: 43 })
    // What is merely watched by the forest is told as it ranks.
    expect(merge({ watched: [finding({ logP: 0 })], gains })[1]).toMatchObject({ from: 40, to: 44 })
  })

  describe('that are odd in a part and in a broader slice', () => {
    const part = finding()
    const broad = finding({ slice: 0, level: 0, logP: -50, support: 40, actual: 8 })
    const scopeOf = (spreads: boolean, ...findings: Finding[]) => {
      const [, told, ...rest] = merge({ findings, spreads: () => spreads })
      expect(rest).toEqual([])
      return told.scope
    }

    test('are the broader one’s when its rest is odd as well, else the part’s', () => {
      expect(scopeOf(true, part, broad)).toEqual({})
      expect(scopeOf(false, part, broad)).toEqual({ region: 'eu' })
      expect(scopeOf(true, finding({ logP: -50 }), { ...broad, logP: -60 })).toEqual({})
      expect(scopeOf(false, finding({ logP: -50 }), { ...broad, logP: -60 })).toEqual({ region: 'eu' })
    })

    test('are the broader one’s when the part alone would not be beyond chance', () => {
      const faint = finding({ logP: verdicts.threshold(part) + 1 })
      expect(scopeOf(false, faint, broad)).toEqual({})
    })

    test('are as sure as the surer of the two', () => {
      expect(merge({ findings: [part, broad] })[1]).toMatchObject({ support: 40, logP: -60, actual: 8 })
    })
  })

  test('that are only nearly sure enough are watched', () => {
    const limit = verdicts.threshold(finding())
    expect(merge({ findings: [finding({ logP: limit + 1 })] })[1]).toMatchObject({ significant: false })
    expect(merge({ findings: [finding({ logP: limit + 9 })] })).toHaveLength(1)
  })

  test('by the forest alone are watched, never significant', () => {
    const [, watched] = merge({ watched: [finding({ logP: 0, actual: 0.8 })] })
    expect(watched).toMatchObject({ significant: false, qValue: 1, actual: 0.8 })
    expect(watched.upper).toBeNaN()
  })

  describe('of which all is that answers take longer', () => {
    const slow: ShareFindings = {
      findings: [],
      tests: [],
      judges: features.sliceTable.slices.map(() => ({
        judge: () => ({ bad: 40, total: 90, share: 0.1, precision: 500 }),
      })),
      fit: () => ({ judge: () => ({ bad: 0, total: 0, share: 0, precision: 1 }) }),
      logP: () => 0,
    }
    const told = (drafts: Draft[], minimum = DEFAULT_SETTINGS.minimum) =>
      mergeOutliers(
        drafts,
        features,
        outliers({ findings: [finding()], isSlowness: () => true }),
        verdicts,
        slow,
        minimum,
      )

    test('are a latency surge, told by how slow requests are', () => {
      const [surge, ...rest] = told([])
      expect(rest).toEqual([])
      expect(surge).toMatchObject({
        category: 'latency_surge',
        metric: 'slow_share',
        detectors: ['forest'],
        scope: { region: 'eu' },
        from: 40,
        to: 44,
        actual: 40 / 90,
        expected: 0.1,
        support: 90,
        affected: 40,
        logP: -60,
        significant: true,
      })
      // Usual requests take 100 ms, these in windows 40 to 43 three times that.
      expect(surge.effect).toBeCloseTo(3)
      expect(isSlowOddity(surge)).toBe(true)
    })

    test('take in the slowness that was watched there, and leave that of others', () => {
      const watched = sampleDraft({ category: 'latency_surge', metric: 'slow_share', detectors: ['latency'] })
      const evidence = finding({ category: 'latency_surge', metric: 'slow_share', detector: 'latency', logP: -9 })
      const own = { ...watched, scope: { region: 'eu' }, from: 41, to: 50, significant: false, findings: [evidence] }
      const other = { ...own, scope: { region: 'us' } }
      const [left, surge, ...rest] = told([own, other])
      expect(rest).toEqual([])
      expect(left).toEqual(other)
      expect(surge.detectors).toEqual(['forest', 'latency'])
      expect(surge.findings).toEqual([finding(), evidence])
    })

    test('are told as they are where that is too little for a latency surge', () => {
      expect(told([], { ...DEFAULT_SETTINGS.minimum, latency: 4 })).toMatchObject([{ category: 'outlier' }])
    })

    test('are told as they are where latency was not judged', () => {
      expect(merge({ findings: [finding()], isSlowness: () => true }, [])).toMatchObject([{ category: 'outlier' }])
    })
  })

  test('confirm an incident whose windows the forest ranks high', () => {
    const confirms = (slice: number, from: number, to: number) =>
      slice === sliceOf({ endpoint: 'POST /pay' }) && from === 0 && to === 4
    expect(merge({ confirms })[0].detectors).toEqual(['errors', 'forest'])
    expect(merge({})[0].detectors).toEqual(['errors'])
  })
})

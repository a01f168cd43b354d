import { describe, expect, test } from 'bun:test'
import { binomialUpperTail } from '../math/distributions.ts'
import { DEFAULT_SETTINGS, type Objectives, type Scope, type Slice } from '../types.ts'
import { detectLatencyObjectives, detectObjectives } from './objectives.ts'

const NONE = DEFAULT_SETTINGS.objectives
const slice = (scope: Scope, level: 0 | 1 | 2): Slice => ({ scope, level, requests: 400, parents: [] })
const SLICES = [slice({}, 0), slice({ region: 'eu' }, 1), slice({ region: 'eu', endpoint: 'GET /a' }, 2)]
/** Four windows of a hundred requests in every slice. */
const inputs = (bad: number) =>
  SLICES.map(() => ({ series: { bad: [bad, 0, 0, 0], total: [100, 100, 100, 100] }, baseline: null }))
const detect = (objectives: Partial<Objectives>, bad: number) =>
  detectObjectives({ ...NONE, ...objectives }, SLICES, new Map([['server_error_share', inputs(bad)]]))

describe('a promised share', () => {
  test('that is broken is found over the whole log, for the whole and its parts, not for pairs', () => {
    const { findings, tests } = detect({ errorShare: 0.01 }, 40).get('server_error_share')!
    expect(findings.map(({ slice }) => slice)).toEqual([0, 1])
    expect(findings[0]).toMatchObject({
      category: 'error_spike',
      detector: 'objective',
      from: 0,
      to: 4,
      actual: 0.1,
      expected: 0.01,
      support: 400,
    })
    expect(findings[0].logP).toBeLessThan(-60)
    expect(tests.map(({ judged }) => judged)).toEqual([1, 1, 0])
  })

  test('that is kept is counted and not found', () => {
    const { findings, tests } = detect({ errorShare: 0.01 }, 4).get('server_error_share')!
    expect(findings).toEqual([])
    expect(tests[0].judged).toBe(1)
  })

  test('that chance may have broken has a p-value that says so', () => {
    const { findings } = detect({ errorShare: 0.01 }, 6).get('server_error_share')!
    expect(Math.exp(findings[0].logP)).toBeGreaterThan(0.2)
  })

  test('of nothing bad is broken by the first bad request', () => {
    expect(detect({ errorShare: 0 }, 1).get('server_error_share')!.findings[0].logP).toBeLessThan(-600)
  })

  test('that was not given, or whose metric was not judged, is not asked for', () => {
    expect(detect({}, 40).size).toBe(0)
    expect(detect({ silentShare: 0.01 }, 40).size).toBe(0)
  })

  test('of too few requests is not judged', () => {
    const few = SLICES.map(() => ({ series: { bad: [4], total: [4] }, baseline: null }))
    const found = detectObjectives({ ...NONE, errorShare: 0.01 }, SLICES, new Map([['server_error_share', few]]))
    expect(found.get('server_error_share')!.tests.every(({ judged }) => judged === 0)).toBe(true)
  })
})

describe('a promised p95', () => {
  const promise = (limit: number): Objectives => ({ ...NONE, p95Ms: new Map([['GET /a', limit]]) })
  /** 1, 2 … 200 ms. */
  const durations = () => Float64Array.from({ length: 200 }, (_, i) => i + 1)

  test('is broken when more than one request in twenty is slower', () => {
    const { broken, judged } = detectLatencyObjectives(promise(100), durations)
    expect(broken).toMatchObject([{ endpoint: 'GET /a', limitMs: 100, slow: 100, total: 200 }])
    expect(broken[0].logP).toBeCloseTo(Math.log(binomialUpperTail(100, 200, 0.05)), 9)
    expect(judged).toBe(1)
  })

  test('is kept by exactly one in twenty', () => {
    expect(detectLatencyObjectives(promise(190), durations)).toEqual({ broken: [], judged: 1, notes: [] })
  })

  test('of an endpoint that the log hardly has is not judged, and a note says so', () => {
    expect(detectLatencyObjectives(promise(1), () => Float64Array.of(5, 6))).toEqual({
      broken: [],
      judged: 0,
      notes: ['The p95 objective of GET /a was not judged: 2 requests with a duration.'],
    })
  })
})

import { describe, expect, test } from 'bun:test'
import { joinFragments } from './join.ts'
import { sampleDraft } from './sample-draft.ts'

const at = (from: number, to: number) => sampleDraft({ from, to })
const spans = (drafts: readonly { from: number; to: number }[]) => drafts.map(({ from, to }) => [from, to])

describe('fragments', () => {
  test('that touch, or that a lull no longer than either parts, are one', () => {
    expect(spans(joinFragments([at(0, 4), at(4, 6)]))).toEqual([[0, 6]])
    expect(spans(joinFragments([at(0, 4), at(6, 8)]))).toEqual([[0, 8]])
    expect(spans(joinFragments([at(10, 20), at(0, 30)]))).toEqual([[0, 30]])
  })

  test('with a longer lull between them stay apart', () => {
    expect(spans(joinFragments([at(0, 4), at(7, 9)]))).toEqual([
      [0, 4],
      [7, 9],
    ])
  })

  test('come in any order', () => {
    expect(spans(joinFragments([at(6, 8), at(3, 5), at(0, 3)]))).toEqual([[0, 8]])
  })

  test.each([
    ['metric', { metric: 'client_error_share' }],
    ['direction', { category: 'traffic_drop' }],
    ['scope', { scope: { endpoint: 'POST /pay', region: 'eu' } }],
  ] as const)('of another %s stay apart', (_, changes) => {
    expect(joinFragments([at(0, 4), sampleDraft({ from: 4, to: 8, ...changes })])).toHaveLength(2)
  })

  test('none are none', () => {
    expect(joinFragments([])).toEqual([])
  })
})

describe('what is joined', () => {
  test('has the requests of both, and their shares by requests', () => {
    const [joined] = joinFragments([
      sampleDraft({ from: 0, to: 2, support: 100, affected: 60, actual: 0.6, expected: 0.01, effect: 0.59 }),
      sampleDraft({ from: 2, to: 4, support: 300, affected: 60, actual: 0.2, expected: 0.03, effect: 0.17 }),
    ])
    expect(joined).toMatchObject({ support: 400, affected: 120 })
    expect(joined.actual).toBeCloseTo(0.3, 12)
    expect(joined.expected).toBeCloseTo(0.025, 12)
    expect(joined.effect).toBeCloseTo(0.275, 12)
  })

  test('has the counts of both where these are counts', () => {
    const traffic = { category: 'traffic_drop', metric: 'requests', expected: 100, lower: 70, upper: 130 } as const
    const [joined] = joinFragments([
      sampleDraft({ ...traffic, from: 0, to: 2, actual: 20, support: 20, affected: 80 }),
      sampleDraft({ ...traffic, from: 2, to: 4, actual: 40, support: 40, affected: 60 }),
    ])
    expect(joined).toMatchObject({ actual: 60, expected: 200, lower: 140, upper: 260, support: 60, affected: 140 })
    expect(joined.effect).toBeCloseTo(-0.7, 12)
  })

  test('is as sure as its stronger part, and seen by the detectors of both', () => {
    const [joined] = joinFragments([
      sampleDraft({ from: 0, to: 2, logP: -20, qValue: 1e-3, significant: false, detectors: ['errors'] }),
      sampleDraft({ from: 2, to: 4, logP: -80, qValue: 1e-9, detectors: ['errors', 'forest'] }),
    ])
    expect(joined).toMatchObject({ logP: -80, qValue: 1e-9, significant: true, detectors: ['errors', 'forest'] })
  })
})

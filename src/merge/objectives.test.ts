import { describe, expect, test } from 'bun:test'
import { decide } from '../decide.ts'
import { buildFeatures } from '../features.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { DEFAULT_SETTINGS } from '../types.ts'
import { draftBrokenLatency, uniteObjectives } from './objectives.ts'
import { sampleDraft } from './sample-draft.ts'

describe('a broken latency objective', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    time: i * 1000,
    endpoint: i % 2 === 0 ? 'GET /a' : 'GET /b',
    durationMs: i,
  }))
  const features = buildFeatures(buildLogs(rows), null, DEFAULT_SETTINGS)
  const verdicts = decide([{ metric: 'slow_share', level: 1, judged: 1 }], 0.005)
  const broken = { endpoint: 'GET /a', limitMs: 100, slow: 49, total: 100, logP: -80 }

  test('is a draft over the whole log, in milliseconds', () => {
    const draft = draftBrokenLatency(broken, features, verdicts)
    expect(draft).toMatchObject({
      category: 'latency_surge',
      metric: 'slow_share',
      detectors: ['objective'],
      scope: { endpoint: 'GET /a' },
      from: 0,
      to: features.grid.windows,
      expected: 100,
      upper: 100,
      support: 100,
      affected: 49,
      significant: true,
      reach: 0.5,
    })
    expect(draft.actual).toBeCloseTo(188.1, 6)
    expect(draft.effect).toBeCloseTo(1.881, 6)
  })

  test('that chance explains is not significant', () => {
    expect(draftBrokenLatency({ ...broken, slow: 6, logP: Math.log(0.3) }, features, verdicts).significant).toBe(false)
  })
})

describe('a broken objective', () => {
  const broken = sampleDraft({ detectors: ['objective'], from: 0, to: 100 })

  test('that an incident of the same metric and scope tells is one more detector of it', () => {
    expect(uniteObjectives([sampleDraft()], [broken])).toEqual([sampleDraft({ detectors: ['errors', 'objective'] })])
  })

  test.each([
    ['another scope', { scope: { region: 'eu' } }],
    ['another metric', { metric: 'client_error_share' }],
    ['the watch list', { significant: false }],
  ] as const)('stands for itself beside %s', (_, changes) => {
    expect(uniteObjectives([sampleDraft(changes)], [broken])).toEqual([sampleDraft(changes), broken])
  })
})

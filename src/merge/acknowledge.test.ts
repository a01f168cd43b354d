import { describe, expect, test } from 'bun:test'
import type { Ignore, Incident } from '../types.ts'
import { acknowledge } from './acknowledge.ts'

const NOW = Date.UTC(2026, 2, 10)
const ANY: Ignore = {
  fingerprint: null,
  category: null,
  scope: {},
  reason: 'known',
  until: Number.NaN,
  verdict: 'expected',
}

function incident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'I1',
    fingerprint: 'aaaa',
    category: 'error_spike',
    severity: 'critical',
    start: 0,
    end: 1,
    scope: { endpoint: 'POST /pay', region: 'eu-west-1' },
    metric: 'server_error_share',
    unit: 'share',
    actual: 1,
    expected: 0,
    lower: 0,
    upper: 0,
    support: 1,
    affected: 1,
    effect: 1,
    pValue: 0,
    qValue: 0,
    score: 1,
    detectors: ['errors'],
    explanation: 'It failed.',
    contributors: [],
    related: [],
    samples: [],
    status: null,
    before: Number.NaN,
    acknowledged: null,
    ...changes,
  }
}
const isIgnored = (entry: Partial<Ignore>, changes: Partial<Incident> = {}) =>
  acknowledge([incident(changes)], [{ ...ANY, ...entry }], NOW).incidents[0].severity === 'low'

describe('an acknowledged incident', () => {
  const result = acknowledge([incident()], [{ ...ANY, fingerprint: 'aaaa', reason: 'see the plan' }], NOW)

  test('is watched, and says why', () => {
    expect(result.incidents).toMatchObject([{ severity: 'low', explanation: 'It failed. Acknowledged: see the plan.' }])
    expect(result.notes).toEqual([])
  })

  test('needs no reason', () => {
    const { incidents } = acknowledge([incident()], [{ ...ANY, fingerprint: 'aaaa', reason: '' }], NOW)
    expect(incidents[0].explanation).toBe('It failed. Acknowledged.')
  })

  test('moves behind the others, and references follow it', () => {
    const first = incident({ id: 'I1', related: ['I2'] })
    const second = incident({ id: 'I2', fingerprint: 'bbbb', severity: 'high', related: ['I1'] })
    const { incidents } = acknowledge([first, second], [{ ...ANY, fingerprint: 'aaaa' }], NOW)
    expect(incidents.map(({ id, fingerprint, related }) => ({ id, fingerprint, related }))).toEqual([
      { id: 'I1', fingerprint: 'bbbb', related: ['I2'] },
      { id: 'I2', fingerprint: 'aaaa', related: ['I1'] },
    ])
  })
})

describe('an entry', () => {
  test.each([
    [true, { fingerprint: 'aaaa' }],
    [false, { fingerprint: 'aaab' }],
    [true, { category: 'error_spike' }],
    [false, { category: 'traffic_drop' }],
    [true, { scope: { region: 'eu-west-1' } }],
    [false, { scope: { region: 'eu' } }],
    [false, { scope: { region: 'eu-west-1', version: '2' } }],
    [true, { category: 'error_spike', scope: { endpoint: 'POST /pay' } }],
    [false, { category: 'traffic_drop', scope: { endpoint: 'POST /pay' } }],
  ] as const)('%p for %p', (ignored, entry) => {
    expect(isIgnored(entry)).toBe(ignored)
  })

  test.each([
    ['eu-*', true],
    ['*-west-*', true],
    ['*', true],
    ['e*u*1', true],
    ['eu-west-1*', true],
    ['*1', true],
    ['us-*', false],
    ['*west', false],
    ['eu-west-1*1', false],
    ['eu.west.1', false],
    ['*west*west*', false],
    ['*-*-*', true],
    ['*-*-*-*', false],
    ['', false],
  ])('with the pattern %p matches eu-west-1: %p', (pattern, ignored) => {
    expect(isIgnored({ scope: { region: pattern } })).toBe(ignored)
  })

  test('with many stars is quick', () => {
    expect(isIgnored({ scope: { region: `${'*a'.repeat(200)}b` } }, { scope: { region: 'a'.repeat(20_000) } })).toBe(
      false,
    )
  })

  test('holds until its day, then a note says that it has expired', () => {
    expect(isIgnored({ category: 'error_spike', until: NOW + 1 })).toBe(true)
    const { incidents, notes } = acknowledge([incident()], [{ ...ANY, category: 'error_spike', until: NOW }], NOW)
    expect(incidents[0].severity).toBe('critical')
    expect(notes).toEqual(['The ignore entry for error_spike has expired on 2026-03-10.'])
  })

  test('that matches nothing is noted', () => {
    expect(acknowledge([incident()], [{ ...ANY, fingerprint: 'cccc' }], NOW).notes).toEqual([
      'The ignore entry for cccc matches no incident.',
    ])
  })
})

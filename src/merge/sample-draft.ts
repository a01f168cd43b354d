/** A draft for the tests of this folder. */
import type { Draft } from './draft.ts'

/** 60 of 100 requests of one endpoint fail in windows [10, 14), for tests to change what they look at. */
export function sampleDraft(changes: Partial<Draft> = {}): Draft {
  return {
    category: 'error_spike',
    metric: 'server_error_share',
    detectors: ['errors'],
    scope: { endpoint: 'POST /pay' },
    from: 10,
    to: 14,
    actual: 0.6,
    expected: 0.01,
    lower: 0,
    upper: 0.05,
    support: 100,
    affected: 60,
    effect: 0.59,
    logP: -100,
    qValue: 1e-30,
    significant: true,
    reach: 0.1,
    findings: [],
    ...changes,
  }
}

import type { ShareMetric } from '../types.ts'
import type { ShareKind } from './share-input.ts'

/**
 * The share metrics, one entry each. Spreads φ are variances of the logit: 0.09 is a usual fluctuation of ±30 %.
 * `typicalSpread` serves where a log is too short to measure its own; `leastSpread` keeps a calm log from making every
 * ripple an incident.
 */
export const SHARE_KINDS: Readonly<Record<ShareMetric, ShareKind>> = {
  silent_failure_share: {
    metric: 'silent_failure_share',
    detector: 'silent',
    above: 'silent_failure',
    below: null,
    typicalSpread: 0.25,
    leastSpread: 0.01,
    spreadBetweenRuns: 0.1,
    siblingStrength: 50,
    leastExpectedAbove: 0,
    standing: true,
    drifts: false,
    driftPerHour: 0.05,
  },
  server_error_share: {
    metric: 'server_error_share',
    detector: 'errors',
    above: 'error_spike',
    below: null,
    typicalSpread: 0.25,
    leastSpread: 0.04,
    spreadBetweenRuns: 0.1,
    siblingStrength: 5,
    leastExpectedAbove: 0,
    standing: false,
    drifts: false,
    driftPerHour: 0.05,
  },
  client_error_share: {
    metric: 'client_error_share',
    detector: 'errors',
    above: 'error_spike',
    below: null,
    typicalSpread: 0.1,
    leastSpread: 0.01,
    spreadBetweenRuns: 0.25,
    siblingStrength: 5,
    leastExpectedAbove: 0,
    standing: false,
    drifts: false,
    driftPerHour: 0.08,
  },
  slow_share: {
    metric: 'slow_share',
    detector: 'latency',
    above: 'latency_surge',
    below: null,
    typicalSpread: 0.05,
    leastSpread: 0.0025,
    spreadBetweenRuns: 0.15,
    siblingStrength: 5,
    leastExpectedAbove: 0,
    standing: false,
    drifts: true,
    driftPerHour: 0.08,
  },
}

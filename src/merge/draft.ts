import {
  type Category,
  type Detector,
  type Finding,
  type Metric,
  type Scope,
  SHARE_COLUMNS,
  type ShareMetric,
} from '../types.ts'

/** An incident before it is judged as a whole: what, where, when and how large. */
export interface Draft {
  readonly category: Category
  readonly metric: Metric
  readonly detectors: readonly Detector[]
  readonly scope: Scope
  /** Windows [from, to). */
  readonly from: number
  readonly to: number
  readonly actual: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
  readonly support: number
  readonly affected: number
  /** As in the contract: shares actual − expected; traffic actual/expected − 1; latency ratio of medians; else NaN. */
  readonly effect: number
  readonly logP: number
  readonly qValue: number
  /** False: strong enough for the watch list only. */
  readonly significant: boolean
  /** Requests of the scope over all requests of that time (for missing traffic: the expected ones), 0..1. */
  readonly reach: number
  /** What it explains, strongest first. */
  readonly findings: readonly Finding[]
}

export function isTraffic({ metric }: Draft): boolean {
  return metric === 'requests' || metric === 'traffic_share'
}

/** Slowness that stands out beside the other metrics only; the finding that tells it comes first. */
export function isSlowOddity({ metric, findings }: Draft): boolean {
  return metric === 'slow_share' && findings[0]?.metric === 'multivariate'
}

export function isShareMetric(metric: Metric): metric is ShareMetric {
  return metric in SHARE_COLUMNS
}

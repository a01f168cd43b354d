/**
 * How much a planted event speaks for itself: the log10 likelihood ratio of a test that knows its scope, its time and
 * the background, over-dispersion included. The generator's own parameters are the background.
 */
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import type { Plan } from './families.ts'

/** Hourly relative spread of a region's or service's traffic beside the whole's: two of the world's wanderings. */
const TRAFFIC_SPREAD = Math.SQRT2 * WEB_SHOP.volumeSpread
/** Variance of the logarithm of server errors from hour to hour: gamma shapes 3 (service) and 6 (region). */
const ERROR_SPREAD = 1 / 3 + 1 / 6
/** Persistence from hour to hour of the caches' coldness, which moves latency. */
const PERSISTENCE = 0.85
/** Standard deviation of the logarithm of one endpoint's latency, typical of the world. */
const LATENCY_SPREAD = 0.5

/**
 * @param size of the event, in the unit of its metric (see EventSpecification)
 * @param requests that the scope has in the interval without the event
 */
export function evidenceOf({ metric, start, end, shape }: Plan, size: number, requests: number): number {
  const hours = (end - start) / 3_600_000
  switch (metric) {
    case 'silent_failure_share':
      return shareEvidence(requests, size, WEB_SHOP.silentShare, 0)
    case 'server_error_share':
      return shareEvidence(requests, size, WEB_SHOP.serverErrorShare, ERROR_SPREAD / Math.max(1, hours))
    case 'client_error_share':
      return shareEvidence(requests, size, WEB_SHOP.clientErrorShare, 1 / 12 / Math.max(1, hours))
    case 'slow_share': {
      // A linear ramp's mean effect is half its height.
      const shift = Math.log(size) * (shape === 'ramp' ? 0.5 : 1)
      return gaussian(shift, LATENCY_SPREAD ** 2 / requests + wanderVariance(hours))
    }
    case 'multivariate':
      // Latency up and bytes down by `size` standard deviations that usually correlate by 0.7.
      return (hours * (2 * size * size)) / (2 * (1 - 0.7)) / 2 / Math.LN10
    default:
      return gaussian(2 * (1 - Math.sqrt(size)), 1 / requests + TRAFFIC_SPREAD ** 2 / Math.max(1, hours))
  }
}

/** Squared shift over twice its variance: the log-likelihood ratio of two normal means. */
function gaussian(shift: number, variance: number): number {
  return (shift * shift) / (2 * variance) / Math.LN10
}

/** Kullback–Leibler from the share's usual value, or from where its spread (variance of the logarithm) could take it by 3 sd. */
function shareEvidence(requests: number, share: number, usual: number, spread: number): number {
  const base = Math.min(0.9, usual * Math.exp(3 * Math.sqrt(spread)))
  if (share <= base) return 0
  const miss = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - base)) : 0
  // The three standard deviations themselves are 4.5 natural log units of evidence.
  return (requests * (share * Math.log(share / base) + miss) + (spread > 0 ? 4.5 : 0)) / Math.LN10
}

/** Variance of the mean over some hours of an autoregressive wander. */
function wanderVariance(hours: number): number {
  const n = Math.max(1, Math.round(hours))
  let sum = n
  for (let lag = 1; lag < n; lag++) sum += 2 * (n - lag) * PERSISTENCE ** lag
  return (2 * WEB_SHOP.coldnessSpread ** 2 * sum) / (n * n)
}

/**
 * How much a planted event speaks for itself: the log10 likelihood ratio of a test that knows its scope, its time and
 * the background, over-dispersion included. The test sees what the event touches (the scope's requests of its time; for
 * a share of traffic the rest of that time too) and knows the generator's parameters, but not what it drew.
 *
 * What is returned is the expectation under the event (the Kullback–Leibler divergence), over the generator's blocks:
 * errors are gamma-mixed anew in each block, traffic and latency wander from block to block.
 */
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import { logGamma } from '../../src/math/distributions.ts'
import { factorPositive, solveFactored } from '../../src/math/matrix.ts'
import type { Scope } from '../../src/types.ts'
import { countEvidence, persistentCovariance } from './count-evidence.ts'
import { DAY, HOUR, type Plan } from './families.ts'
import { ownMeans, plantedSpread } from './scope-spread.ts'

/** As the generator's background: noise is drawn per hour, in short logs per 48th of the log. */
const BLOCKS = 48
/** As the generator's background: gamma shapes of errors by block, and persistence from block to block. */
const SERVER_ERROR_SHAPE = { service: 3, region: 6 }
const CLIENT_ERROR_SHAPE = 12
const VOLUME_PERSISTENCE = 0.7
const COLDNESS_PERSISTENCE = 0.85
/** Standard deviation of the logarithm of one request's latency beside its endpoint's median, typical of the world. */
const LATENCY_SPREAD = 0.5
/** Sum of squared parts: what is left of an independent factor's variance in the mean over all parts. */
const herfindahl = (weights: readonly number[]) => weights.reduce((sum, weight) => sum + weight * weight, 0)
const SERVICE_WEIGHTS = WEB_SHOP.services.map(({ weight }) => weight)
const REGION_WEIGHTS = WEB_SHOP.regions.map(({ weight }) => weight)

/**
 * @param size of the event, in the unit of its metric (see EventSpecification)
 * @param requests that the scope has in the interval without the event; for silent failures the 2xx with a body
 * @param days length of the log
 * @param ofLog requests that the scope has in the whole log without the event; by default at the interval's pace
 */
export function evidenceOf(
  { metric, scope, start, end, shape }: Plan,
  size: number,
  requests: number,
  days: number,
  ofLog = (requests * days * DAY) / (end - start),
) {
  const blockMs = Math.min(HOUR, (days * DAY) / BLOCKS)
  const blocks = Math.max(1, Math.round((end - start) / blockMs))
  const perBlock = requests / blocks
  /** How far the event has grown by the middle of each block. */
  const strength = Float64Array.from({ length: blocks }, (_, i) => (shape === 'ramp' ? (i + 0.5) / blocks : 1))
  switch (metric) {
    case 'silent_failure_share':
      return shareEvidence(perBlock, size, WEB_SHOP.silentShare, CONSTANT) * blocks
    case 'server_error_share':
      return shareEvidence(perBlock, size, WEB_SHOP.serverErrorShare, serverErrorFactors(scope)) * blocks
    case 'client_error_share':
      return shareEvidence(perBlock, size, clientErrorShare(scope), gammaFactors(CLIENT_ERROR_SHAPE)) * blocks
    case 'slow_share':
      return wanderEvidence(
        strength.map((part) => Math.log(1 + (size - 1) * part)),
        COLDNESS_PERSISTENCE,
        WEB_SHOP.coldnessSpread ** 2,
        LATENCY_SPREAD ** 2 / perBlock,
      )
    case 'multivariate': {
      const spread = plantedSpread(scope, (ofLog * blockMs) / (days * DAY))
      const mean = ownMeans(scope)
      return oddityEvidence(
        strength.map((part) => size * part * spread.latency),
        strength.map((part) => -size * part * spread.bytes),
        mean.latency / perBlock,
        mean.bytes / perBlock,
      )
    }
    default: {
      const { wander, noise } = trafficVariance(scope, perBlock)
      const factors = strength.map((part) => 1 + (size - 1) * part)
      return countEvidence(factors, VOLUME_PERSISTENCE, wander, 1 / noise)
    }
  }
}

/** ½·shiftᵀ·Σ⁻¹·shift for a wander of this variance that persists from block to block, and independent noise. */
function wanderEvidence(shift: Float64Array, persistence: number, wander: number, noise: number): number {
  const blocks = shift.length
  const covariance = persistentCovariance(blocks, persistence, wander, noise)
  const solved = solveFactored(factorPositive(covariance, blocks)!, shift)
  return shift.reduce((sum, value, i) => sum + value * solved[i], 0) / 2 / Math.LN10
}

/**
 * The same of two series that share one wander, the caches' coldness: blocks' means of the logarithms of latency and of
 * bytes, each about its endpoint's, with the noise of the requests that they are of.
 */
function oddityEvidence(latency: Float64Array, bytes: Float64Array, latencyNoise: number, bytesNoise: number): number {
  const blocks = latency.length
  const both = 2 * blocks
  const covariance = Float64Array.from({ length: both * both }, (_, at) => {
    const [row, column] = [Math.floor(at / both), at % both]
    const lag = Math.abs((row % blocks) - (column % blocks))
    const noise = row < blocks ? latencyNoise : bytesNoise
    return WEB_SHOP.coldnessSpread ** 2 * COLDNESS_PERSISTENCE ** lag + (row === column ? noise : 0)
  })
  const shift = Float64Array.from([...latency, ...bytes])
  const solved = solveFactored(factorPositive(covariance, both)!, shift)
  return shift.reduce((sum, value, i) => sum + value * solved[i], 0) / 2 / Math.LN10
}

/** Relative variance of a block's requests: the whole, regions and services wander alike; a share is held against the rest. */
function trafficVariance(scope: Scope, requests: number): { readonly wander: number; readonly noise: number } {
  const variance = WEB_SHOP.volumeSpread ** 2
  const part = scopePart(scope)
  if (part === null)
    return { wander: variance * (1 + herfindahl(REGION_WEIGHTS) + herfindahl(SERVICE_WEIGHTS)), noise: 1 / requests }
  const { weight, weights } = part
  const rest = (herfindahl(weights) - weight ** 2) / (1 - weight) ** 2
  return { wander: variance * (1 + rest), noise: 1 / requests + weight / (1 - weight) / requests }
}

function scopePart({
  region,
  service,
}: Scope): { readonly weight: number; readonly weights: readonly number[] } | null {
  const own = (parts: readonly { readonly name: string; readonly weight: number }[], name: string) => ({
    weight: parts.find((part) => part.name === name)!.weight,
    weights: parts.map(({ weight }) => weight),
  })
  if (region !== undefined) return own(WEB_SHOP.regions, region)
  return service === undefined ? null : own(WEB_SHOP.services, service)
}

/** Of a block's server errors: a factor of each service times one of each region, averaged where the scope holds all. */
function serverErrorFactors({ service, endpoint, region }: Scope): readonly Factor[] {
  const ofServices = service === undefined && endpoint === undefined ? herfindahl(SERVICE_WEIGHTS) : 1
  const ofRegions = region === undefined ? herfindahl(REGION_WEIGHTS) : 1
  return multiply(
    gammaFactors(SERVER_ERROR_SHAPE.service / ofServices),
    gammaFactors(SERVER_ERROR_SHAPE.region / ofRegions),
  )
}

function clientErrorShare({ endpoint }: Scope): number {
  const endpoints = WEB_SHOP.services.flatMap((service) => service.endpoints)
  const own = endpoints.find(({ method, route }) => `${method} ${route}` === endpoint)
  return WEB_SHOP.clientErrorShare * (own?.clientErrorFactor ?? 1)
}

/** What multiplies a usual share, on a grid of logarithms. */
interface Factor {
  readonly step: number
  readonly weight: number
}

/** Steps of the logarithm, and the largest factor that is considered. */
const LOG_STEP = 0.1
const MOST_STEPS = 30
const CONSTANT: readonly Factor[] = [{ step: 0, weight: 1 }]

/** A gamma distribution of mean 1 on the grid. */
function gammaFactors(shape: number): readonly Factor[] {
  const points = Array.from({ length: 4 * MOST_STEPS }, (_, i) => {
    const step = i - 3 * MOST_STEPS
    return { step, weight: Math.exp(shape * (step * LOG_STEP - Math.exp(step * LOG_STEP) + 1)) }
  })
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  return points.map(({ step, weight }) => ({ step, weight: weight / total }))
}

function multiply(some: readonly Factor[], others: readonly Factor[]): readonly Factor[] {
  const weights = new Map<number, number>()
  for (const one of some) {
    for (const other of others) {
      const step = one.step + other.step
      weights.set(step, (weights.get(step) ?? 0) + one.weight * other.weight)
    }
  }
  return Array.from(weights, ([step, weight]) => ({ step, weight })).filter(({ weight }) => weight > NEGLIGIBLE)
}

const NEGLIGIBLE = 1e-14

/** Of one block: bad requests are binomial, with a share that a random factor moves, with the event and without. */
function shareEvidence(requests: number, size: number, usual: number, factors: readonly Factor[]): number {
  const n = Math.max(1, Math.round(requests))
  const shares = factors.map(({ step, weight }) => ({
    share: Math.min(0.9, usual * Math.exp(step * LOG_STEP)),
    logWeight: Math.log(weight),
  }))
  const logChance = (bad: number, added: number) => {
    const terms = shares.map(({ share, logWeight }) => {
      const either = 1 - (1 - share) * (1 - added)
      return logWeight + bad * Math.log(either) + (bad < n ? (n - bad) * Math.log(1 - either) : 0)
    })
    const largest = Math.max(...terms)
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0))
  }
  let divergence = 0
  for (let bad = 0; bad <= n; bad++) {
    const choose = logGamma(n + 1) - logGamma(bad + 1) - logGamma(n - bad + 1)
    const withEvent = logChance(bad, size)
    const chance = Math.exp(choose + withEvent)
    if (chance > NEGLIGIBLE) divergence += chance * (withEvent - logChance(bad, 0))
  }
  // The block is taken as if it had a whole number of requests.
  return (divergence * (requests / n)) / Math.LN10
}

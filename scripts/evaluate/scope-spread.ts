/** How latency and bytes of a scope's requests vary in the generator's world. */
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import type { Scope } from '../../src/types.ts'

interface OfBoth {
  readonly latency: number
  readonly bytes: number
}

/** Answers without a body say nothing of bytes: errors, redirects, answers from a cache. */
const NO_BODY = new Set([204, 301, 304])

/** The scope's endpoints in its regions, with their part of the scope. */
function listParts({ service, endpoint, region }: Scope) {
  const parts = WEB_SHOP.services
    .filter(({ name }) => service === undefined || name === service)
    .flatMap((own) => own.endpoints.map((traits) => ({ traits, weight: own.weight * traits.weight })))
    .filter(({ traits }) => endpoint === undefined || endpoint === `${traits.method} ${traits.route}`)
    .flatMap(({ traits, weight }) =>
      WEB_SHOP.regions
        .filter(({ name }) => region === undefined || name === region)
        .map((own) => ({ traits, weight: weight * own.weight, latencyFactor: own.latencyFactor })),
    )
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return parts.map((part) => ({ ...part, weight: part.weight / total }))
}

/**
 * What an event of size 1 shifts the logarithms by: standard deviations of the medians over all of the scope's requests
 * in a block, as the generator takes them (see plantEvent).
 *
 * @param requests of the scope in a block of the log, on average
 */
export function plantedSpread(scope: Scope, requests: number): OfBoth {
  const parts = listParts(scope)
  const spread = (values: readonly { weight: number; log: number; sd: number }[]) => {
    const mean = values.reduce((sum, { weight, log }) => sum + weight * log, 0)
    const variance = values.reduce((sum, { weight, log, sd }) => sum + weight * ((log - mean) ** 2 + sd ** 2), 0)
    return Math.sqrt(WEB_SHOP.coldnessSpread ** 2 + (1.25 ** 2 * variance) / Math.max(1, requests))
  }
  return {
    latency: spread(
      parts.map(({ weight, traits, latencyFactor }) => ({
        weight,
        log: Math.log(traits.medianMs * latencyFactor),
        sd: traits.spreadMs,
      })),
    ),
    bytes: spread(
      parts.map(({ weight, traits }) => ({
        weight,
        log: Math.log(Math.max(1, traits.medianBytes)),
        sd: traits.spreadBytes,
      })),
    ),
  }
}

/**
 * Variance of the best mean of logarithms about each endpoint's own, times the number of the scope's requests: each
 * request counts by its certainty, one that stalls, fails or has no body not at all.
 */
export function ownMeans(scope: Scope): OfBoth {
  const parts = listParts(scope)
  const failing = ({ clientErrorFactor }: { readonly clientErrorFactor: number }) =>
    1 - (1 - WEB_SHOP.serverErrorShare) * (1 - WEB_SHOP.clientErrorShare * clientErrorFactor)
  const certainty = (of: (traits: (typeof parts)[number]['traits']) => number) =>
    parts.reduce((sum, { weight, traits }) => sum + weight * (1 - failing(traits)) * of(traits), 0)
  const withBody = ({ successes, medianBytes }: (typeof parts)[number]['traits']) =>
    medianBytes > 0 ? successes.reduce((sum, [status, share]) => sum + (NO_BODY.has(status) ? 0 : share), 0) : 0
  return {
    latency: 1 / certainty((traits) => (1 - WEB_SHOP.stallShare) / traits.spreadMs ** 2),
    bytes: 1 / certainty((traits) => (withBody(traits) === 0 ? 0 : withBody(traits) / traits.spreadBytes ** 2)),
  }
}

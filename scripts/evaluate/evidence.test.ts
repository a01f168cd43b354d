import { expect, test } from 'bun:test'
import { generateLog, type Records } from '../../src/logs/generate.ts'
import { drawNormal, drawUnitGamma, drawWander } from '../../src/logs/generate-draw.ts'
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import { logGamma } from '../../src/math/distributions.ts'
import { createRandom, type Random } from '../../src/math/random.ts'
import type { Metric, Scope } from '../../src/types.ts'
import { countEvidence } from './count-evidence.ts'
import { evidenceOf } from './evidence.ts'
import { type Plan, START } from './families.ts'
import { event } from './plans.ts'
import { ownMeans } from './scope-spread.ts'

const HOUR = 3_600_000
const plan = (metric: Metric, scope: Scope, hours: number, shape?: 'ramp') =>
  event('error_spike', metric, scope, [0, 1], { start: 0, end: hours * HOUR }, shape)

const drawBinomial = (random: Random, share: number, total: number) => {
  let bad = 0
  for (let i = 0; i < total; i++) if (random() < share) bad++
  return bad
}

/** Points of a gamma distribution of mean 1, each worth the same. */
const drawPoints = (random: Random, shape: number, points: number) =>
  Array.from({ length: points }, () => drawUnitGamma(random, shape))

test('the evidence of errors is what one who knows the gamma mixture gets from counts that the generator would draw', () => {
  const random = createRandom(7)
  const weights = WEB_SHOP.services.map(({ weight }) => weight)
  // Mixtures by simulation, with none of the formula's grids: a region's errors are those of five services in it.
  const regional = drawPoints(random, 6, 40_000)
  const mixed = regional.map((ofRegion) =>
    weights.reduce((sum, weight) => sum + weight * ofRegion * drawUnitGamma(random, 3), 0),
  )
  const [requests, hours, size] = [100, 3, 0.1]
  const shareOf = (factor: number, added: number) => 1 - (1 - WEB_SHOP.serverErrorShare * factor) * (1 - added)
  const logChance = (bad: number, added: number) => {
    const chances = mixed.map((factor) => {
      const share = shareOf(factor, added)
      return share ** bad * (1 - share) ** (requests - bad)
    })
    return Math.log(chances.reduce((sum, chance) => sum + chance, 0) / chances.length)
  }
  const ratioOf = Array.from({ length: requests + 1 }, (_, bad) =>
    bad > 60 ? 0 : (logChance(bad, size) - logChance(bad, 0)) / Math.LN10,
  )
  let sum = 0
  const draws = 40_000
  for (let i = 0; i < draws; i++) sum += ratioOf[drawBinomial(random, shareOf(mixed[i % mixed.length], size), requests)]
  const simulated = (hours * sum) / draws
  const formula = evidenceOf(plan('server_error_share', { region: 'eu-west-1' }, hours), size, hours * requests, 14)
  expect(formula).toBeGreaterThan(15)
  expect(Math.abs(formula - simulated)).toBeLessThan(0.07 * simulated)
})

test('the evidence of a shift against a wander is that of the best linear test of what the generator would draw', () => {
  const random = createRandom(8)
  const [hours, requests, size] = [4, 300, 1.9]
  const shift = Math.log(size)
  const formula = evidenceOf(plan('slow_share', { service: 'search' }, hours), size, requests, 14)
  // Likelihoods of normal series by their innovations would be the formula again: the mean is simulated instead.
  const noise = Math.sqrt((0.5 ** 2 * hours) / requests)
  const means: number[] = []
  for (let i = 0; i < 20_000; i++) {
    const wander = drawWander(random, hours, 0.85)
    means.push(
      wander.reduce((sum, value) => sum + WEB_SHOP.coldnessSpread * value + noise * drawNormal(random), 0) / hours,
    )
  }
  const variance = means.reduce((sum, mean) => sum + mean ** 2, 0) / means.length
  const ofMean = shift ** 2 / variance / 2 / Math.LN10
  expect(formula).toBeGreaterThan(0.97 * ofMean)
  expect(formula).toBeLessThan(1.1 * ofMean)
})

test('the evidence of an outage is no more than how rare it is that nobody comes', () => {
  // P(no request) = e^-20 in each of three hours, and less certain where traffic wanders.
  const outage = (wander: number) => countEvidence(new Float64Array(3), 0.7, wander, 20)
  expect(outage(1e-12)).toBeCloseTo(60 / Math.LN10, 6)
  expect(outage(0.01)).toBeLessThan(60 / Math.LN10)
  const region = evidenceOf(plan('traffic_share', { region: 'sa-east-1' }, 3), 0, 60, 14)
  expect(region).toBeLessThan(60 / Math.LN10)
})

test('the evidence of counts is the divergence of Poisson distributions whose rate wanders', () => {
  const spread = 0.06
  const points = Array.from({ length: 1201 }, (_, i) => (i - 600) / 30)
  const weights = points.map((z) => -z * z * 0.5)
  const logSum = (terms: readonly number[]) => {
    const largest = Math.max(...terms)
    return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0))
  }
  const all = logSum(weights)
  const logChance = (count: number, rate: number) =>
    logSum(
      points.map((z, i) => {
        const mean = rate * Math.exp(spread * z)
        return weights[i] - all + count * Math.log(mean) - mean - logGamma(count + 1)
      }),
    )
  for (const [rate, factor] of [
    [30, 0.1],
    [30, 2.5],
    [150, 0.45],
    [150, 1.7],
  ]) {
    let exact = 0
    for (let count = 0; count < 3 * rate * Math.max(1, factor); count++) {
      const withEvent = logChance(count, rate * factor)
      if (withEvent > -30) exact += Math.exp(withEvent) * (withEvent - logChance(count, rate))
    }
    const formula = countEvidence(Float64Array.of(factor), 0.7, spread ** 2, rate)
    expect(Math.abs(formula - exact / Math.LN10)).toBeLessThan((0.03 * exact) / Math.LN10)
  }
})

test('the evidence of a broken correlation is that of the best difference of means in logs of the generator', () => {
  const [hours, size] = [6, 1.5]
  const scope = { service: 'catalog' }
  const plan: Plan = { category: 'outlier', metric: 'multivariate', scope, sizes: [size, size], start: 0, end: 0 }
  const [first, last] = [9 * 24 + 12, 9 * 24 + 12 + hours]
  const at = { ...plan, start: START + first * HOUR, end: START + last * HOUR }
  const own = ownMeans(scope)
  const standardised: number[] = []
  const ratios: number[] = []
  for (const seed of [21, 22, 23]) {
    const setting = { rows: 50_000, days: 14, start: START, seed }
    const usual = hourlyDifferences(generateLog({ ...setting, clean: true }).records)
    const broken = hourlyDifferences(generateLog({ ...setting, clean: false, events: [{ ...at, size }] }).records)
    // Neighbouring hours have about the same load, and each its own noise.
    for (let hour = 1; hour < usual.length; hour++) {
      const [a, b] = [usual[hour - 1], usual[hour]]
      if (Math.min(a.requests, b.requests) < 20) continue
      const variance = (own.latency + own.bytes) * (1 / a.requests + 1 / b.requests)
      standardised.push((b.difference - a.difference) / Math.sqrt(variance))
    }
    // Whoever knows the time compares means over it: what caches do to both cancels.
    const inside = usual.slice(first, last)
    const requests = inside.reduce((sum, hour) => sum + hour.requests, 0)
    const shift = inside.reduce(
      (sum, hour, i) => sum + (hour.requests / requests) * (broken[first + i].difference - hour.difference),
      0,
    )
    const ofMean = shift ** 2 / ((own.latency + own.bytes) / requests) / 2 / Math.LN10
    const ofLog = usual.reduce((sum, hour) => sum + hour.requests, 0)
    ratios.push(evidenceOf(at, size, requests, 14, ofLog) / ofMean)
  }
  // A test that drops a stall only when it is gross, and takes means, is a little noisier than the best one.
  const noise = standardised.reduce((sum, value) => sum + value ** 2, 0) / standardised.length
  expect(noise).toBeGreaterThan(0.9)
  expect(noise).toBeLessThan(1.25)
  for (const ratio of ratios) {
    expect(ratio).toBeGreaterThan(0.9)
    expect(ratio).toBeLessThan(1.15)
  }
})

/** By hour the catalog's requests, and how much more its latencies than its sizes are above their endpoints' usual, as logarithms. */
function hourlyDifferences({ rows, time, cell, cells, durationMs, bytes, status }: Records) {
  const sums = Array.from({ length: 14 * 24 }, () => ({ requests: 0, latency: [0, 0], bytes: [0, 0] }))
  const add = (mean: number[], value: number, spread: number) => {
    mean[0] += value / spread ** 2
    mean[1] += 1 / spread ** 2
  }
  for (let row = 0; row < rows; row++) {
    const { service, traits, latencyFactor } = cells[cell[row]]
    const hour = sums[Math.floor((time[row] - START) / HOUR)]
    if (service !== 'catalog') continue
    hour.requests++
    if (status[row] !== 200 || bytes[row] < 100) continue
    const slowness = Math.log(durationMs[row] / (traits.medianMs * latencyFactor))
    if (slowness < GROSS * traits.spreadMs) add(hour.latency, slowness, traits.spreadMs)
    add(hour.bytes, Math.log(bytes[row] / traits.medianBytes), traits.spreadBytes)
  }
  return sums.map(({ requests, latency, bytes: size }) => ({
    requests,
    difference: latency[0] / latency[1] - size[0] / size[1],
  }))
}

/** Standard deviations of an endpoint's log latency beyond which a request is one of the few that stall. */
const GROSS = 3.5

test('without over-dispersion the evidence is the divergence of two binomials', () => {
  const [size, usual, requests] = [0.2, WEB_SHOP.silentShare, 400]
  const share = 1 - (1 - size) * (1 - usual)
  const nats = share * Math.log(share / usual) + (1 - share) * Math.log((1 - share) / (1 - usual))
  const formula = evidenceOf(plan('silent_failure_share', { service: 'search' }, 4), size, requests, 14)
  expect(formula).toBeCloseTo((requests * nats) / Math.LN10, 8)
})

test('more requests, longer, a larger effect: more evidence; none without an effect', () => {
  const metrics: [Metric, number, number][] = [
    ['server_error_share', 0, 0.1],
    ['client_error_share', 0, 0.1],
    ['silent_failure_share', 0, 0.1],
    ['slow_share', 1, 1.5],
    ['requests', 1, 1.5],
    ['traffic_share', 1, 0.5],
    ['multivariate', 0, 1],
  ]
  for (const [metric, none, some] of metrics) {
    const scope = metric === 'requests' ? {} : { region: 'us-east-1' }
    const of = (hours: number, size: number, requests: number) =>
      evidenceOf(plan(metric, scope, hours), size, requests, 14)
    expect(of(3, none, 300)).toBeCloseTo(0, 8)
    expect(of(3, some, 300)).toBeGreaterThan(1)
    expect(of(3, some, 600)).toBeGreaterThan(of(3, some, 300))
    expect(of(6, some, 600)).toBeGreaterThan(of(3, some, 300))
    expect(of(3, none + 1.2 * (some - none), 300)).toBeGreaterThan(of(3, some, 300))
  }
})

test('a ramp says less than a step of its height', () => {
  const ramp = evidenceOf(plan('slow_share', { service: 'search' }, 12, 'ramp'), 2, 900, 14)
  const step = evidenceOf(plan('slow_share', { service: 'search' }, 12), 2, 900, 14)
  expect(ramp).toBeLessThan(step)
  expect(ramp).toBeGreaterThan(0.1 * step)
})

test('noise is drawn more often in a short log, so that as many requests say more', () => {
  const spike = plan('server_error_share', { service: 'search' }, 0.5)
  expect(evidenceOf(spike, 0.2, 200, 0.25)).toBeGreaterThan(evidenceOf(spike, 0.2, 200, 14))
})

import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { buildCalendar } from './calendar.ts'
import { measureSpread, type Spread, spreadOutside, sumOutside } from './dispersion.ts'
import { fitShareModel } from './share-model.ts'
import { poolSpreads } from './spread-pool.ts'

const HOUR = 3_600_000
const WINDOWS = 512
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: WINDOWS * HOUR - 1 }]).table, HOUR).grid)
const TYPICAL = 0.25
const LONGEST = 64

/** 500 requests a window of which a tenth is bad, give or take a logit of standard deviation `sd` for each `block` of windows. */
function drawBad(seed: number, sd: number, block = 1, rate = 0.1): Uint32Array {
  const random = createRandom(seed)
  let share = rate
  return Uint32Array.from({ length: WINDOWS }, (_, w) => {
    if (w % block === 0) share = 1 / (1 + ((1 - rate) / rate) * Math.exp(-sd * drawNormal(random)))
    let bad = 0
    for (let i = 0; i < 500; i++) if (random() < share) bad++
    return bad
  })
}

function spreadOf(bad: Uint32Array, masked: Uint8Array | null = null) {
  const model = fitShareModel({ bad, total: new Uint32Array(WINDOWS).fill(500) }, calendar, {
    masked: null,
    prior: { bad: 0.5, total: 1 },
    baseline: null,
    phaseStrength: Number.POSITIVE_INFINITY,
  })
  return measureSpread(model, calendar, masked, LONGEST, TYPICAL)
}
const ALONE = { cuts: 1, fallbackBlocks: 0, mayGrow: false }
const pool = (spreads: readonly ReturnType<typeof spreadOf>[], pooling = ALONE) =>
  poolSpreads(spreads, 7, () => TYPICAL, pooling)

const phiOf = (spread: Spread, pooled: Float64Array, exponent: number, from: number, to: number) =>
  spreadOutside(sumOutside(spread, exponent, from, to), pooled, exponent)

describe('the measured spread', () => {
  test('is near zero where only chance is at work', () => {
    expect(pool([spreadOf(drawBad(1, 0))])[0]).toBeLessThan(0.003)
  })

  test.each([0.1, 0.3, 0.5])('of a logit that moves by %p is its variance', (sd) => {
    const [phi] = pool([1, 2, 3, 4, 5].map((seed) => spreadOf(drawBad(seed, sd))))
    expect(phi).toBeGreaterThan(0.7 * sd * sd)
    expect(phi).toBeLessThan(1.3 * sd * sd)
  })

  test('of what moves from one window to the next averages out, of what moves slowly does not', () => {
    const quick = pool([1, 2, 3].map((seed) => spreadOf(drawBad(seed, 0.4))))
    const slow = pool([1, 2, 3].map((seed) => spreadOf(drawBad(seed, 0.4, 32))))
    expect(quick[4]).toBeLessThan(0.3 * quick[0])
    expect(slow[4]).toBeGreaterThan(0.6 * slow[0])
  })

  test('is hardly moved by one incident', () => {
    const bad = drawBad(1, 0.3)
    const incident = bad.map((k, w) => (w === 100 ? 500 : k))
    expect(pool([spreadOf(incident)])[0]).toBeLessThan(1.2 * pool([spreadOf(bad)])[0])
  })

  test('is unknown where hardly anything bad is expected', () => {
    expect(pool([spreadOf(drawBad(1, 0, 1, 0.0002))])[0]).toBe(TYPICAL)
  })
})

describe('the pooled spread', () => {
  test('is that of the typical slice: one restless one does not speak for all', () => {
    const calm = [1, 2, 3, 4].map((seed) => spreadOf(drawBad(seed, 0.1)))
    expect(pool([...calm, spreadOf(drawBad(5, 2))])[0]).toBeLessThan(0.02)
  })

  test('is the more the typical one, the fewer blocks measured it', () => {
    const calm = [1, 2].map((seed) => spreadOf(drawBad(seed, 0.1)))
    const [own] = pool(calm)
    const shrunk = (cuts: number, fallbackBlocks: number) => pool(calm, { cuts, fallbackBlocks, mayGrow: false })[0]
    expect(own).toBeLessThan(0.02)
    expect(shrunk(1, 10)).toBeGreaterThan(own)
    expect(shrunk(1, 10)).toBeLessThan(shrunk(20, 10))
    expect(shrunk(20, 10)).toBeLessThan(TYPICAL)
    expect(shrunk(1e9, 10)).toBeCloseTo(TYPICAL, 3)
  })

  test('halves at most from one length to the next', () => {
    const pooled = pool([spreadOf(drawBad(2, 0.4))])
    for (let e = 1; e < pooled.length; e++) expect(pooled[e]).toBeGreaterThanOrEqual(pooled[e - 1] / 2)
  })

  test('does not grow with the length: what looks so is shared by both lengths', () => {
    const scale = (spread: number, blocks: number) => ({ sumExcess: spread, sumWeight: 1, sumInformation: blocks })
    const scales = [scale(0.04, 60), scale(0.1, 30), scale(0.02, 15)]
    const pooled = poolSpreads([{ scales }], 3, () => TYPICAL, ALONE)
    expect(pooled[0]).toBe(0.04)
    expect(pooled[1]).toBeCloseTo(0.06, 12)
    expect(pooled[2]).toBeCloseTo(0.03, 12)
    expect(poolSpreads([{ scales }], 3, () => TYPICAL, { ...ALONE, mayGrow: true })[1]).toBe(0.1)
  })

  test('is the typical one where no slice could measure it', () => {
    expect([...poolSpreads([], 3, (exponent) => TYPICAL / 2 ** exponent, ALONE)]).toEqual([0.25, 0.125, 0.0625])
  })
})

describe('the spread outside an interval', () => {
  const pooled = Float64Array.of(0.04, 0.03, 0.02, 0.02, 0.02, 0.02, 0.02)

  test('is that of a series without it', () => {
    const bad = drawBad(3, 0.3).map((k, w) => (w >= 96 && w < 104 ? 450 : k))
    const all = spreadOf(bad)
    for (const [exponent, from, to] of [
      [0, 96, 97],
      [2, 100, 104],
      [3, 96, 104],
    ] as const) {
      const masked = Uint8Array.from({ length: WINDOWS }, (_, w) => (w >= from && w < to ? 1 : 0))
      const without = phiOf(spreadOf(bad, masked), pooled, exponent, 0, 0)
      expect(phiOf(all, pooled, exponent, from, to)).toBeCloseTo(without, 10)
    }
  })

  test('is the slice’s own where it could measure it, be it wider or narrower than that of others', () => {
    const [calm, restless] = [0.1, 0.8].map((sd) => phiOf(spreadOf(drawBad(6, sd)), pooled, 0, 10, 11))
    expect(calm).toBeLessThan(0.04)
    expect(restless).toBeGreaterThan(0.3)
  })

  test('grows as fewer blocks have measured it', () => {
    const constant = Float64Array.of(0.04, 0.04, 0.04, 0.04, 0.04, 0.04, 0.04)
    const widths = [0, 3, 6].map((exponent) => phiOf(spreadOf(drawBad(4, 0)), constant, exponent, 0, 1))
    expect(widths).toEqual(widths.toSorted((a, b) => a - b))
    expect(widths[2]).toBeGreaterThan(1.5 * widths[0])
  })

  test('of a slice that could not measure it is the pooled one, widened', () => {
    const unknown = phiOf(spreadOf(new Uint32Array(WINDOWS)), pooled, 0, 10, 11)
    expect(unknown).toBeGreaterThan(0.04)
    expect(unknown).toBeLessThan(0.1)
  })
})

import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom, type Random } from '../math/random.ts'
import type { Finding, ShareSeries, Slice } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { measureSpread, sumSpread } from './dispersion.ts'
import { listIntervals } from './intervals.ts'
import { SHARE_KINDS } from './kinds.ts'
import { confirms, createUsualWeigh, findLasting, isLong } from './lasting.ts'
import { buildMasks, maskEverywhere } from './masks.ts'
import { measurePhaseSpread, poolPhaseStrengths } from './phases.ts'
import { buildIntervalTable, screenIntervals } from './screen.ts'
import { createShareSubject, type ShareKind } from './share-input.ts'
import { createEvidence, createLeastSpread, createWeigh, gatherEvidence, judgeInterval } from './share-judge.ts'
import { fitShareModel, type ShareModel, type ShareModelOptions } from './share-model.ts'
import { detectShares } from './shares.ts'
import { siblingPrior } from './sibling-prior.ts'
import { poolSpreads } from './spread-pool.ts'

const HOUR = 3_600_000
/** Windows of three hours: a week of them has days, weekends and intervals longer than both. */
const calendarOf = (days: number) =>
  buildCalendar(buildGrid(buildLogs([{}, { time: days * 24 * HOUR - 1 }]).table, 3 * HOUR).grid)
const BOTH_WAYS: ShareKind = {
  ...SHARE_KINDS.slow_share,
  above: 'traffic_surge',
  below: 'traffic_drop',
  leastExpectedAbove: 5,
  siblingStrength: 0,
}
const KINDS = {
  'silent failures': SHARE_KINDS.silent_failure_share,
  'server errors': SHARE_KINDS.server_error_share,
  'slow requests': SHARE_KINDS.slow_share,
  'both ways': BOTH_WAYS,
  'too few alone': { ...BOTH_WAYS, above: null },
  'too many of what is usual': { ...BOTH_WAYS, below: null },
}

/** Busy or quiet, common or rare, with a daily season or none, perhaps with a fault, an outage or a late birth. */
function drawSeries(random: Random, windows: number): { bad: Uint32Array; total: Uint32Array } {
  const volume = 10 ** (3 * random())
  const share = 10 ** (-3 * random()) / 1.5
  const season = random() < 0.5 ? 0.9 * random() : 0
  const born = random() < 0.2 ? Math.floor(random() * windows) : 0
  const [from, length] = [Math.floor(random() * windows), Math.floor(random() * 20)]
  const factor = random() < 0.5 ? 1 : random() < 0.5 ? 0 : 1 + 5 * random()
  const total = Uint32Array.from({ length: windows }, (_, w) => (w < born ? 0 : Math.floor(volume * random() * 2)))
  const bad = total.map((n, w) => {
    const here = share * (1 + season * Math.sin((w / 8) * 2 * Math.PI)) * (w >= from && w < from + length ? factor : 1)
    let k = 0
    for (let i = 0; i < n; i++) if (random() < here) k++
    return k
  })
  return { bad, total }
}

function drawOptions(random: Random, windows: number): ShareModelOptions {
  const masked = random() < 0.3 ? Uint8Array.from({ length: windows }, () => (random() < 0.1 ? 1 : 0)) : null
  return {
    masked,
    prior: { bad: 0.5 + random(), total: 1 + 50 * random() },
    baseline: random() < 0.2 ? { bad: 20 * random(), total: 1000 } : null,
    phaseStrength: random() < 0.3 ? Number.POSITIVE_INFINITY : 10 ** (1 + 4 * random()),
  }
}

function listBlocks(model: ShareModel, events: number, length: number): number[] {
  const blocks = new Int32Array(model.sumTotal.length)
  return [...blocks.subarray(0, model.listBlocks(events, length, blocks))]
}

/** A model that tells nothing of its blocks: every one is looked at. */
function openModel(model: ShareModel): ShareModel {
  const listBlocks = (_: number, length: number, into: Int32Array) => {
    const blocks = Math.floor((model.sumTotal.length - 1) / length)
    for (let block = 0; block < blocks; block++) into[block] = block
    return blocks
  }
  return { ...model, listBlocks }
}

describe('limits of the expected share', () => {
  test('hold for every interval', () => {
    const random = createRandom(21)
    for (let trial = 0; trial < 60; trial++) {
      const calendar = calendarOf([1, 3, 9, 23][trial % 4])
      const options = drawOptions(random, calendar.windows)
      const model = fitShareModel(drawSeries(random, calendar.windows), calendar, options)
      const { limits, sumBad, sumTotal } = model
      for (let i = 0; i < 200; i++) {
        const from = Math.floor(random() * calendar.windows)
        const to = from + 1 + Math.floor(random() ** 2 * (calendar.windows - from))
        const { bad, total, share } = model.expect(from, to)
        expect(model.expectShare(from, to)).toBe(share)
        if (total === 0) continue
        expect([bad, total]).toEqual([sumBad[to] - sumBad[from], sumTotal[to] - sumTotal[from]])
        const isDays = to - from >= limits.day
        const fall = Number.isFinite(limits.requests) ? bad / limits.requests : 0
        expect(share).toBeGreaterThanOrEqual(((isDays ? limits.lowOfDays : limits.low) - fall) * (1 - 1e-11))
        const length = to - from
        const block = Math.floor(from / length)
        if ((block + 1) * length > calendar.windows) continue
        const inBlock = model.expect(block * length, (block + 1) * length)
        for (const events of [0.01, 0.5, 5, 50]) {
          const listed = listBlocks(model, events, length)
          expect(listed).toEqual([...new Set(listed)].sort((a, b) => a - b))
          if (!listed.includes(block)) expect(inBlock.total * inBlock.share).toBeLessThan(events)
        }
      }
    }
  })
})

describe('the screen', () => {
  const random = createRandom(22)

  test.each(Object.entries(KINDS))(
    '%s: settles by limits what the expected share of each interval would',
    (_, kind) => {
      let passed = 0
      for (let trial = 0; trial < 40; trial++) {
        const calendar = calendarOf([1, 4, 10, 16][trial % 4])
        const { windows } = calendar
        const model = fitShareModel(drawSeries(random, windows), calendar, drawOptions(random, windows))
        const intervals = [...listIntervals(windows, windows), { from: 0, to: windows }]
        const leastSpread = createLeastSpread(kind, calendar, false)
        const octaves = Math.floor(Math.log2(windows)) + 1
        const plain = { judged: new Array<number>(octaves).fill(0), candidates: [] as number[] }
        for (const [i, { from, to }] of intervals.entries()) {
          const { bad, total, share } = model.expect(from, to)
          const above = kind.above !== null && (kind.below === null || bad > total * share)
          if (total < 5 || total * share < (above ? kind.leastExpectedAbove : 8)) continue
          plain.judged[Math.floor(Math.log2(to - from))]++
          const gap = above ? bad - total * share : total * share - bad
          const alike = Math.min(leastSpread(to - from) * share * (1 - share), 0.9)
          const isNearlyNone = !above && bad < 0.1 * total * share
          if (
            isNearlyNone ||
            (gap > 0 && gap >= 2.5 * Math.sqrt(total * share * (1 - share) * (1 + (total - 1) * alike)))
          )
            plain.candidates.push(i)
        }
        expect(screenIntervals(model, kind, buildIntervalTable(intervals), leastSpread)).toEqual(plain)
        passed += plain.candidates.length
      }
      expect(passed).toBeGreaterThan(0)
    },
  )
})

describe('a total outage', () => {
  const calendar = calendarOf(1.5)
  const { windows } = calendar
  const outage = { from: 4, to: 6 }
  /** A third of the parent's requests, but none (or a straggler) in the outage. */
  const seriesOf = (left: number) => ({
    bad: Uint32Array.from({ length: windows }, (_, w) => (w >= outage.from && w < outage.to ? left : 300)),
    total: new Uint32Array(windows).fill(900),
  })
  const kind = BOTH_WAYS
  const options = { masked: null, prior: { bad: 0.5, total: 1 }, baseline: null, phaseStrength: 100 }

  test.each([0.01, 0.16, 0.3, 1, 3])('is never screened out, whatever the spread (φ = %p)', (phi) => {
    for (const left of [0, 1, 20]) {
      const model = fitShareModel(seriesOf(left), calendar, options)
      const { candidates } = screenIntervals(model, kind, buildIntervalTable([outage]), () => phi)
      expect(candidates).toEqual([0])
    }
  })

  test('is judged by its tail, not by its standard deviations', () => {
    const [bad, total, share, precision] = [0, 5000, 0.1, 49]
    const expectation = { ...createEvidence(), bad, total, share, doubt: 0, overall: 1, weeklyShare: share }
    expect(total * share).toBeLessThan(
      2.5 * Math.sqrt(total * share * (1 - share) * (1 + (total - 1) / (precision + 1))),
    )
    const place = { slice: 1, level: 1 as const, ...outage }
    const found = judgeInterval(kind, place, expectation, () => ({ bad, total, share, precision }))
    expect(found).toMatchObject({ category: 'traffic_drop', actual: 0 })
    expect(found!.logP).toBeLessThan(Math.log(1e-9))
  })
})

/** The engine without any short cut: every slice fitted anew for every look, every interval judged to its end. */
function detectPlainly(kind: ShareKind, slices: readonly Slice[], all: readonly ShareSeries[], days: number) {
  const calendar = calendarOf(days)
  const inputs = all.map((series) => ({ series, baseline: null }))
  const longest = calendar.windows / 2
  const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0)
  const sums = all.map(({ bad, total }) => ({ bad: sumOf(bad), total: sumOf(total) }))
  const round = (masks: ReadonlyMap<number, Uint8Array> | null) => {
    const maskOf = (slice: number) => masks?.get(slice) ?? null
    const strengths = poolPhaseStrengths(
      kind,
      slices,
      all.map((series, slice) => measurePhaseSpread(series, calendar, maskOf(slice))),
    )
    const fitted = all.map((series, slice) => {
      const { bad, total } = sums[slice]
      const prior = siblingPrior(slice === 0 ? null : sums[0], sums[slice], kind.siblingStrength, kind.standing)
      const share = (bad + 0.5) / (total + 1)
      const phaseStrength = strengths[slices[slice].level] / (share * (1 - share))
      const masked = maskOf(slice)
      const model = fitShareModel(series, calendar, { masked, prior, baseline: null, phaseStrength })
      return { model, spread: measureSpread(openModel(model), calendar, masked, longest, kind.typicalSpread) }
    })
    const exponents = Math.floor(Math.log2(longest)) + 1
    const pool = (level: number | null, fallback: (exponent: number) => number) =>
      poolSpreads(
        fitted
          .filter((_, slice) => level === null || slices[slice].level === level)
          .map(({ spread }) => sumSpread(spread)),
        exponents,
        fallback,
        { cuts: level === null ? 2 : 1, fallbackBlocks: kind.drifts ? 0 : 10, mayGrow: kind.drifts },
      )
    const overall = pool(null, (exponent) => kind.typicalSpread / Math.sqrt(2 ** exponent))
    const weighs = [0, 1, 2].map((level) =>
      createWeigh(
        kind,
        pool(level, (exponent) => overall[exponent]),
        calendar,
        false,
      ),
    )
    const intervals = listIntervals(calendar.windows, longest)
    if (kind.standing) intervals.push({ from: 0, to: calendar.windows })
    const findings: Finding[] = []
    const suspects: Finding[] = []
    const weighUsual = createUsualWeigh(kind)
    const judged = [0, 0, 0]
    for (const [slice, { model, spread }] of fitted.entries()) {
      const { level } = slices[slice]
      for (const { from, to } of intervals) {
        const { bad, total, share } = model.expect(from, to)
        const above = kind.above !== null && (kind.below === null || bad > total * share)
        if (total < 5 || total * share < (above ? kind.leastExpectedAbove : 8)) continue
        judged[level]++
        if (above ? bad <= total * share : bad >= total * share) continue
        const evidence = gatherEvidence(model, spread, () => null, from, to)
        const place = { slice, level, from, to }
        const finding = judgeInterval(kind, place, evidence, weighs[level])
        if (finding !== null) findings.push(finding)
        const suspect = isLong(place, calendar.windows) ? judgeInterval(kind, place, evidence, weighUsual) : null
        if (suspect !== null && !kind.drifts) suspects.push(suspect)
      }
    }
    return { findings, suspects, judged }
  }
  const first = round(null)
  const lasting = findLasting(first.suspects, inputs)
  if (lasting !== null) {
    const everywhere = maskEverywhere(lasting, inputs, calendar.windows)
    const isConfirmed = round(everywhere).findings.some((finding) => confirms(finding, lasting, calendar.windows))
    if (isConfirmed) return round(buildMasks(first.findings, inputs, calendar.windows, everywhere))
  }
  const masks = buildMasks(first.findings, inputs, calendar.windows)
  return masks === null ? first : round(masks)
}

describe('the engine', () => {
  const random = createRandom(23)

  test.each(Object.entries(KINDS))('%s: finds to the bit what it would find without short cuts', (_, kind) => {
    let found = 0
    for (let trial = 0; trial < 8; trial++) {
      const days = [4, 10, 16, 1][trial % 4]
      const { windows } = calendarOf(days)
      const parts = Array.from({ length: 6 }, () => drawSeries(random, windows))
      const sum = (column: 'bad' | 'total') =>
        Uint32Array.from({ length: windows }, (_, w) => parts.reduce((n, part) => n + part[column][w], 0))
      const all = [{ bad: sum('bad'), total: sum('total') }, ...parts]
      const slices = all.map(
        (_, i): Slice =>
          i === 0
            ? { scope: {}, level: 0, requests: 1, parents: [] }
            : { scope: { region: `r${i}` }, level: 1, requests: 1, parents: [0] },
      )
      const inputs = all.map((series) => ({ series, baseline: null }))
      const { findings, tests } = detectShares(createShareSubject({ kind, slices, inputs, calendar: calendarOf(days) }))
      const plain = detectPlainly(kind, slices, all, days)
      expect(findings).toEqual(plain.findings)
      expect(
        ([0, 1, 2] as const).map((level) =>
          tests.reduce((sum, test) => sum + (test.level === level ? test.judged : 0), 0),
        ),
      ).toEqual(plain.judged)
      found += findings.length
    }
    expect(found).toBeGreaterThan(0)
  })
})

import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom, type Random } from '../math/random.ts'
import type { ShareSeries } from '../types.ts'
import { buildCalendar, type Calendar } from './calendar.ts'
import { fitShareModel, type ShareModelOptions } from './share-model.ts'

const HOUR = 3_600_000
/** Days of six windows each: few enough to count everything again for every interval. */
const calendarOf = (days: number, width = 4 * HOUR) => {
  return buildCalendar(buildGrid(buildLogs([{}, { time: days * 24 * HOUR - 1 }]).table, width).grid)
}
const PLAIN: ShareModelOptions = {
  masked: null,
  prior: { bad: 0.5, total: 1 },
  baseline: null,
  phaseStrength: Number.POSITIVE_INFINITY,
}

function drawSeries(random: Random, windows: number): { bad: Uint32Array; total: Uint32Array } {
  const total = Uint32Array.from({ length: windows }, () => (random() < 0.1 ? 0 : Math.floor(random() * 40)))
  return { bad: total.map((n) => Math.floor(n * random() ** 3)), total }
}

/** Phases that share an expectation with window w: its own; in a day or more those of the hour, counted from where the days begin, and from where the last, shorter one ends. */
function phasesOf(w: number, from: number, to: number, { phases, phasesPerHour, phaseOf }: Calendar): Set<number> {
  if (to - from < phases) return new Set([phaseOf[w]])
  const more = (to - from) % phases
  const hourOf = (at: number) => [at < more, Math.floor((at < more ? at : at - more) / phasesPerHour)].join()
  const own = hourOf((w - from) % phases)
  const day = Array.from({ length: phases }, (_, at) => at).filter((at) => hourOf(at) === own)
  return new Set(day.map((at) => phaseOf[from + at]))
}

/** The expected share of [from, to) by its definition, counted from scratch. */
function countShare(
  series: ShareSeries,
  calendar: Calendar,
  options: ShareModelOptions,
  from: number,
  to: number,
): number {
  const { masked, prior, baseline, phaseStrength } = options
  const all = Array.from({ length: calendar.windows }, (_, w) => w)
  const teaches = all.filter((w) => (w < from || w >= to) && masked?.[w] !== 1)
  const sum = (values: ArrayLike<number>, windows: readonly number[]) =>
    windows.reduce((total, w) => total + values[w], 0)
  const shareOf = (windows: readonly number[], towards: number, strength: number) => {
    const n = sum(series.total, windows)
    const own = n / (n + strength)
    return n > 0 ? (own * sum(series.bad, windows)) / n + (1 - own) * towards : towards
  }
  const seen = baseline ?? { bad: sum(series.bad, teaches), total: sum(series.total, teaches) }
  const overall = (seen.bad + prior.bad) / (seen.total + prior.total)
  const inside = all.slice(from, to)
  const n = sum(series.total, inside)
  if (calendar.phases === 0 || baseline !== null || phaseStrength === Number.POSITIVE_INFINITY || n === 0)
    return overall
  const expected = inside.map((w) => {
    const alikeInDay = phasesOf(w, from, to, calendar)
    const phase = teaches.filter((other) => alikeInDay.has(calendar.phaseOf[other]))
    const anyDay = shareOf(phase, overall, phaseStrength)
    const alike = phase.filter((other) => calendar.kindOf[other] === calendar.kindOf[w])
    return series.total[w] * (calendar.kindsKnown ? shareOf(alike, anyDay, phaseStrength) : anyDay)
  })
  return expected.reduce((total, bad) => total + bad, 0) / n
}

describe('the expected share', () => {
  const random = createRandom(11)
  const maskOf = (windows: number) => Uint8Array.from({ length: windows }, () => (random() < 0.2 ? 1 : 0))
  const cases: [string, number, Partial<ShareModelOptions>][] = [
    ['without seasons', 1, {}],
    ['without seasons, masked', 1, { masked: maskOf(6) }],
    ['with phases that do not differ', 5, {}],
    ['with a season', 5, { phaseStrength: 30 }],
    ['with a season, masked', 5, { phaseStrength: 30, masked: maskOf(30) }],
    ['with weekends', 15, { phaseStrength: 12 }],
    ['with weekends, masked', 15, { phaseStrength: 12, masked: maskOf(90) }],
    ['by a baseline log', 5, { phaseStrength: 30, baseline: { bad: 3, total: 700 } }],
    ['by siblings', 5, { phaseStrength: 30, prior: { bad: 8, total: 50 } }],
  ]
  test.each(cases)('%s is that of everything outside the interval', (_, days, changes) => {
    const calendar = calendarOf(days)
    const options = { ...PLAIN, ...changes }
    for (let trial = 0; trial < 5; trial++) {
      const series = drawSeries(random, calendar.windows)
      const model = fitShareModel(series, calendar, options)
      for (let i = 0; i < 30; i++) {
        const from = Math.floor(random() * calendar.windows)
        const to = from + 1 + Math.floor(random() ** 2 * (calendar.windows - from))
        expect(model.expect(from, to).share).toBeCloseTo(countShare(series, calendar, options, from, to), 10)
      }
    }
  })

  test.each([
    ['a few days', 3, {}],
    ['a few days, masked', 3, { masked: maskOf(216) }],
    ['weekends', 9, {}],
  ])('of an interval of a day or more takes the windows of an hour as one: %s', (_, days, changes) => {
    const calendar = calendarOf(days, HOUR / 3)
    expect(calendar.phasesPerHour).toBe(3)
    const options = { ...PLAIN, phaseStrength: 30, ...changes }
    const series = drawSeries(random, calendar.windows)
    const model = fitShareModel(series, calendar, options)
    for (let i = 0; i < 12; i++) {
      const length = 72 + Math.floor(random() * (calendar.windows - 72))
      const from = Math.floor(random() * (calendar.windows - length))
      const expected = countShare(series, calendar, options, from, from + length)
      expect(model.expect(from, from + length).share).toBeCloseTo(expected, 10)
      expect(model.expectShare(from, from + length)).toBe(model.expect(from, from + length).share)
    }
  })

  test('and its weekly one do not depend on what they are held against', () => {
    const calendar = calendarOf(21)
    for (let trial = 0; trial < 20; trial++) {
      const series = drawSeries(random, calendar.windows)
      const from = Math.floor(random() * 100)
      const to = from + 1 + Math.floor(random() * 20)
      const failing = { ...series, bad: series.bad.map((k, w) => (w >= from && w < to ? series.total[w] : k)) }
      const options = { ...PLAIN, phaseStrength: 10 }
      const [usual, changed] = [series, failing].map((own) => {
        const model = fitShareModel(own, calendar, options)
        const { share } = model.expect(from, to)
        return { share, weeklyShare: model.blendWeeks(share, from, to) }
      })
      expect(changed.share).toBeCloseTo(usual.share, 10)
      expect(changed.weeklyShare).toBeCloseTo(usual.weeklyShare, 10)
    }
  })
})

describe('an expectation', () => {
  const calendar = calendarOf(10)
  const total = new Uint32Array(60).fill(100)
  /** One window in six, at the same hour of each day, fails by a third. */
  const recurring = { bad: total.map((_, w) => (w % 6 === 2 ? 33 : 1)), total }

  test('follows the hour that recurs', () => {
    const { expect: expectation } = fitShareModel(recurring, calendar, { ...PLAIN, phaseStrength: 10 })
    expect(expectation(32, 33).share).toBeGreaterThan(0.3)
    expect(expectation(33, 34).share).toBeLessThan(0.03)
  })

  test('has the interval’s own counts, and the doubt of what it was learnt from', () => {
    const model = fitShareModel(recurring, calendar, PLAIN)
    expect(model.expect(2, 4)).toMatchObject({ bad: 34, total: 200, overall: 1 })
    expect(model.expect(2, 4).doubt).toBeCloseTo(1 / (5800 + 1), 12)
    const seasonal = fitShareModel(recurring, calendar, { ...PLAIN, phaseStrength: 10 }).expect(2, 3)
    expect(seasonal.overall).toBeLessThan(0.1)
    expect(seasonal.doubt).toBeGreaterThan(1 / 1000)
  })

  test('of other weeks sees what recurs each week', () => {
    const weeks = calendarOf(28)
    const requests = new Uint32Array(168).fill(100)
    const series = { bad: requests.map((_, w) => (w % 42 === 20 ? 40 : 1)), total: requests }
    const model = fitShareModel(series, weeks, { ...PLAIN, phaseStrength: 10 })
    const { share } = model.expect(62, 63)
    const weeklyShare = model.blendWeeks(share, 62, 63)
    expect(share).toBeLessThan(0.15)
    expect(weeklyShare).toBeGreaterThan(0.3)
  })

  test('of nothing is the prior', () => {
    const empty = { bad: new Uint32Array(60), total: new Uint32Array(60) }
    expect(fitShareModel(empty, calendar, { ...PLAIN, prior: { bad: 1, total: 4 } }).expect(0, 60)).toMatchObject({
      bad: 0,
      total: 0,
      share: 0.25,
    })
  })
})

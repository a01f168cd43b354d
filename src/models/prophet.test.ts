import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fitProphet, forecast } from './prophet.ts'

interface Reference {
  start: number
  counts: number[]
  expected: number[]
  lower80: number[]
  upper80: number[]
}

const HOUR = 3_600_000
const reference: Reference = JSON.parse(
  readFileSync(new URL('../../fixtures/models/prophet.json', import.meta.url), 'utf8'),
)
const hours = (count: number) => Float64Array.from({ length: count }, (_, i) => reference.start + i * HOUR)
const series = { time: hours(reference.counts.length), value: Float64Array.from(reference.counts) }
const at = hours(reference.expected.length)

const worst = (ours: Float64Array, theirs: number[], from: number, to: number) =>
  Math.max(...Array.from(ours.subarray(from, to), (value, i) => Math.abs(value - theirs[from + i])))
const fitted = async (...given: Parameters<typeof fitProphet>) => {
  const fit = await fitProphet(...given)
  if (!fit.ok) throw new Error(fit.reason)
  return fit.model
}

describe("equals Python's Prophet (fixtures/models/make_references.py; values up to 1,529)", () => {
  test('within 1.2 % of the largest value, the band within the dice of theirs', async () => {
    const ours = await forecast(series, { at, level: 0.8 })
    expect(ours.note).toBe('')
    expect(worst(ours.expected, reference.expected, 0, 696)).toBeLessThan(18)
    expect(worst(ours.lower, reference.lower80, 0, 696)).toBeLessThan(28)
    expect(worst(ours.upper, reference.upper80, 0, 696)).toBeLessThan(28)
  })

  test('by Stan: within 0.6 %', async () => {
    const ours = await forecast(series, { at, level: 0.8, optimizer: 'stan' })
    expect(worst(ours.expected, reference.expected, 0, 696)).toBeLessThan(9)
  })
})

describe('a fit', () => {
  test('says which optimizer found it: the linear one where Stan finds none', async () => {
    expect((await fitted(series)).optimizer).toBe('linear')
    expect((await fitted(series, { optimizer: 'stan' })).optimizer).toBe('stan')
    // Without changepoints Stan's line search fails on most series.
    const model = await fitted(series, { optimizer: 'stan', changepoints: 0 })
    expect(model.optimizer).toBe('linear')
    expect(model.predict(at)).toEqual((await fitted(series, { changepoints: 0 })).predict(at))
  })

  test('is the same each time', async () => {
    const first = (await fitted(series)).predict(at)
    expect((await fitted(series)).predict(at)).toEqual(first)
    expect(first[0]).not.toBe(first[1])
  })

  test('fills gaps, and a day that was left out is predicted from the others', async () => {
    const value = series.value.slice().fill(Number.NaN, 240, 264)
    const day = (await fitted({ time: series.time, value })).predict(series.time.subarray(240, 264))
    for (let hour = 0; hour < 24; hour++) {
      expect(Math.abs(day[hour] - reference.expected[240 + hour])).toBeLessThan(40)
    }
  })

  test('answers in the order of the question, whatever the order of the history', async () => {
    const model = await fitted(series)
    const some = Float64Array.of(at[500], at[3], at[690], at[3])
    expect(Array.from(model.predict(some))).toEqual([500, 3, 690, 3].map((i) => model.predict(at)[i]))
    expect(model.predict(new Float64Array())).toEqual(new Float64Array())
    const backwards = { time: series.time.toReversed(), value: series.value.toReversed() }
    expect((await fitted(backwards)).predict(at)).toEqual(model.predict(at))
  })

  test('uses a season only when it was seen often enough: 2 days, 14 days', async () => {
    const parameters = async (count: number, stepHours = 1) =>
      (
        await fitted({
          time: Float64Array.from({ length: count }, (_, i) => reference.start + i * stepHours * HOUR),
          value: series.value.subarray(0, count),
        })
      ).parameters
    expect(await parameters(47)).toBe(2)
    expect(await parameters(48)).toBe(2 + 8)
    expect(await parameters(14 * 24 - 1)).toBe(2 + 8)
    expect(await parameters(14 * 24)).toBe(2 + 8 + 6)
    expect(await parameters(20, 24)).toBe(2 + 6)
    expect((await fitted(series, { daily: false, weekly: false, yearly: true })).parameters).toBe(2 + 20)
  })

  test('trend changes to come widen the band in the future only', async () => {
    const model = await fitted(series)
    const [inside, day, month] = model.trendSpread(
      Float64Array.of(series.time[300], series.time[671] + 24 * HOUR, series.time[671] + 720 * HOUR),
    )
    expect(inside).toBe(0)
    expect(day).toBeGreaterThan(0)
    expect(month).toBeGreaterThan(day)
    const flat = await fitted(series, { growth: 'flat' })
    expect(flat.trendSpread(Float64Array.of(series.time[671] + 720 * HOUR))).toEqual(Float64Array.of(0))
  })
})

describe('series that Prophet cannot fit', () => {
  const constant = { time: series.time, value: series.value.map(() => 5) }
  test.each([
    ['constant', constant, 'the values are constant'],
    ['all zero', { time: series.time, value: new Float64Array(672) }, 'the values are constant'],
    [
      'all but constant',
      { time: series.time, value: series.value.map((_, i) => 5 + (i % 3) * 1e-7) },
      'the values are constant',
    ],
    [
      'nine values',
      { time: series.time.slice(0, 9), value: series.value.slice(0, 9) },
      'only 9 known values (10 are needed)',
    ],
    [
      'all gaps',
      { time: series.time, value: series.value.map(() => Number.NaN) },
      'only 0 known values (10 are needed)',
    ],
    ['one instant', { time: series.time.map(() => 5e11), value: series.value }, 'all values lie within one second'],
  ])('%s', async (_name, given, reason) => {
    expect(await fitProphet(given)).toEqual({ ok: false, reason })
    const { expected, lower, upper, note } = await forecast(given, { at: at.slice(0, 3), level: 0.9 })
    expect(note).toBe(`No Prophet forecast: ${reason}. The median of the values stands in.`)
    expect([expected.length, lower.length, upper.length]).toEqual([3, 3, 3])
  })

  test('get their median, with a band of their spread', async () => {
    const value = Float64Array.of(10, 12, 9, 11, 400)
    const { expected, lower, upper } = await forecast({ time: hours(5), value }, { level: 0.9 })
    expect(expected).toEqual(new Float64Array(5).fill(11))
    expect(upper[0] - 11).toBeGreaterThan(2)
    expect(upper[0] - 11).toBeLessThan(5)
    expect(11 - lower[0]).toBe(upper[0] - 11)
    expect((await forecast(constant, { level: 0.99 })).upper).toEqual(constant.value)
  })
})

test('bands widen with the level', async () => {
  const half = await forecast(series, { level: 0.5 })
  const most = await forecast(series, { level: 0.99 })
  expect(half.expected).toEqual(most.expected)
  half.upper.forEach((upper, i) => {
    expect(upper).toBeLessThan(most.upper[i])
    expect(half.lower[i]).toBeGreaterThan(most.lower[i])
  })
})

test('refuses what it cannot use', async () => {
  expect(forecast(series, { level: 1 })).rejects.toThrow("'level' must be above 0 and below 1, got 1")
  expect(fitProphet({ time: hours(3), value: new Float64Array(2) })).rejects.toThrow('got 3 and 2')
  const infinite = series.value.slice().fill(Number.POSITIVE_INFINITY, 3, 4)
  expect(fitProphet({ time: series.time, value: infinite })).rejects.toThrow(
    "'value' must hold finite numbers, got Infinity",
  )
  expect(forecast(series, { level: 0.9, at: Float64Array.of(Number.NaN) })).rejects.toThrow(
    "'at' must hold finite numbers",
  )
})

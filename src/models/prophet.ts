/**
 * Prophet: trend with changepoints plus daily, weekly and yearly seasons.
 *
 * @see Taylor & Letham: Forecasting at scale, The American Statistician 72 (2018)
 */
import { loadProphet, loadStan, type ProphetClass, type ProphetOptimizer } from '../io/wasm.ts'
import { studentUpperQuantile } from '../math/distributions.ts'
import { madScale, median } from '../math/stats.ts'
import { isSeasonSeen, knownHistory, requireFinite, type Series } from './prophet-history.ts'
import { linearOptimizer } from './prophet-solver.ts'

/** `'auto'`: when the history is long enough (two days, two weeks, two years) and finer than the season. */
export type Season = boolean | 'auto'

export interface ProphetSettings {
  readonly daily?: Season
  readonly weekly?: Season
  readonly yearly?: Season
  /** Fourier terms of the week; Prophet's default 3 is too smooth for weekends that begin within hours. */
  readonly weeklyOrder?: number
  /** `'flat'` is a constant level without changepoints. Default `'linear'`. */
  readonly growth?: 'linear' | 'flat'
  /** Possible changepoints, evenly spread over the first 80 % of the history. Default 25. */
  readonly changepoints?: number
  /** How far the trend may bend at them; Prophet's default is 0.05. */
  readonly changepointPriorScale?: number
  /**
   * `'linear'` (default) is our solver of Prophet's posterior. `'stan'` is the optimizer that Prophet ships with: ten times
   * slower, stops earlier, and the bits of a fit depend on the fits before it in the process, for its heap's alignment
   * decides the order of its sums. Where its line search fails or crashes, `'linear'` takes over.
   */
  readonly optimizer?: 'stan' | 'linear'
  /** Any integer; default 1. Both optimizers start from a fixed point, so that it changes nothing at present. */
  readonly seed?: number
}

/** A fitted Prophet. */
export interface ProphetModel {
  /** The forecast at each time (ms UTC, finite, any order), in the unit of the values. */
  predict(at: Float64Array): Float64Array
  /**
   * Standard deviation that trend changes to come add at each time: 0 inside the history. The closed form of what
   * Prophet simulates: changepoints as frequent as in the history, Laplace-distributed with its mean |change|.
   */
  trendSpread(at: Float64Array): Float64Array
  /** The optimizer that found it. */
  readonly optimizer: 'stan' | 'linear'
  /** Numbers that were fitted freely: trend and seasons without the changepoints, which are shrunk. */
  readonly parameters: number
  /** Releases its memory; it cannot predict afterwards. Call it when many models are fitted in a row. */
  free(): void
}

/** `reason` is a clause like `only 3 known values (10 are needed)`. */
export type ProphetFit =
  | { readonly ok: true; readonly model: ProphetModel }
  | { readonly ok: false; readonly reason: string }

export interface ForecastOptions extends ProphetSettings {
  /** Where to forecast, ms UTC; default: the series' own times. */
  readonly at?: Float64Array
  /** Width of the band, above 0 and below 1. */
  readonly level: number
}

/** One value per time asked for. */
export interface ProphetForecast {
  readonly expected: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** A sentence when the robust level stood in for Prophet; else `''`. */
  readonly note: string
}

const DAY_MS = 86_400_000
/** Fewer say nothing about a trend, and Stan's line search fails on them (measured: 2 to 6 points). */
const FEWEST_VALUES = 10
/** A range below this part of the largest value is constancy; it crashes Stan (measured: from 2e-7 down). */
const SMALLEST_RELATIVE_RANGE = 1e-6
/** Fourier terms a season, as in Prophet. */
const SEASONS = {
  daily: { periodMs: DAY_MS, neededMs: 2 * DAY_MS, order: 4 },
  weekly: { periodMs: 7 * DAY_MS, neededMs: 14 * DAY_MS, order: 3 },
  yearly: { periodMs: 365.25 * DAY_MS, neededMs: 730 * DAY_MS, order: 10 },
} as const
const OFF = { type: 'manual', enabled: false } as const

/**
 * Fits Prophet. Loads it on the first call; a fit of 336 hourly values takes about 0.01 s.
 *
 * Same series and settings: same bits, in every engine, as long as the values are (counts, sums and square roots of them
 * are; what Math.log or Math.sin returned is not) and Stan is not asked for.
 *
 * @returns not ok for fewer than 10 known values, for a constant series (or one that varies by less than a millionth
 *   of its size), and for values that all lie within one second
 * @throws RangeError when `time` and `value` differ in length, or a known value or its time is infinite
 */
export async function fitProphet(series: Series, settings: ProphetSettings = {}): Promise<ProphetFit> {
  const history = knownHistory(series)
  const { seconds, values } = history
  if (values.length < FEWEST_VALUES) {
    return { ok: false, reason: `only ${values.length} known values (${FEWEST_VALUES} are needed)` }
  }
  let least = values[0]
  let greatest = values[0]
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  const size = Math.max(Math.abs(least), Math.abs(greatest))
  if (greatest - least <= SMALLEST_RELATIVE_RANGE * size) return { ok: false, reason: 'the values are constant' }
  const first = seconds[0]
  const last = seconds[seconds.length - 1]
  if (first === last) return { ok: false, reason: 'all values lie within one second' }

  const isOn = (name: keyof typeof SEASONS) => {
    const choice = settings[name] ?? 'auto'
    return choice === 'auto' ? isSeasonSeen(seconds, SEASONS[name]) : choice
  }
  const daily = isOn('daily')
  const weekly = isOn('weekly')
  const weeklyOrder = settings.weeklyOrder ?? SEASONS.weekly.order
  const yearly = isOn('yearly')
  const Prophet = await loadProphet()
  const fitWith = (optimizer: ProphetOptimizer) =>
    fitOnce(Prophet, optimizer, { ds: seconds, y: values }, settings.seed ?? 1, {
      growth: settings.growth ?? 'linear',
      nChangepoints: settings.changepoints ?? 25,
      changepointPriorScale: settings.changepointPriorScale ?? 0.05,
      dailySeasonality: daily ? { type: 'fourier', order: SEASONS.daily.order } : OFF,
      weeklySeasonality: weekly ? { type: 'fourier', order: weeklyOrder } : OFF,
      yearlySeasonality: yearly ? { type: 'fourier', order: SEASONS.yearly.order } : OFF,
      uncertaintySamples: 0,
    })
  const byStan = settings.optimizer === 'stan' ? fitWith(await loadStan()) : undefined
  const { prophet, delta, failure } = byStan?.failure === '' ? byStan : fitWith(linearOptimizer)
  if (failure !== '') return { ok: false, reason: failure }

  const grain = grainOf(size)
  const changes = settings.growth === 'flat' ? new Float64Array() : delta
  const meanChange = changes.reduce((sum, change) => sum + Math.abs(change), 0) / Math.max(1, changes.length)
  const terms = (daily ? SEASONS.daily.order : 0) + (weekly ? weeklyOrder : 0) + (yearly ? SEASONS.yearly.order : 0)
  return {
    ok: true,
    model: {
      optimizer: byStan?.failure === '' ? 'stan' : 'linear',
      predict: (at) =>
        predictInOrder(at, (ds) => prophet.predict({ ds }).yhat.point).map((value) => roundTo(grain, value)),
      trendSpread: (at) =>
        at.map((time) => {
          // Variance of Σ change·(t − when), when ~ Poisson process of changes.length per history, change ~ Laplace.
          const ahead = Math.max(0, (time / 1000 - first) / (last - first) - 1)
          return size * meanChange * ahead * Math.sqrt((2 * changes.length * ahead) / 3)
        }),
      parameters: 2 + 2 * terms,
      free: () => prophet.free(),
    },
  }
}

/**
 * Prophet's forecast with a band.
 *
 * Prophet simulates its band, so that each call gives another one. This band has the same two parts in closed form,
 * the residuals' spread over the history and trend changes to come, under Student's t. It is Prophet's band without the
 * dice (Peyton Manning: half-width 0.620 against 0.619; coverage in cross-validation 0.69 against 0.69), which also means
 * that incidents in the history widen it and that it is no substitute for held-out residuals when p-values are needed.
 *
 * When Prophet cannot fit (see `fitProphet`), the median and the MAD around it stand in, and `note` says so; without any
 * known value everything is NaN.
 *
 * @param series the history
 * @param options where to forecast, how wide the band is, and Prophet's settings
 * @throws RangeError for arrays of different length, times that are not finite, or a `level` out of range
 */
export async function forecast(series: Series, options: ForecastOptions): Promise<ProphetForecast> {
  const { at = series.time, level, ...settings } = options
  if (!(level > 0 && level < 1)) throw new RangeError(`'level' must be above 0 and below 1, got ${level}`)
  const fit = await fitProphet(series, settings)
  if (!fit.ok) return forecastLevel(series, at, level, fit.reason)
  const { model } = fit
  const expected = model.predict(at)
  const trend = model.trendSpread(at)
  const fitted = model.predict(series.time)
  model.free()
  const residuals = series.value.map((value, i) => value - fitted[i]).filter((value) => !Number.isNaN(value))
  const freedom = Math.max(1, residuals.length - model.parameters)
  const variance = residuals.reduce((sum, value) => sum + value * value, 0) / freedom
  const quantile = studentUpperQuantile((1 - level) / 2, freedom)
  const half = trend.map((spread) => quantile * Math.sqrt(variance + spread * spread))
  return {
    expected,
    lower: expected.map((value, i) => value - half[i]),
    upper: expected.map((value, i) => value + half[i]),
    note: '',
  }
}

/** The stand-in for a series that Prophet cannot fit: its median, and Student's t around it with the MAD as scale. */
function forecastLevel(series: Series, at: Float64Array, level: number, reason: string): ProphetForecast {
  for (const time of at) requireFinite('at', time)
  const center = median(series.value)
  const known = series.value.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
  const half = studentUpperQuantile((1 - level) / 2, Math.max(1, known - 1)) * madScale(series.value, center)
  return {
    expected: at.map(() => center),
    lower: at.map(() => center - half),
    upper: at.map(() => center + half),
    note: `No Prophet forecast: ${reason}. The median of the values stands in.`,
  }
}

/** One fit: the fitted Prophet with its trend changes (in units of the scaled series), or why it failed. */
function fitOnce(
  Prophet: ProphetClass,
  optimizer: ProphetOptimizer,
  data: { ds: number[]; y: number[] },
  seed: number,
  options: Omit<ConstructorParameters<ProphetClass>[0], 'optimizer'>,
) {
  let delta = new Float64Array()
  const keeping: ProphetOptimizer = {
    optimize(...given) {
      const output = optimizer.optimize(...given)
      delta = Float64Array.from(output.params.delta)
      return output
    },
  }
  const prophet = new Prophet({ ...options, optimizer: keeping })
  try {
    prophet.fit(data, { algorithm: 'lbfgs', seed })
    return { prophet, delta, failure: '' }
  } catch (error) {
    prophet.free()
    return { prophet, delta, failure: error instanceof Error ? error.message : String(error) }
  }
}

/** Relative grain of predictions: the module sums in an order that changes from call to call, in the last bits. */
const GRAIN = 2 ** -36

/** A power of two, so that rounding to it is exact. */
function grainOf(size: number): number {
  let power = 1
  while (power < size) power *= 2
  while (power > size) power /= 2
  return power * GRAIN
}

function roundTo(grain: number, value: number): number {
  return Math.round(value / grain) * grain
}

/** Prophet answers in order of time, whatever the order of the question. */
function predictInOrder(at: Float64Array, predict: (seconds: number[]) => readonly number[]): Float64Array {
  if (at.length === 0) return new Float64Array()
  for (const time of at) requireFinite('at', time)
  const order = Array.from(at.keys()).sort((a, b) => at[a] - at[b])
  const sorted = predict(order.map((i) => Math.round(at[i] / 1000)))
  const result = new Float64Array(at.length)
  order.forEach((i, position) => {
    result[i] = sorted[position]
  })
  return result
}

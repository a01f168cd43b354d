/** A time series as Prophet takes it. */

/** A time series; both arrays have one length. */
export interface Series {
  /** ms UTC in any order; Prophet sees whole seconds. */
  readonly time: Float64Array
  /** NaN is a gap. */
  readonly value: Float64Array
}

/** The known values in order of time, in whole seconds. */
export function knownHistory({ time, value }: Series): { seconds: number[]; values: number[] } {
  if (time.length !== value.length) {
    throw new RangeError(`'time' and 'value' must be of one length, got ${time.length} and ${value.length}`)
  }
  const order = Array.from(value.keys()).filter((i) => !Number.isNaN(value[i]))
  for (const i of order) {
    requireFinite('time', time[i])
    requireFinite('value', value[i])
  }
  order.sort((a, b) => time[a] - time[b])
  return { seconds: order.map((i) => Math.round(time[i] / 1000)), values: order.map((i) => value[i]) }
}

/** Prophet's rule for `auto`, with the last value's own stretch of time counted in: 48 hourly values are two days. */
export function isSeasonSeen(
  seconds: readonly number[],
  season: { readonly periodMs: number; readonly neededMs: number },
) {
  let step = Number.POSITIVE_INFINITY
  for (let i = 1; i < seconds.length; i++) {
    if (seconds[i] > seconds[i - 1]) step = Math.min(step, seconds[i] - seconds[i - 1])
  }
  const span = seconds[seconds.length - 1] - seconds[0] + step
  return span * 1000 >= season.neededMs && step * 1000 < season.periodMs
}

/** @throws RangeError naming the array that the number came from */
export function requireFinite(name: string, number: number): void {
  if (!Number.isFinite(number)) throw new RangeError(`'${name}' must hold finite numbers, got ${number}`)
}

/** Round steps of a value axis. */

export interface ValueScale {
  /** The last tick; no value is higher. */
  readonly top: number
  /** From zero up. */
  readonly ticks: readonly number[]
}

const MOST_STEPS = 7
const ROUND = [1, 2, 5, 10]

/**
 * A scale from zero in steps of 1, 2 or 5 times a power of ten, as small as {@link MOST_STEPS} of them allow.
 *
 * @param highest of the values, at least 0
 * @param leastStep a power of ten: what labels can still tell apart
 */
export function scaleValues(highest: number, leastStep: number): ValueScale {
  // Powers by multiplication: engines do not agree on logarithms.
  let power = leastStep
  while (highest / (power * 10) > MOST_STEPS) power *= 10
  const step = power * (ROUND.find((round) => highest / (power * round) <= MOST_STEPS) ?? 10)
  const count = Math.max(1, Math.ceil(highest / step))
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)))
  return { top: ticks[count], ticks }
}

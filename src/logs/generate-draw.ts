/**
 * Random quantities for generated logs. `Math.log`, `exp` and `cos` may differ between engines in the last bit: whoever
 * uses these rounds what it emits, so that Bun and Node write the same bytes.
 */
import type { Random } from '../math/random.ts'

/**
 * One standard normal number (Box and Muller 1958).
 *
 * @param random uniform numbers in [0, 1); two are used
 */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * One gamma-distributed number of mean 1 and variance 1 / shape.
 *
 * @param shape at least 1
 * @throws RangeError when shape is below 1
 * @see Marsaglia and Tsang 2000, "A simple method for generating gamma variables"
 */
export function drawUnitGamma(random: Random, shape: number): number {
  if (!(shape >= 1)) throw new RangeError(`'shape' must be at least 1, got ${shape}`)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / shape
  }
}

/**
 * A stationary first-order autoregressive series of mean 0 and standard deviation 1.
 *
 * @param persistence correlation of neighbours, -1 < persistence < 1
 */
export function drawWander(random: Random, length: number, persistence: number): Float64Array {
  const series = new Float64Array(length)
  const innovation = Math.sqrt(1 - persistence * persistence)
  let value = drawNormal(random)
  for (let i = 0; i < length; i++) {
    series[i] = value
    value = persistence * value + innovation * drawNormal(random)
  }
  return series
}

/**
 * One value of a weighted list.
 *
 * @param choices values with weights of sum 1; what rounding leaves over goes to the last
 */
export function drawChoice<T>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random()
  for (const [value, weight] of choices) {
    left -= weight
    if (left < 0) return value
  }
  return choices[choices.length - 1][0]
}

/** A number between low and high, rounded to two decimals. */
export function drawBetween(random: Random, low: number, high: number): number {
  return Math.round((low + (high - low) * random()) * 100) / 100
}

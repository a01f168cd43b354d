/**
 * With μ = `level` + x the overall share outside an interval, its expected share lies in [low + min(x, 0),
 * high + max(x, 0)]: it is a mean of its windows' expectations, each of which is linear in μ with a weight of at most 1.
 */
export interface ShareLimits {
  /** The overall share with nothing left out, and the requests that it is worth: Infinity when it does not depend on what is left out. */
  readonly level: number
  readonly requests: number
  /** For intervals shorter than a day (or any, without seasons). */
  readonly low: number
  readonly high: number
  /** For intervals of a day or more: at `level`. */
  readonly lowOfDays: number
  readonly highOfDays: number
  /** Windows from which on the limits of days hold; Infinity without seasons. */
  readonly day: number
}

/** By how much leaving n requests out can raise the overall share: as if none of them were bad. */
export function mostRise({ level, requests }: ShareLimits, n: number): number {
  const rest = requests - n
  return rest > 0 ? (level * n) / rest : Number.POSITIVE_INFINITY
}

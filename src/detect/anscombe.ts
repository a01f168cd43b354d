/**
 * Counts on a scale on which a Poisson count has variance 1, whatever its mean: 2·√(y + 3/8) (Anscombe 1948). Only exact
 * operations: every engine agrees to the bit, so that a model fed with it fits alike everywhere.
 */
export function anscombe(count: number): number {
  return 2 * Math.sqrt(count + 0.375)
}

/** The count that has this value; never below 0. */
export function fromAnscombe(value: number): number {
  return Math.max(0, (value * value) / 4 - 0.375)
}

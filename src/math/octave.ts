/** The octave of a whole number ≥ 1: 0 for 1, 1 for 2 and 3, 2 for 4 to 7 and so on, below 2^32. */
export function octaveOf(length: number): number {
  return 31 - Math.clz32(length)
}

/** Seeded random numbers. Only integer arithmetic and exact division, so that every engine draws the same. */

/** A source of uniform numbers in [0, 1). */
export type Random = () => number

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32.
 *
 * @param seed any integer; different seeds give unrelated streams
 * @returns uniform numbers in [0, 1) with 32 random bits
 */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const splitmix = () => {
    state = (state + 0x9e3779b9) | 0
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let counter = 1
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return next
}

import type { ShareSeries, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import type { ShareKind } from './share-input.ts'

/** How much one slice's phases differ beyond chance, and what that counts. */
export interface PhaseSpread {
  readonly excess: number
  readonly weight: number
}

/**
 * How much the phases of the day differ, by level of slices: 1/φ between phases beyond chance and beyond the spread
 * between days, so that a phase's own share weighs n / (n + strength / (μ(1−μ))). Infinity: phases do not differ.
 *
 * @param spreads by slice, null where nothing is judged
 */
export function poolPhaseStrengths(
  kind: ShareKind,
  slices: readonly Slice[],
  spreads: readonly (PhaseSpread | null)[],
): number[] {
  return [0, 1, 2].map((level) => {
    let between = 0
    let weight = 0
    for (const [slice, spread] of spreads.entries()) {
      if (spread === null || slices[slice].level !== level) continue
      between += Math.min(spread.excess, 2 * spread.weight)
      weight += spread.weight
    }
    const phi = weight > 0 ? between / weight : 0
    return phi > kind.leastSpread / 10 ? 1 / phi : Infinity
  })
}

/** Covariance of a phase's residuals on different days: chance and day-to-day spread cancel, what recurs stays. */
export function measurePhaseSpread(
  { bad, total }: ShareSeries,
  calendar: Calendar,
  masked: Uint8Array | null,
): PhaseSpread {
  const { windows, phases, phaseOf } = calendar
  if (phases === 0) return { excess: 0, weight: 0 }
  let k = 0.5
  let n = 1
  for (let w = 0; w < windows; w++) {
    if (masked !== null && masked[w] === 1) continue
    k += bad[w]
    n += total[w]
  }
  const share = k / n
  let excess = 0
  let weight = 0
  // A phase comes again every day.
  for (let phase = 0; phase < phases; phase++) {
    let sum = 0
    let squares = 0
    let size = 0
    let sizeSquares = 0
    for (let w = (phase - phaseOf[0] + phases) % phases; w < windows; w += phases) {
      // An empty window adds nothing, and asking whether it is one takes longer.
      if (masked !== null && masked[w] === 1) continue
      const expected = total[w] * share
      const residual = bad[w] - expected
      const scale = expected * (1 - share)
      sum += residual
      squares += residual * residual
      size += scale
      sizeSquares += scale * scale
    }
    excess += sum * sum - squares
    weight += size * size - sizeSquares
  }
  // Each slice counts by the events behind it, not by their square, or the busiest slice would speak for all.
  const events = k * (1 - share)
  return weight > 0 ? { excess: (excess / weight) * events, weight: events } : { excess: 0, weight: 0 }
}

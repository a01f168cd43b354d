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
    if (masked?.[w] === 1) continue
    k += bad[w]
    n += total[w]
  }
  const share = k / n
  const sum = new Float64Array(phases)
  const squares = new Float64Array(phases)
  const size = new Float64Array(phases)
  const sizeSquares = new Float64Array(phases)
  for (let w = 0; w < windows; w++) {
    if (masked?.[w] === 1 || total[w] === 0) continue
    const phase = phaseOf[w]
    const residual = bad[w] - total[w] * share
    const scale = total[w] * share * (1 - share)
    sum[phase] += residual
    squares[phase] += residual * residual
    size[phase] += scale
    sizeSquares[phase] += scale * scale
  }
  let excess = 0
  let weight = 0
  for (let phase = 0; phase < phases; phase++) {
    excess += sum[phase] ** 2 - squares[phase]
    weight += size[phase] ** 2 - sizeSquares[phase]
  }
  // Each slice counts by the events behind it, not by their square, or the busiest slice would speak for all.
  const events = k * (1 - share)
  return weight > 0 ? { excess: (excess / weight) * events, weight: events } : { excess: 0, weight: 0 }
}

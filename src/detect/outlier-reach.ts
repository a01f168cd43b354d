import { madScale, meanKnown, median } from '../math/stats.ts'
import type { Calendar } from './calendar.ts'
import { findAxes, project } from './coordinates.ts'
import type { OutlierInput } from './outlier-input.ts'
import { measureResiduals } from './residuals.ts'

/** A mean of fewer requests than these is noise. */
const FEWEST_PER_WINDOW = 5

/**
 * Whether an oddity of a part is one of a broader slice: whether what the rest of that slice shows is likelier if its
 * means moved as the part's than if they did not (the sign of the logarithm of the likelihood ratio, normal along the
 * axes of the rest). A rest of too few requests to tell moved along: nothing speaks for the narrower scope.
 *
 * @param from first window of the oddity
 * @param to the window after its last
 */
export function hasRestMoved(
  broader: OutlierInput,
  part: OutlierInput,
  calendar: Calendar,
  from: number,
  to: number,
): boolean {
  const rest = Float64Array.from(broader.requests, (all, w) => all - part.requests[w])
  const shifts: number[] = []
  const values: Float64Array[] = []
  const residuals: Float64Array[] = []
  for (const [i, { values: all, isMean }] of broader.metrics.entries()) {
    const own = part.metrics[i].values
    const moved = isMean ? measureResiduals(own, part.requests, calendar) : null
    if (moved === null) continue
    const left = all.map((value, w) =>
      rest[w] < FEWEST_PER_WINDOW
        ? Number.NaN
        : rest[w] < broader.requests[w]
          ? (value * broader.requests[w] - own[w] * part.requests[w]) / rest[w]
          : value,
    )
    const off = measureResiduals(left, rest, calendar)
    if (off === null) continue
    shifts.push(meanKnown(moved.off, from, to))
    values.push(left)
    residuals.push(off.off)
  }
  const axes = residuals.length === 0 ? null : findAxes(residuals, rest)
  if (axes === null) return true
  let ratio = 0
  for (const axis of axes) {
    const along = measureResiduals(project(values, axis), rest, calendar)
    if (along === null) continue
    const shift = axis.reduce((sum, weight, k) => sum + weight * shifts[k], 0)
    const scale = scaleOfBlocks(along.off, to - from)
    const seen = meanKnown(along.off, from, to)
    if (!(scale > 0) || Number.isNaN(seen)) continue
    ratio += (shift * (seen - shift / 2)) / (scale * scale)
  }
  return !(ratio < 0)
}

/** Spread of the means of so many windows. */
function scaleOfBlocks(values: Float64Array, length: number): number {
  const means: number[] = []
  for (let from = 0; from + length <= values.length; from += length) means.push(meanKnown(values, from, from + length))
  return madScale(means, median(means))
}

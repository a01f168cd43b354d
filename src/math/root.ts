const MOST_STEPS = 100
/** Estimates that differ by this part are one. */
const NEAR = 1e-14

/**
 * Where a falling function crosses zero, by false position with the Illinois rule (Dowell & Jarratt 1971): about ten
 * calls where the function is nearly straight.
 *
 * @param excess at least 0 at `low`, and at most 0 from some place on
 * @param low where to begin, ≥ 0
 * @param step how far the crossing may be from there; doubled until it is passed
 * @returns the place, to about 14 digits
 */
export function findCrossing(excess: (x: number) => number, low: number, step: number): number {
  let left = low
  let atLeft = excess(left)
  let right = left + step
  let atRight = excess(right)
  for (let width = step; atRight > 0 && right < Number.MAX_VALUE; width *= 2) {
    left = right
    atLeft = atRight
    right += width
    atRight = excess(right)
  }
  let moved: 'left' | 'right' | null = null
  let last = right
  for (let i = 0; i < MOST_STEPS && atLeft > atRight; i++) {
    const next = right - (atRight * (right - left)) / (atRight - atLeft)
    if (Math.abs(next - last) <= NEAR * next) return next
    last = next
    const atNext = excess(next)
    if (atNext > 0) {
      left = next
      atLeft = atNext
      // The end that stays twice counts half, or it would stay for good.
      if (moved === 'left') atRight /= 2
      moved = 'left'
    } else {
      right = next
      atRight = atNext
      if (moved === 'right') atLeft /= 2
      moved = 'right'
    }
  }
  return last
}

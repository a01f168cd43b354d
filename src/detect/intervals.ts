/** From this many windows on positions lie closer: a long fault must not leave much of itself outside. */
const LONG = 8
/** Lengths between those of an octave, in multiples of its shortest. */
const BETWEEN = [1.25, 1.75]

/**
 * The intervals [from, to) that are judged: 1, 2, 3, 4, 6, 8, 12 … windows half a length apart, so that short bursts,
 * ramps and level shifts are one mechanism; from 8 windows on a quarter of a length apart; and for what lasts each length
 * at the very end, where from 8 windows on those between are judged as well: only its beginning is to be found.
 *
 * @param longest at most this many windows, ≤ windows
 */
export function listIntervals(windows: number, longest: number): { readonly from: number; readonly to: number }[] {
  const intervals: { from: number; to: number }[] = []
  for (let power = 1; power <= longest; power *= 2) {
    for (const length of power >= 2 ? [power, 1.5 * power] : [power]) {
      if (length > longest) continue
      const step = Math.max(1, length >= LONG ? Math.floor(length / 4) : length >> 1)
      let from = 0
      for (; from + length <= windows; from += step) intervals.push({ from, to: from + length })
      if (from - step + length < windows) intervals.push({ from: windows - length, to: windows })
    }
    if (power < LONG) continue
    for (const length of BETWEEN.map((part) => part * power)) {
      if (length <= longest) intervals.push({ from: windows - length, to: windows })
    }
  }
  return intervals
}

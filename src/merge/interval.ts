/**
 * Where an anomaly begins and ends, given how much each window speaks for it.
 *
 * @param gain per window: log-likelihood ratio of "anomalous" against "as expected"; negative speaks against
 * @param from, to windows [from, to) that hold the anomaly or its core
 * @returns the best-scoring run inside the seed, extended on each side as far as the extension's sum is positive
 */
export function refineInterval(
  gain: (window: number) => number,
  windows: number,
  from: number,
  to: number,
): [number, number] {
  let best = Number.NEGATIVE_INFINITY
  let start = from
  let end = to
  let sum = 0
  let since = from
  for (let w = from; w < to; w++) {
    if (sum <= 0) {
      sum = 0
      since = w
    }
    sum += gain(w)
    if (sum > best) {
      best = sum
      start = since
      end = w + 1
    }
  }
  if (best <= 0) return [from, to]

  return [
    start - extend((step) => gain(start - step), start),
    end + extend((step) => gain(end + step - 1), windows - end),
  ]
}

/** How many windows beyond an edge still belong: as far as their gains add up, each lull paid for by what follows it. */
function extend(gain: (step: number) => number, most: number): number {
  let reached = 0
  let best = 0
  let sum = 0
  for (let step = 1; step <= most; step++) {
    sum += gain(step)
    const lull = step - reached - 1
    if (sum > best + (lull > 0 ? RESUME : 0)) {
      best = sum
      reached = step
    }
    if (sum < best - PATIENCE) break
  }
  return reached
}

/** A lull that speaks this strongly (natural log units) against the anomaly ends it: what follows is another one. */
const PATIENCE = 8
/** After a lull a stray error is no continuation: what follows must speak this strongly beyond making up for it. */
const RESUME = 4

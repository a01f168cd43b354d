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

  let reach = 0
  sum = 0
  const core = start
  for (let w = core - 1; w >= 0; w--) {
    sum += gain(w)
    if (sum > reach) {
      reach = sum
      start = w
    }
    if (sum < -PATIENCE) break
  }
  reach = 0
  sum = 0
  for (let w = end; w < windows; w++) {
    sum += gain(w)
    if (sum > reach) {
      reach = sum
      end = w + 1
    }
    if (sum < -PATIENCE) break
  }
  return [start, end]
}

/** A lull that speaks this strongly (natural log units) against the anomaly ends it: what follows is another one. */
const PATIENCE = 8

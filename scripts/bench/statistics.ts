/** What is said of repeated measurements. */

/** The middle value, the mean of the two middle ones when there are evenly many; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length === 0
    ? Number.NaN
    : sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * The order in which subjects take turns: each once a round, and each round begins one further, so that what changes on
 * the machine meanwhile (heat, neighbours, caches) meets all of them alike.
 */
export function alternate(subjects: number, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: subjects }, (_, turn) => (round + turn) % subjects),
  ).flat()
}

/** Cost of one more row between two sizes, for each neighbouring pair of sizes in ascending order. */
export function marginalCosts(points: readonly { readonly rows: number; readonly cost: number }[]): number[] {
  const sorted = points.toSorted((a, b) => a.rows - b.rows)
  return sorted.slice(1).map(({ rows, cost }, i) => (cost - sorted[i].cost) / (rows - sorted[i].rows))
}

/** By how much the largest exceeds the smallest, 0 when they are equal; NaN of none, and when one is not above 0. */
export function unevenness(values: readonly number[]): number {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return values.length === 0 || !(least > 0) ? Number.NaN : most / least - 1
}

/**
 * The stable order of a column: a natural merge sort, so that a sorted log costs one pass and k sorted files log k.
 *
 * @param keys no NaN
 * @param rows how many of them count
 * @returns row numbers by ascending key, equal keys in their old order; null when they are in order already
 */
export function ascendingOrder(keys: Float64Array, rows: number): Uint32Array | null {
  let runs = findRuns(keys, rows)
  if (runs.length <= 2) return null
  let from = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) from[row] = row
  let into = new Uint32Array(rows)
  while (runs.length > 2) {
    const merged = [0]
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = runs[Math.min(run + 2, runs.length - 1)]
      mergeRuns(keys, from, into, runs[run], runs[run + 1], end)
      merged.push(end)
    }
    runs = merged
    const spent = from
    from = into
    into = spent
  }
  return from
}

/** Starts of the ascending runs, and the end of the last. */
function findRuns(keys: Float64Array, rows: number): number[] {
  const starts = [0]
  for (let row = 1; row < rows; row++) if (keys[row] < keys[row - 1]) starts.push(row)
  starts.push(rows)
  return starts
}

/** Merges from[start, middle) and from[middle, end) into the same places of `into`. */
function mergeRuns(
  keys: Float64Array,
  from: Uint32Array,
  into: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start
  let right = middle
  for (let place = start; place < end; place++) {
    const takeLeft = left < middle && (right >= end || keys[from[left]] <= keys[from[right]])
    into[place] = from[takeLeft ? left++ : right++]
  }
}

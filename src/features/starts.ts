/**
 * Where windows begin in a sorted column: without a look at every row.
 *
 * @param time ms, ascending, the first not before `startMs`; only the first `rows` count
 * @param windowMs whole milliseconds, like `startMs`
 * @returns for each window the index of its first row, and the number of rows behind the last
 */
export function findStarts(
  time: Float64Array,
  rows: number,
  startMs: number,
  windowMs: number,
  windows: number,
): Uint32Array {
  const starts = new Uint32Array(windows + 1)
  for (let window = 1; window <= windows; window++) {
    starts[window] = firstFrom(time, rows, starts[window - 1], startMs + window * windowMs)
  }
  return starts
}

/** The first row from `from` on that is not before a time: by steps that double, then by halves. */
export function firstFrom(time: Float64Array, rows: number, from: number, ms: number): number {
  let low = from
  let step = 1
  while (low + step <= rows && time[low + step - 1] < ms) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step - 1, rows)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (time[middle] < ms) low = middle + 1
    else high = middle
  }
  return low
}

/** How many rows each window has. */
export function countRows(starts: Uint32Array): Uint32Array {
  const counts = new Uint32Array(starts.length - 1)
  for (let window = 0; window < counts.length; window++) counts[window] = starts[window + 1] - starts[window]
  return counts
}

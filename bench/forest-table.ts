/** The table that the forest's benchmarks share: numbers of a hash, so that every language makes the same. */

/**
 * Each value is the sum of three uniform numbers, so that most rows lie in the middle; every thousandth row is moved
 * out by 2 in one column.
 *
 * @returns one array per column
 */
export function makeTable(rows: number, columns: number): Float64Array[] {
  return Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => {
      const at = (row * columns + column) * 3
      const value = uniform(at) + uniform(at + 1) + uniform(at + 2)
      return row % 1000 === 0 && column === (row / 1000) % columns ? value + 2 : value
    }),
  )
}

/** MurmurHash3's finalizer of a counter, as a number in [0, 1). */
function uniform(counter: number): number {
  let hash = counter | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}

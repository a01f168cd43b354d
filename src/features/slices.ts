import {
  type Cut,
  DIMENSIONS,
  type Dimension,
  type LogTable,
  type Scope,
  type Slice,
  type SliceTable,
} from '../types.ts'

export interface SliceOptions {
  readonly dimensions: readonly Dimension[]
  /** Requests that a slice needs to be watched at all. */
  readonly minRequests: number
  /** At most this many slices, the busiest first. */
  readonly maxSlices: number
}

/**
 * Lists the slices worth watching: single values and pairs with enough requests that narrow the log (a region that
 * is the only one narrows nothing; a pair that equals one of its parts neither).
 */
export function buildSlices(table: LogTable, options: SliceOptions): { sliceTable: SliceTable; notes: string[] } {
  const slices: Slice[] = [{ scope: {}, level: 0, requests: table.rows, parents: [] }]
  const cuts: Cut[] = []
  const notes: string[] = []
  const singles = new Map<Dimension, Int32Array>()

  for (const dimension of options.dimensions) {
    const { codes, values } = table.dimensions[dimension]
    const counts = new Uint32Array(values.length)
    for (let row = 0; row < table.rows; row++) counts[codes[row]]++
    const slice = new Int32Array(values.length).fill(-1)
    for (let code = 1; code < values.length; code++) {
      if (counts[code] < options.minRequests || counts[code] === table.rows) continue
      slice[code] = slices.length
      slices.push({ scope: { [dimension]: values[code] }, level: 1, requests: counts[code], parents: [0] })
    }
    singles.set(dimension, slice)
    if (slice.some((index) => index >= 0)) cuts.push({ dimensions: [dimension], slice })
  }

  const pairs: { scope: Scope; requests: number; parents: number[]; cut: Map<number, number>; key: number }[] = []
  for (const [i, first] of options.dimensions.entries()) {
    for (const second of options.dimensions.slice(i + 1)) {
      const cut = new Map<number, number>()
      const a = table.dimensions[first]
      const b = table.dimensions[second]
      const counts = countPairs(table, first, second)
      for (const [key, requests] of counts) {
        const sliceA = singles.get(first)![Math.floor(key / b.values.length)]
        const sliceB = singles.get(second)![key % b.values.length]
        if (sliceA < 0 || sliceB < 0 || requests < options.minRequests) continue
        if (requests === slices[sliceA].requests || requests === slices[sliceB].requests) continue
        const scope = {
          [first]: a.values[Math.floor(key / b.values.length)],
          [second]: b.values[key % b.values.length],
        }
        pairs.push({ scope, requests, parents: [sliceA, sliceB], cut, key })
      }
      cuts.push({ dimensions: [first, second], slice: cut })
    }
  }
  const room = Math.max(0, options.maxSlices - slices.length)
  if (pairs.length > room) {
    pairs.sort((a, b) => b.requests - a.requests)
    notes.push(
      `${pairs.length - room} of ${pairs.length} pairs of dimensions were not watched: the ${room} busiest were, from ${pairs[room - 1]?.requests ?? 0} requests up.`,
    )
    pairs.length = room
  }
  for (const { scope, requests, parents, cut, key } of pairs) {
    cut.set(key, slices.length)
    slices.push({ scope, level: 2, requests, parents })
  }
  return { sliceTable: { slices, cuts: cuts.filter(({ slice }) => !(slice instanceof Map) || slice.size > 0) }, notes }
}

/** Rows by pair of codes; the key is first code × number of second values + second code. Unknown values do not count. */
function countPairs(table: LogTable, first: Dimension, second: Dimension): Map<number, number> {
  const a = table.dimensions[first]
  const b = table.dimensions[second]
  const counts = new Map<number, number>()
  const width = b.values.length
  if (a.values.length * width <= 4_000_000) {
    const dense = new Uint32Array(a.values.length * width)
    for (let row = 0; row < table.rows; row++) dense[a.codes[row] * width + b.codes[row]]++
    for (let key = width; key < dense.length; key++) if (dense[key] > 0 && key % width > 0) counts.set(key, dense[key])
    return counts
  }
  for (let row = 0; row < table.rows; row++) {
    if (a.codes[row] === 0 || b.codes[row] === 0) continue
    const key = a.codes[row] * width + b.codes[row]
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Calls back with each watched slice that a row lies in, the whole first. */
export function buildMembership(
  table: LogTable,
  { cuts }: SliceTable,
): (row: number, visit: (slice: number) => void) => void {
  const lookups = cuts.map(({ dimensions, slice }) => {
    const a = table.dimensions[dimensions[0]].codes
    if (!(slice instanceof Map)) return (row: number) => slice[a[row]]
    const b = table.dimensions[dimensions[1]].codes
    const width = table.dimensions[dimensions[1]].values.length
    return (row: number) => slice.get(a[row] * width + b[row]) ?? -1
  })
  return (row, visit) => {
    visit(0)
    for (const lookup of lookups) {
      const slice = lookup(row)
      if (slice >= 0) visit(slice)
    }
  }
}

/** A function that says whether a row lies in a scope. A value that the log does not have matches no row. */
export function buildScopeTest(table: LogTable, scope: Scope): (row: number) => boolean {
  const wanted = DIMENSIONS.filter((dimension) => scope[dimension] !== undefined).map((dimension) => ({
    codes: table.dimensions[dimension].codes,
    code: table.dimensions[dimension].values.indexOf(scope[dimension]!),
  }))
  return (row) => wanted.every(({ codes, code }) => codes[row] === code)
}

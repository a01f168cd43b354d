import {
  type Combinations,
  type Cut,
  DIMENSIONS,
  type Dimension,
  type LogTable,
  type Scope,
  type Slice,
  type SliceTable,
} from '../types.ts'
import { buildCombinations } from './combinations.ts'

export interface SliceOptions {
  readonly dimensions: readonly Dimension[]
  /** Requests that a slice needs to be watched at all. */
  readonly minRequests: number
  /** At most this many slices with the whole, the busiest: every one costs time in proportion to the windows. */
  readonly maxSlices: number
}

/** A slice that may be watched, and where its number is then noted. */
interface Candidate extends Slice {
  readonly cut: Int32Array | Map<number, number>
  readonly key: number
}

/**
 * Lists the slices worth watching: single values and pairs with enough requests that narrow the log (a region that
 * is the only one narrows nothing; a pair that equals one of its parts neither).
 */
export function buildSlices(
  table: LogTable,
  options: SliceOptions,
  combinations: Combinations = buildCombinations(table),
): { sliceTable: SliceTable; notes: string[] } {
  const slices: Slice[] = [{ scope: {}, level: 0, requests: table.rows, parents: [] }]
  const cuts: Cut[] = []
  const notes: string[] = []
  const watch = (candidates: Candidate[], what: string) => {
    const room = Math.max(0, options.maxSlices - slices.length)
    const kept = keepBusiest(candidates, room)
    if (kept.length < candidates.length) notes.push(describeLeftOut(candidates, kept, what))
    for (const { cut, key, ...slice } of kept) {
      if (cut instanceof Map) cut.set(key, slices.length)
      else cut[key] = slices.length
      slices.push(slice)
    }
  }

  const singles = new Map<Dimension, Int32Array>()
  const values: Candidate[] = []
  for (const dimension of options.dimensions) {
    const cut = new Int32Array(table.dimensions[dimension].values.length).fill(-1)
    singles.set(dimension, cut)
    cuts.push({ dimensions: [dimension], slice: cut })
    for (const [code, requests] of countValues(table, combinations, dimension).entries()) {
      if (code === 0 || requests < options.minRequests || requests === table.rows) continue
      const scope = { [dimension]: table.dimensions[dimension].values[code] }
      values.push({ scope, level: 1, requests, parents: [0], cut, key: code })
    }
  }
  watch(values, 'values of dimensions')

  const pairs: Candidate[] = []
  for (const [i, first] of options.dimensions.entries()) {
    for (const second of options.dimensions.slice(i + 1)) {
      const cut = new Map<number, number>()
      const a = table.dimensions[first]
      const b = table.dimensions[second]
      for (const [key, requests] of countPairs(table, combinations, first, second)) {
        const sliceA = singles.get(first)![Math.floor(key / b.values.length)]
        const sliceB = singles.get(second)![key % b.values.length]
        if (sliceA < 0 || sliceB < 0 || requests < options.minRequests) continue
        if (requests === slices[sliceA].requests || requests === slices[sliceB].requests) continue
        const scope = {
          [first]: a.values[Math.floor(key / b.values.length)],
          [second]: b.values[key % b.values.length],
        }
        pairs.push({ scope, level: 2, requests, parents: [sliceA, sliceB], cut, key })
      }
      cuts.push({ dimensions: [first, second], slice: cut })
    }
  }
  watch(pairs, 'pairs of dimensions')
  const isUsed = ({ slice }: Cut) => (slice instanceof Map ? slice.size > 0 : slice.some((index) => index >= 0))
  return { sliceTable: { slices, cuts: cuts.filter(isUsed) }, notes }
}

/** The busiest first when there are too many, else all as they are. */
function keepBusiest(candidates: readonly Candidate[], room: number): readonly Candidate[] {
  if (candidates.length <= room) return candidates
  return candidates.toSorted((a, b) => b.requests - a.requests).slice(0, room)
}

function describeLeftOut(candidates: readonly Candidate[], kept: readonly Candidate[], what: string): string {
  const watched = new Set(kept)
  const leftOut = candidates.filter((candidate) => !watched.has(candidate))
  const busiest = leftOut.reduce((a, b) => (b.requests > a.requests ? b : a))
  const name = Object.entries(busiest.scope)
    .map(([dimension, value]) => `${dimension} ${value}`)
    .join(', ')
  const count = leftOut.length === 1 ? '1' : `${leftOut.length}`
  const rest =
    kept.length === 0 ? 'none was' : `the ${kept.length} busiest were, from ${kept.at(-1)!.requests} requests up`
  return `${count} of ${candidates.length} ${what} were not watched: ${rest}; the busiest left out is ${name} with ${busiest.requests} requests.`
}

/** Rows by code of one dimension. */
function countValues(table: LogTable, { count, rows, codes }: Combinations, dimension: Dimension): Uint32Array {
  const counts = new Uint32Array(table.dimensions[dimension].values.length)
  for (let combination = 0; combination < count; combination++) {
    counts[codes[dimension][combination]] += rows[combination]
  }
  return counts
}

/**
 * Rows by pair of codes, in the order of the keys; a key is first code × number of second values + second code. Unknown
 * values do not count.
 */
function countPairs(
  table: LogTable,
  { count, rows, codes }: Combinations,
  first: Dimension,
  second: Dimension,
): [key: number, requests: number][] {
  const counts = new Map<number, number>()
  const width = table.dimensions[second].values.length
  for (let combination = 0; combination < count; combination++) {
    const [a, b] = [codes[first][combination], codes[second][combination]]
    if (a === 0 || b === 0) continue
    counts.set(a * width + b, (counts.get(a * width + b) ?? 0) + rows[combination])
  }
  return [...counts].sort(([a], [b]) => a - b)
}

/** The watched slices that each combination of values lies in, the whole first: entries [offsets[c], offsets[c + 1]). */
export interface Membership {
  readonly offsets: Uint32Array
  readonly slices: Uint32Array
}

export function buildMembership(table: LogTable, { cuts }: SliceTable, { count, codes }: Combinations): Membership {
  const lookups = cuts.map(({ dimensions, slice }) => {
    const a = codes[dimensions[0]]
    if (!(slice instanceof Map)) return (combination: number) => slice[a[combination]]
    const b = codes[dimensions[1]]
    const width = table.dimensions[dimensions[1]].values.length
    return (combination: number) => slice.get(a[combination] * width + b[combination]) ?? -1
  })
  const offsets = new Uint32Array(count + 1)
  const slices: number[] = []
  for (let combination = 0; combination < count; combination++) {
    slices.push(0)
    for (const lookup of lookups) {
      const slice = lookup(combination)
      if (slice >= 0) slices.push(slice)
    }
    offsets[combination + 1] = slices.length
  }
  return { offsets, slices: Uint32Array.from(slices) }
}

/** Calls back with each watched slice that a row lies in, the whole first. */
export function createVisit(
  { of }: Combinations,
  { offsets, slices }: Membership,
): (row: number, visit: (slice: number) => void) => void {
  return (row, visit) => {
    const combination = of[row]
    for (let i = offsets[combination]; i < offsets[combination + 1]; i++) visit(slices[i])
  }
}

/** By combination 1 when it lies in a scope. A value that the log does not have is in none. */
export function markScope(table: LogTable, { count, codes }: Combinations, scope: Scope): Uint8Array {
  const inside = new Uint8Array(count).fill(1)
  for (const dimension of DIMENSIONS) {
    if (scope[dimension] === undefined) continue
    const code = table.dimensions[dimension].values.indexOf(scope[dimension])
    for (let combination = 0; combination < count; combination++) {
      if (codes[dimension][combination] !== code) inside[combination] = 0
    }
  }
  return inside
}

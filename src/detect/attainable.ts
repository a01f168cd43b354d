/**
 * What tests of counts can attain: where few bad requests are expected they leave most of their part of the budget of
 * false alarms to the others (Tarone 1990, a step further: not only tests that can never be rejected leave theirs).
 */
import { octaveOf } from '../math/octave.ts'
import type { CountedTests } from '../types.ts'
import type { IntervalTable } from './screen.ts'
import type { ShareModel } from './share-model.ts'

/** Octaves of requests that are told apart: a whole log's are fewer than 2^32. */
const OCTAVES = 32
/** Tests are gathered in so many steps an octave of expected bad requests, and in one an octave of spread. */
const STEPS = 4
/** Fewer expected bad requests or less spread than these count as that. */
const LEAST_EXPECTED = 2 ** -20
const LEAST_SPREAD = 2 ** -10

/** Gathers tests by what is expected of them. */
export interface Attainable {
  /** Adds tests of which so many bad requests are expected, with a relative variance φ besides. */
  add(expected: number, spread: number, tests: number): void
  list(): CountedTests[]
}

export function createAttainable(): Attainable {
  const bins = new Map<number, { readonly expected: number; readonly spread: number; tests: number }>()
  return {
    add(expected, spread, tests) {
      const row = Math.round(STEPS * Math.log2(Math.max(LEAST_EXPECTED, expected)))
      const column = Math.round(Math.log2(Math.max(LEAST_SPREAD, spread)))
      const key = 1024 * row + column
      const bin = bins.get(key)
      if (bin === undefined) bins.set(key, { expected: 2 ** (row / STEPS), spread: 2 ** column, tests })
      else bin.tests += tests
    },
    list: () => [...bins.values()],
  }
}

/** A slice's tests by the requests that they are of. */
export interface TestSizes {
  /** By octave of the length, then of the requests. */
  readonly counts: Int32Array
  /** What is expected of a request, and what that expectation is worth itself: 1 / (bad requests that it was learnt from). */
  readonly share: number
  readonly doubt: number
}

/** @param fewest requests that a test needs */
export function countSizes(model: ShareModel, { from, groups }: IntervalTable, fewest: number): TestSizes {
  const { sumTotal, busiest } = model
  const longest = groups.reduce((most, { length }) => Math.max(most, octaveOf(length)), 0)
  const counts = new Int32Array(OCTAVES * (longest + 1))
  for (const { first, end, length, step } of groups) {
    if (busiest * length < fewest) continue
    const row = OCTAVES * octaveOf(length)
    let at = from[first]
    for (let i = first; i < end; i++, at += step) {
      const n = sumTotal[at + length] - sumTotal[at]
      if (n >= fewest) counts[row + octaveOf(n)]++
    }
  }
  const { share, doubt } = model.expect(0, 0)
  return { counts, share, doubt: doubt / share }
}

/**
 * Adds a slice's tests of one octave of lengths.
 *
 * @param spread φ that intervals of such a length are judged with
 */
export function addSizes(into: Attainable, { counts, share, doubt }: TestSizes, octave: number, spread: number): void {
  for (let size = 0; size < OCTAVES; size++) {
    const tests = counts[OCTAVES * octave + size]
    if (tests === 0) continue
    // Spread over the octave, or all of them would attain what one size does.
    for (let step = 0; step < STEPS; step++) {
      into.add(share * 2 ** (size + (step + 0.5) / STEPS), spread + doubt, tests / STEPS)
    }
  }
}

/** The evidence of a slice's candidates, in columns: a large log has a million of them, and each has 18 numbers. */
import type { Evidence } from './share-judge.ts'
import type { Strangeness } from './strangeness.ts'

export interface Candidates {
  /** Where they stand in the table of intervals, ascending. */
  readonly at: Int32Array
  /** A row of `ROW` numbers each. */
  readonly rows: Float64Array
  /** By candidate, where there is any. */
  readonly strange: Map<number, Strangeness>
}

/** Of an evidence: its own numbers, then the sums of the blocks outside. */
const OWN = 9
const ROW = 18

/** @param at where they stand in the table of intervals */
export function createCandidates(at: readonly number[]): Candidates {
  return { at: Int32Array.from(at), rows: new Float64Array(ROW * at.length), strange: new Map() }
}

/** Keeps the evidence of candidate i. */
export function keepEvidence({ rows, strange }: Candidates, i: number, evidence: Evidence): void {
  const row = ROW * i
  rows[row] = evidence.bad
  rows[row + 1] = evidence.total
  rows[row + 2] = evidence.share
  rows[row + 3] = evidence.doubt
  rows[row + 4] = evidence.overall
  rows[row + 5] = evidence.weeklyShare
  rows[row + 6] = evidence.exponent
  const { scales, sums } = evidence.outside
  rows[row + 7] = scales
  rows[row + 8] = evidence.lengthRatio
  for (let j = 0; j < sums.length; j++) rows[row + OWN + j] = sums[j]
  if (evidence.strange !== null) strange.set(i, evidence.strange)
}

/**
 * The evidence of candidate i.
 *
 * @param into where to put it
 */
export function recallEvidence({ rows, strange }: Candidates, i: number, into: Evidence): Evidence {
  const row = ROW * i
  into.bad = rows[row]
  into.total = rows[row + 1]
  into.share = rows[row + 2]
  into.doubt = rows[row + 3]
  into.overall = rows[row + 4]
  into.weeklyShare = rows[row + 5]
  into.exponent = rows[row + 6]
  const { outside } = into
  outside.scales = rows[row + 7]
  into.lengthRatio = rows[row + 8]
  for (let j = 0; j < outside.sums.length; j++) outside.sums[j] = rows[row + OWN + j]
  into.strange = strange.size === 0 ? null : (strange.get(i) ?? null)
  return into
}

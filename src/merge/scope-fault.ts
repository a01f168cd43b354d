import ln from '@stdlib/math-base-special-ln'

/**
 * What a scope has in an interval, and how well a fault of it explains that: each request is bad by the fault, all of the
 * scope's with one chance, or as usual, or good because it is neither. So a bad request in a parent's healthy part costs
 * the parent what the good ones there say, whatever share is usual: that share, known from a handful of bad requests
 * where they are rare, is the same in parent and child and falls out of their comparison.
 */
export interface Tally {
  bad: number
  total: number
  /** Bad requests that are usual: a sum over requests, so that scopes can be compared. */
  expected: number
  /** Σ ln(chance to be bad with the fault / usual chance) over the bad requests. */
  gain: number
}

export function createTally(): Tally {
  return { bad: 0, total: 0, expected: 0, gain: 0 }
}

/** Adds requests of which `usual` (0..1, exclusive) is the usual share of bad ones. */
export function addRequests(tally: Tally, bad: number, total: number, usual: number): void {
  tally.bad += bad
  tally.total += total
  tally.expected += total * usual
}

/** Adds what bad requests of one usual share say, once all requests have been added. */
export function addGain(tally: Tally, bad: number, usual: number): void {
  tally.gain += bad * ln(1 + (faultShare(tally) * (1 - usual)) / usual)
}

/** The chance of a request to be made bad by the fault: what is bad beyond what is usual, of what is usually good. */
function faultShare({ bad, total, expected }: Tally): number {
  return bad <= expected ? 0 : (bad - expected) / (total - expected)
}

/** ln of the likelihood with the fault over that of "as usual"; 0 when no more is bad than usual. */
export function likelihoodRatio(tally: Tally): number {
  const good = tally.total - tally.bad
  return tally.gain + (good > 0 ? good * ln(1 - faultShare(tally)) : 0)
}

import type { Calendar } from './calendar.ts'

/** Columns over all windows in which one model after the other is fitted: a model is lost when the next one is. */
export interface ModelColumns {
  readonly sumBad: Float64Array
  readonly sumTotal: Float64Array
  readonly sumUseBad: Float64Array
  readonly sumUseTotal: Float64Array
  readonly phaseBad: Float64Array
  readonly phaseTotal: Float64Array
  readonly fixed: Float64Array
  readonly weight: Float64Array
  readonly doubt: Float64Array
  readonly week: Float64Array
  readonly weekTotal: Float64Array
  /** By window of the week. */
  readonly weekBad: Float64Array
  readonly weekSeen: Float64Array
  /** Made when first asked for, see long-sums.ts. */
  strides: Strides | null
}

/**
 * Sums of the sums of the windows a day, two days … before: with S[w] the sum of w − 1 day, w − 2 days …, column[v] is the
 * sum of S[w] for w < v. So (column[v + days] − column[u + days]) − (column[v] − column[u]) is what windows [u, v) hold
 * in so many days from u on. On weekdays and on weekends: all requests, those that teach, and bad ones that teach.
 */
export interface Strides {
  readonly total: readonly [Float64Array, Float64Array]
  /** The same columns as `total` where all requests teach. */
  used: readonly [Float64Array, Float64Array]
  readonly usedOfMasked: readonly [Float64Array, Float64Array]
  readonly bad: readonly [Float64Array, Float64Array]
  /** Of the squares of all requests of a window; filled when first asked for. */
  readonly squares: readonly [Float64Array, Float64Array]
  /** By phase of the day, twice around: sums over the phases before. */
  readonly phaseBad: readonly [Float64Array, Float64Array]
  readonly phaseTotal: readonly [Float64Array, Float64Array]
  /** Of the first w windows those on weekends. */
  readonly weekends: Uint32Array
}

export function createModelColumns({ windows, phases, weekly }: Calendar): ModelColumns {
  const sums = () => new Float64Array(windows + 1)
  const seasonal = () => new Float64Array(phases > 0 ? windows + 1 : 0)
  const ofWeeks = () => new Float64Array(weekly > 0 ? windows + 1 : 0)
  const byPhase = () => new Float64Array(2 * phases)
  return {
    sumBad: sums(),
    sumTotal: sums(),
    sumUseBad: sums(),
    sumUseTotal: sums(),
    phaseBad: byPhase(),
    phaseTotal: byPhase(),
    fixed: seasonal(),
    weight: seasonal(),
    doubt: seasonal(),
    week: ofWeeks(),
    weekTotal: ofWeeks(),
    weekBad: new Float64Array(weekly),
    weekSeen: new Float64Array(weekly),
    strides: null,
  }
}

export function createStrides({ windows, phases, kindOf }: Calendar): Strides {
  const weekends = new Uint32Array(windows + 1)
  for (let w = 0; w < windows; w++) weekends[w + 1] = weekends[w] + kindOf[w]
  const pair = (length: number): [Float64Array, Float64Array] => [new Float64Array(length), new Float64Array(length)]
  const sums = () => pair(windows + phases + 1)
  const around = () => pair(2 * phases + 1)
  const total = sums()
  return {
    total,
    used: total,
    usedOfMasked: sums(),
    bad: sums(),
    squares: sums(),
    phaseBad: around(),
    phaseTotal: around(),
    weekends,
  }
}

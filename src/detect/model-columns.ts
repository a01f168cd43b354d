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
 * Sums of the windows a day, two days … before, on weekdays and on weekends: `total[w] − total[v]` is that of w's phase
 * since v. Of all requests, of those that teach, of bad ones that teach, and of squares of all.
 */
export interface Strides {
  readonly total: readonly [Float64Array, Float64Array]
  readonly used: readonly [Float64Array, Float64Array]
  readonly bad: readonly [Float64Array, Float64Array]
  readonly squares: readonly [Float64Array, Float64Array]
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
  const sums = (): [Float64Array, Float64Array] => [
    new Float64Array(windows + phases),
    new Float64Array(windows + phases),
  ]
  return { total: sums(), used: sums(), bad: sums(), squares: sums(), weekends }
}

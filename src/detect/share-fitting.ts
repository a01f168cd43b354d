import type { ShareEvidence, ShareSeries } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { type BlockColumns, createBlockColumns, measureSpread, type Spread } from './dispersion.ts'
import { createModelColumns, type ModelColumns } from './model-columns.ts'
import { type ShareSubject, sumShares } from './share-input.ts'
import { fitShareModel, type ShareModel, type ShareModelOptions } from './share-model.ts'
import { siblingPrior } from './sibling-prior.ts'

/** A version's endpoint behaved like this in other versions: worth more than a mere sibling. */
const VERSION_STRENGTH = 100
/** A judged interval is at most this part of the log; with a baseline log all of it. */
const LONGEST_PART = 0.5

/** What slices have in common once all were looked at. */
export interface SharePool {
  /** By slice, 1 for the windows that are no example of what is usual; null when there are none. */
  readonly masks: ReadonlyMap<number, Uint8Array> | null
  /** By level of the slices, see `poolPhaseStrengths`. */
  readonly phaseStrengths: readonly number[]
}

/** What is usual of a series, and how far it wanders from that. */
export interface ShareFit {
  readonly model: ShareModel
  readonly spread: Spread
}

/** Columns for a model, for the one that its spread is measured around, and for that. */
interface Workspace {
  readonly model: ModelColumns
  readonly own: ModelColumns
  readonly blocks: BlockColumns
}

export function createWorkspace(calendar: Calendar): Workspace {
  return {
    model: createModelColumns(calendar),
    own: createModelColumns(calendar),
    blocks: createBlockColumns(calendar),
  }
}

export interface ShareFitting {
  readonly withBaseline: boolean
  /** Windows of the longest interval that is judged. */
  readonly longest: number
  readonly maskOf: (slice: number) => Uint8Array | null
  readonly phaseStrengthOf: (slice: number) => number
  /** @param columns where it is kept, lost with the next fit; null for one that lasts */
  fitSlice(slice: number, columns: Workspace | null): ShareFit
  /** Fits a series of another scope, held against the whole, as those of a level are. */
  fitSeries(series: ShareSeries, baseline: ShareEvidence | null, level: number): ShareFit
}

export function createShareFitting(
  { kind, slices, inputs, calendar, sumOf }: ShareSubject,
  { masks, phaseStrengths }: SharePool,
): ShareFitting {
  const withBaseline = inputs.some((input) => input?.baseline)
  const longest = Math.max(1, withBaseline ? calendar.windows : Math.floor(calendar.windows * LONGEST_PART))
  const maskOf = (slice: number) => masks?.get(slice) ?? null

  /** What a slice's siblings say: its parent without itself, in the baseline log where there is one. */
  const priorOf = (slice: number): ShareEvidence => {
    const parent = slices[slice].parents[0]
    const strength = slices[slice].scope.version === undefined ? kind.siblingStrength : VERSION_STRENGTH
    return siblingPrior(
      parent === undefined ? null : (inputs[parent]?.baseline ?? sumOf(parent)),
      inputs[slice]?.baseline ?? sumOf(slice)!,
      strength,
      kind.standing,
    )
  }
  const phaseStrengthOf = (slice: number) => phaseStrengths[slices[slice].level] / overallVariance(sumOf(slice)!)
  const fit = (series: ShareSeries, options: ShareModelOptions, columns: Workspace | null): ShareFit => {
    const model = fitShareModel(series, calendar, options, columns?.model)
    // How a share wanders is seen around its own mean: what lies off the baseline log all along is no wandering.
    const own =
      options.baseline === null ? model : fitShareModel(series, calendar, { ...options, baseline: null }, columns?.own)
    return { model, spread: measureSpread(own, calendar, options.masked, longest, kind.typicalSpread, columns?.blocks) }
  }
  return {
    withBaseline,
    longest,
    maskOf,
    phaseStrengthOf,
    fitSlice(slice, columns) {
      const { series, baseline } = inputs[slice]!
      const phaseStrength = phaseStrengthOf(slice)
      return fit(series, { masked: maskOf(slice), prior: priorOf(slice), baseline, phaseStrength }, columns)
    },
    fitSeries(series, baseline, level) {
      const own = sumShares(series)
      const prior = siblingPrior(inputs[0]?.baseline ?? sumOf(0), baseline ?? own, kind.siblingStrength, kind.standing)
      const phaseStrength = phaseStrengths[level] / overallVariance(own)
      return fit(series, { masked: null, prior, baseline, phaseStrength }, null)
    },
  }
}

function overallVariance({ bad, total }: ShareEvidence): number {
  const share = (bad + 0.5) / (total + 1)
  return share * (1 - share)
}

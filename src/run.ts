import { compare } from './compare.ts'
import { decide, FALSE_ALARMS_PER_RUN } from './decide.ts'
import type { Surveyor } from './detect/share-work.ts'
import { detect } from './detect.ts'
import { buildFeatures } from './features.ts'
import { learn } from './learn.ts'
import { mergeFindings } from './merge.ts'
import { buildState } from './state.ts'
import { summarise } from './summarise.ts'
import { DEFAULT_SETTINGS, type Logs, type Report, type Settings, type State, type StateSource } from './types.ts'

export interface RunOptions extends Partial<Settings> {
  /** What says what is usual, e.g. main's last run: its logs, or the state that it left; null: the log is its own baseline. */
  readonly baseline?: Logs | State | null
  /** Which run this is, for those that compare themselves with it. */
  readonly source?: StateSource
  /** Other threads that look at shares meanwhile; null: all is done in this one. The report is the same. */
  readonly surveyor?: Surveyor | null
  /** Told the name of each stage as it begins. */
  readonly onStage?: (stage: string) => void
}

/**
 * The whole job on logs that were read: window features → detectors → verdicts → incidents → what is new of them →
 * report.
 *
 * @param logs at least one row
 * @returns the same report, to the bit, for the same logs, options and seed
 */
export async function run(logs: Logs, options: RunOptions = {}): Promise<Report> {
  const { baseline = null, source = sourceOf(logs), surveyor = null, onStage = () => {}, ...given } = options
  const settings: Settings = { ...DEFAULT_SETTINGS, ...given }
  const { before, notes } = await recall(baseline, settings, surveyor)

  onStage('features')
  const features = buildFeatures(logs, before?.baseline ?? null, settings)
  onStage('detect')
  const found = await detect(features, logs, settings, surveyor)
  onStage('decide')
  const verdicts = decide(found.tests, FALSE_ALARMS_PER_RUN[settings.sensitivity])
  onStage('merge')
  const merged = mergeFindings(features, found, verdicts, settings)
  onStage('compare')
  const learnt = learn(features, merged.incidents, before?.baseline.usual ?? null)
  const { incidents, comparison } = compare(merged.incidents, learnt, features, before, settings.now)
  const state = buildState(source, learnt, incidents)
  return summarise(
    { ...logs, notes: [...logs.notes, ...notes] },
    features,
    found,
    verdicts,
    { ...merged, incidents },
    comparison,
    state,
  )
}

/** The logs of a baseline are a run of their own: what it leaves is what this one is compared with. */
async function recall(
  baseline: Logs | State | null,
  settings: Settings,
  surveyor: Surveyor | null,
): Promise<{ before: State | null; notes: string[] }> {
  if (baseline === null || 'incidents' in baseline) return { before: baseline, notes: [] }
  const { state } = await run(baseline, { ...settings, ignore: [], surveyor })
  return { before: state, notes: baseline.notes.map((note) => `Baseline: ${note}`) }
}

/** A run that nobody has named is told by its files. */
function sourceOf({ files, table }: Logs): StateSource {
  const name = `${files.join(', ')} (${table.rows} rows)`
  return { name, branch: '', commit: '', runId: Number.NaN, time: Number.NaN }
}

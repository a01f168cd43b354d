import { decide, FALSE_ALARMS_PER_RUN } from './decide.ts'
import { detect } from './detect.ts'
import { buildFeatures } from './features.ts'
import { mergeFindings } from './merge.ts'
import { summarise } from './summarise.ts'
import { DEFAULT_SETTINGS, type Logs, type Report, type Settings } from './types.ts'

export interface RunOptions extends Partial<Settings> {
  /** Logs that say what is usual, e.g. main's last run; null: the log is its own baseline. */
  readonly baseline?: Logs | null
  /** Told the name of each stage as it begins. */
  readonly onStage?: (stage: string) => void
}

/**
 * The whole job on logs that were read: window features → detectors → verdicts → incidents → report.
 *
 * @param logs at least one row
 * @returns the same report, to the bit, for the same logs, options and seed
 */
export async function run(logs: Logs, options: RunOptions = {}): Promise<Report> {
  const { baseline = null, onStage = () => {}, ...given } = options
  const settings: Settings = { ...DEFAULT_SETTINGS, ...given }

  onStage('features')
  const features = buildFeatures(logs, baseline, settings)
  onStage('detect')
  const found = await detect(features, logs, settings)
  onStage('decide')
  const verdicts = decide(found.tests, FALSE_ALARMS_PER_RUN[settings.sensitivity])
  onStage('merge')
  const merged = mergeFindings(features, found, verdicts, settings)
  return summarise(logs, baseline, features, found, verdicts, merged)
}

/** From options to what the doctor says: reads files, examines them, and analyses nothing. */
import { loadInputsWithConfig, loadReadOptions } from '../src/analyse.ts'
import { examine } from '../src/doctor.ts'
import type { GivenOptions } from '../src/inputs/command.ts'
import { findLogSources } from '../src/io/files.ts'
import type { FileFacts } from '../src/logs/file-facts.ts'
import { readLogs } from '../src/logs/read.ts'
import { terminalText } from '../src/report/escape.ts'
import { redact } from '../src/report/redact.ts'

/**
 * Prints what was recognised in the logs.
 *
 * @throws InputError when an option, a setting or a log cannot be used
 */
export async function examineLogs(given: GivenOptions): Promise<void> {
  const inputs = await loadInputsWithConfig(given, Date.now())
  const { readOptions, notes } = await loadReadOptions(inputs)
  const files: FileFacts[] = []
  const logs = await readLogs(await findLogSources(inputs.paths), {
    ...readOptions,
    onFile: (facts) => files.push(facts),
  })
  const text = examine({
    logs: { ...logs, notes: [...notes, ...logs.notes] },
    files,
    settings: inputs.settings,
    timezone: inputs.read.timezone,
  })
  const lines = text.split('\n').map((line) => terminalText(inputs.redact ? redact(line) : line))
  process.stdout.write(lines.join('\n'))
}

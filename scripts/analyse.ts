/** From options to a report in a folder: reads files, runs the program, writes files, and says what was found. */
import { isAbsolute, join, relative, sep } from 'node:path'
import {
  analyseToFiles,
  GENERATED,
  GENERATED_FOLDER,
  loadInputsWithConfig,
  loadReadOptions,
  type Progress,
} from '../src/analyse.ts'
import { judgeGates } from '../src/gates.ts'
import type { GivenOptions } from '../src/inputs/command.ts'
import type { Inputs } from '../src/inputs.ts'
import { findBaselineSources, findLogSources } from '../src/io/files.ts'
import { findInReport, writeReportFolder } from '../src/io/report-folder.ts'
import { InputError } from '../src/logs/input-error.ts'
import type { LogSource } from '../src/logs/source.ts'
import { terminalText } from '../src/report/escape.ts'
import { renderTable } from '../src/report/terminal.ts'
import { REPORT_FILES } from '../src/report-files.ts'
import { STATE_FILE } from '../src/state/document.ts'
import type { Report } from '../src/types.ts'

/**
 * @returns the exit status: 1 when an incident reached `--fail-on`, else 0
 * @throws InputError when an option, a setting or a log cannot be used; no report was written then
 */
export async function analyse(given: GivenOptions): Promise<number> {
  const inputs = await loadInputsWithConfig(given, Date.now())
  const tell = createProgress(inputs.quiet)
  const progress = (stage: string) => {
    freeMemory()
    tell(stage)
  }
  const { readOptions, notes } = await loadReadOptions(inputs)

  const sources = await findSources(inputs.paths, inputs.out)
  const baseline = await findSources(inputs.baselinePaths, inputs.out, findBaselineSources)
  const logs = inputs.paths.length === 0 ? null : sources
  const { report, files } = await analyseToFiles(inputs, { logs, baseline, readOptions, notes }, progress)
  await writeReportFolder(inputs.out, files, REPORT_FILES)
  progress('')

  if (!inputs.quiet) process.stdout.write(renderOutcome(report, inputs, [...files.keys()]))
  const { failure, warnings } = judgeGates(report, inputs)
  for (const warning of warnings) process.stderr.write(`warning: ${terminalText(warning)}\n`)
  if (failure !== '' && !inputs.quiet) process.stderr.write(`${terminalText(failure)}\n`)
  return failure === '' ? 0 : 1
}

/** The state of the last run may be compared with and be replaced: it is read whole before anything is written. */
const REPLACED_FILES = REPORT_FILES.filter((name) => name !== STATE_FILE)

async function findSources(paths: readonly string[], out: string, find = findLogSources): Promise<LogSource[]> {
  const found = await find(paths)
  const [own] = findInReport(
    found.map(({ name }) => name),
    out,
    REPLACED_FILES,
  )
  if (own !== undefined) {
    throw new InputError(`'--out' must be a folder where the report replaces no log, got '${out}' with '${own}'`)
  }
  // A search of the working directory comes across what an earlier run generated there; nobody means that.
  const isOwn = ({ name, inFolder }: LogSource) => inFolder === true && isWithin(name, join(out, GENERATED_FOLDER))
  const isAsked = paths.some((path) => isWithin(path, out))
  const sources = isAsked ? found : found.filter((source) => !isOwn(source))
  if (sources.length > 0 || paths.length === 0) return sources
  throw new InputError(`${paths.join(', ')}: the only logs there are those that an earlier run generated in '${out}'`)
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** From here on it is worth to collect what a stage has left before the next one asks for more. */
const MUCH_MEMORY = 400 * 1024 * 1024

/** Bun lets its heap grow to a multiple of what is in use; with millions of rows that is a gigabyte. */
function freeMemory(): void {
  // The command is bundled for Node too, to be measured there; Node collects by itself.
  if (typeof Bun !== 'undefined' && process.memoryUsage.rss() > MUCH_MEMORY) Bun.gc(true)
}

/** Tells each stage and how long it took, where somebody watches. */
function createProgress(quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY) return () => {}
  let current = ''
  let start = performance.now()
  return (stage) => {
    const now = performance.now()
    if (current !== '') process.stderr.write(`${current.padEnd(10)}${((now - start) / 1000).toFixed(2)} s\n`)
    current = stage
    start = now
  }
}

/** The table of incidents, what was assumed about the logs, and the paths written. */
function renderOutcome(report: Report, { out, paths }: Inputs, names: readonly string[]): string {
  const written = [...(paths.length === 0 ? Object.values(GENERATED) : []), ...names]
  const lines = [
    ...report.notes.map((note) => `note: ${note}`),
    '',
    ...written.map((name) => `wrote ${join(out, name)}`),
  ]
  return `${renderTable(report)}\n${lines.map((line) => `${terminalText(line)}\n`).join('')}`
}

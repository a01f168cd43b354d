/** From options to a report in a folder: reads files, runs the program, writes files, and says what was found. */
import { isAbsolute, join, relative, sep } from 'node:path'
import type { GivenOptions } from '../src/inputs/command.ts'
import { checkOpenapi, compilePayloadSchemas } from '../src/inputs/documents.ts'
import type { TextFile } from '../src/inputs/yaml-tree.ts'
import { checkWindow, type Inputs, loadInputs } from '../src/inputs.ts'
import { findLogSources } from '../src/io/files.ts'
import { findInReport, readOptionalText, writeReportFolder } from '../src/io/report-folder.ts'
import { InputError } from '../src/logs/input-error.ts'
import { type ReadOptions, readLogs } from '../src/logs/read.ts'
import type { LogSource } from '../src/logs/source.ts'
import { terminalText } from '../src/report/escape.ts'
import { redactReport } from '../src/report/redact-report.ts'
import { renderTable } from '../src/report/terminal.ts'
import { REPORT_FILES, renderReportFiles } from '../src/report-files.ts'
import { run } from '../src/run.ts'
import { type Report, SEVERITIES, type Severity } from '../src/types.ts'

const DEFAULT_CONFIG = '.github/api-anomaly.yml'
const GENERATED_FOLDER = 'generated'
const GENERATED = { log: `${GENERATED_FOLDER}/log.csv`, truth: `${GENERATED_FOLDER}/truth.json` }

/**
 * @returns the exit status: 1 when an incident reached `--fail-on`, else 0
 * @throws InputError when an option, a setting or a log cannot be used; no report was written then
 */
export async function analyse(given: GivenOptions): Promise<number> {
  const inputs = await loadInputsWithConfig(given)
  const progress = createProgress(inputs.quiet)
  const { readOptions, notes } = await loadReadOptions(inputs)

  const sources = await findSources(inputs.paths, inputs.out)
  const baselineSources = await findSources(inputs.baselinePaths, inputs.out)

  const read = (stage: string, from: readonly LogSource[]) => {
    progress(stage)
    return readLogs(from, readOptions)
  }
  const baseline = baselineSources.length === 0 ? null : await read('baseline', baselineSources)
  const logs = inputs.paths.length === 0 ? await generate(inputs, progress) : await read('read', sources)
  const { time, rows } = logs.table
  checkWindow(inputs.settings.windowMs, time[rows - 1] - time[0])

  const found = await run(
    { ...logs, notes: [...notes, ...logs.notes] },
    { ...inputs.settings, baseline, onStage: progress },
  )
  const report = inputs.redact ? redactReport(found) : found

  progress('report')
  const files = await renderReportFiles(report, inputs)
  await writeReportFolder(inputs.out, files, REPORT_FILES)
  progress('')

  if (!inputs.quiet) process.stdout.write(renderOutcome(report, inputs, [...files.keys()]))
  return isReached(report, inputs.failOn) ? 1 : 0
}

async function loadInputsWithConfig(given: GivenOptions): Promise<Inputs> {
  const named = given.values.get('config')?.at(-1)
  const path = named ?? DEFAULT_CONFIG
  const text = await readOptionalText(path)
  const missing =
    text === null && named !== undefined ? [`'--config' must be the path of a file, got '${path}': no such file`] : []
  return loadInputs(
    { ...given, faults: [...given.faults, ...missing] },
    text === null ? null : { path, text },
    Date.now(),
  )
}

/** How to read logs, with the files that the settings name; and what of it has no effect yet. */
async function loadReadOptions({
  read,
  schemaPaths,
  openapiPath,
}: Inputs): Promise<{ readOptions: ReadOptions; notes: string[] }> {
  const faults: string[] = []
  const notes: string[] = []
  const readNamed = async (key: string, path: string): Promise<TextFile | undefined> => {
    const text = await readOptionalText(path)
    if (text !== null) return { path, text }
    faults.push(`'${key}' must be the path of a file, got '${path}': no such file`)
    return undefined
  }
  if (openapiPath !== null) {
    const file = await readNamed('openapi', openapiPath)
    if (file !== undefined) checkOpenapi(file, faults)
    notes.push(
      `The OpenAPI file ${openapiPath} was checked but is not used yet: routes come from the paths in the log.`,
    )
  }
  if (read.logFormat !== null)
    notes.push('The setting logFormat is not used yet: access logs are read by their usual forms.')
  const schemaFiles = new Map<string, TextFile>()
  for (const [endpoint, path] of schemaPaths) {
    const file = await readNamed(`payloadSchemas.${endpoint}`, path)
    if (file !== undefined) schemaFiles.set(endpoint, file)
  }
  const schemas = await compilePayloadSchemas(schemaFiles, faults)
  notes.push(...schemas.notes)
  if (faults.length > 0) throw new InputError(faults.join('\n'))
  const { timezone, format, map } = read
  return {
    readOptions: {
      timezone,
      map: Object.fromEntries(map),
      schemas: schemas.checks,
      ...(format === null ? {} : { format }),
    },
    notes,
  }
}

async function findSources(paths: readonly string[], out: string): Promise<LogSource[]> {
  const found = await findLogSources(paths)
  const [own] = findInReport(
    found.map(({ name }) => name),
    out,
    REPORT_FILES,
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

/** Writes a generated log and the truth about it, then reads it like any other. */
async function generate({ out, generate: options, settings }: Inputs, progress: (stage: string) => void) {
  progress('generate')
  const [{ generateLog }, { renderLog, renderTruth }] = await Promise.all([
    import('../src/logs/generate.ts'),
    import('../src/logs/generate-text.ts'),
  ])
  const { records, truth } = generateLog({ ...options, seed: settings.seed })
  const files = new Map([
    [GENERATED.log, renderLog(records, 'csv')],
    [GENERATED.truth, renderTruth(truth)],
  ])
  await writeReportFolder(out, files, [])
  progress('read')
  const [source] = await findLogSources([join(out, GENERATED.log)])
  // Named without its folder: the same seed gives the same report wherever it is written.
  return readLogs([{ name: GENERATED.log, open: () => source.open() }])
}

/** Tells each stage and how long it took, where somebody watches. */
function createProgress(quiet: boolean): (stage: string) => void {
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

function isReached({ incidents }: Report, failOn: Severity | null): boolean {
  if (failOn === null) return false
  const least = SEVERITIES.indexOf(failOn)
  return incidents.some(({ severity }) => SEVERITIES.indexOf(severity) <= least)
}

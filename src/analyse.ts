/** From options to a report: what the command and the action share. */
import type { Surveyor } from './detect/share-work.ts'
import { measureDuplicates } from './doctor/duplicates.ts'
import { groupRejections } from './doctor/rejections.ts'
import { formatAmount, formatCount, formatShare } from './format.ts'
import { describeUnjudged } from './gates.ts'
import type { GivenOptions } from './inputs/command.ts'
import type { TextFile } from './inputs/yaml-tree.ts'
import { checkWindow, type Inputs, loadInputs } from './inputs.ts'
import { openBlockReaders } from './io/block-readers.ts'
import { findLogSources } from './io/files.ts'
import { collectGarbage, limitNewSpace } from './io/memory.ts'
import { readOptionalText, writeReportFolder } from './io/report-folder.ts'
import { openSurveyors } from './io/share-surveyors.ts'
import { readStates } from './io/states.ts'
import { InputError } from './logs/input-error.ts'
import { type ReadOptions, readLogs } from './logs/read.ts'
import type { LogSource } from './logs/source.ts'
import { maskNames, maskState } from './report/redact-names.ts'
import { redactReport } from './report/redact-report.ts'
import { prepareCharts } from './report-charts.ts'
import { REPORT_FILES, renderReportFiles } from './report-files.ts'
import { run } from './run.ts'
import { mergeStates } from './state/merge.ts'
import type { Logs, LogTable, Report, State, StateSource } from './types.ts'

const DEFAULT_CONFIG = '.github/api-anomaly.yml'
export const GENERATED_FOLDER = 'generated'
export const GENERATED = { log: `${GENERATED_FOLDER}/log.csv`, truth: `${GENERATED_FOLDER}/truth.json` }

/** Told the name of each stage as it begins, `''` at the end. */
export type Progress = (stage: string) => void

/**
 * Checks options and settings file together.
 *
 * @param now ms UTC, see Settings
 * @throws InputError with a line for every fault
 */
export async function loadInputsWithConfig(given: GivenOptions, now: number): Promise<Inputs> {
  const named = given.values.get('config')?.at(-1)
  const path = named ?? DEFAULT_CONFIG
  const text = await readOptionalText(path)
  const missing =
    text === null && named !== undefined
      ? [`'${given.prefix}config' must be the path of a file, got '${path}': no such file`]
      : []
  const known = { ...given, faults: [...given.faults, ...missing] }
  if (text === null) return loadInputs(known, null, now)
  // YAML takes time to load, and most runs need none.
  const { parseConfig } = await import('./inputs/config.ts')
  return loadInputs(known, (faults) => parseConfig({ path, text }, faults), now)
}

/** How to read logs, with the files that the settings name; and what of these has no effect. */
export async function loadReadOptions({
  read,
  schemaPaths,
  openapiPath,
}: Inputs): Promise<{ readOptions: ReadOptions; notes: string[] }> {
  const faults: string[] = []
  const readNamed = async (key: string, path: string): Promise<TextFile | undefined> => {
    const text = await readOptionalText(path)
    if (text !== null) return { path, text }
    faults.push(`'${key}' must be the path of a file, got '${path}': no such file`)
    return undefined
  }
  const openapi = openapiPath === null ? undefined : await readNamed('openapi', openapiPath)
  const schemaFiles = new Map<string, TextFile>()
  for (const [endpoint, path] of schemaPaths) {
    const file = await readNamed(`payloadSchemas.${endpoint}`, path)
    if (file !== undefined) schemaFiles.set(endpoint, file)
  }
  const documents = await parseDocuments(openapi, schemaFiles, faults)
  if (faults.length > 0) throw new InputError(faults.join('\n'))
  const { timezone, format, map, logFormat } = read
  return {
    readOptions: {
      timezone,
      map: Object.fromEntries(map),
      schemas: documents.checks,
      routes: documents.routes,
      ...(logFormat === null ? {} : { logFormat }),
      ...(format === null ? {} : { format }),
    },
    notes: documents.notes,
  }
}

async function parseDocuments(openapi: TextFile | undefined, schemas: ReadonlyMap<string, TextFile>, faults: string[]) {
  if (openapi === undefined && schemas.size === 0) return { checks: new Map<string, never>(), routes: [], notes: [] }
  const { compilePayloadSchemas, parseOpenapiRoutes } = await import('./inputs/documents.ts')
  const routes = openapi === undefined ? [] : parseOpenapiRoutes(openapi, faults)
  return { ...(await compilePayloadSchemas(schemas, faults)), routes }
}

/** The logs of a run, found but not yet read. */
export interface FoundLogs {
  /** null: generate one, and keep it beside the report. */
  readonly logs: readonly LogSource[] | null
  /** Logs and states. */
  readonly baseline: readonly LogSource[]
  /** One more state, of which the finder knows better than the file where it comes from. */
  readonly state?: State | null | undefined
  /** Which run this is; told by the files where nobody says. */
  readonly source?: StateSource
  readonly readOptions: ReadOptions
  /** What is to be said beside what the logs say. */
  readonly notes: readonly string[]
}

/**
 * Reads the logs, analyses them and renders the report. What charts need is loaded meanwhile, in another thread.
 *
 * @returns the report, masked unless the settings say otherwise, and its files by name
 * @throws InputError when a log cannot be used
 */
export async function analyseToFiles(
  inputs: Inputs,
  found: FoundLogs,
  progress: Progress,
): Promise<{ report: Report; files: Map<string, string | Uint8Array> }> {
  limitNewSpace()
  const makers = await prepareCharts(inputs.charts)
  try {
    const report = await analyseLogs(inputs, found, progress)
    progress('report')
    // Most of what the analysis has left is dead by now, and the charts need room.
    const [files] = await Promise.all([renderReportFiles(report, inputs, makers), collectGarbage()])
    return { report, files }
  } finally {
    makers?.close()
  }
}

async function analyseLogs(inputs: Inputs, found: FoundLogs, progress: Progress): Promise<Report> {
  const surveyors = openSurveyors()
  try {
    const { baseline, notes, logs } = await readAll(inputs, found, progress, surveyors.survey)
    const { time, rows } = logs.table
    checkWindow(inputs.settings.windowMs, time[rows - 1] - time[0])
    const report = await run(
      {
        ...logs,
        notes: [
          ...found.notes,
          ...notes,
          ...logs.notes,
          ...describeRejections(logs),
          ...describeDuplicates(logs.table),
        ],
      },
      {
        ...inputs.settings,
        baseline,
        surveyor: surveyors.survey,
        onStage: progress,
        ...(found.source === undefined ? {} : { source: found.source }),
      },
    )
    const told = { ...report, notes: [...describeUnjudged(report, inputs), ...report.notes] }
    return inputs.redact ? redactReport(told) : told
  } finally {
    await surveyors.close()
  }
}

/** What says what is usual, and the logs; large files are read in several threads. */
async function readAll(
  inputs: Inputs,
  found: FoundLogs,
  progress: Progress,
  surveyor: Surveyor,
): Promise<{ baseline: Logs | State | null; notes: string[]; logs: Logs }> {
  const readers = openBlockReaders()
  try {
    const read = async (stage: string, from: readonly LogSource[]) => {
      progress(stage)
      const logs = await readLogs(from, { ...found.readOptions, readers })
      return inputs.redact ? maskNames(logs) : logs
    }
    const usual = await recallBaseline(inputs, found, read, surveyor)
    return { ...usual, logs: found.logs === null ? await generate(inputs, progress) : await read('read', found.logs) }
  } finally {
    await readers.close()
  }
}

type Read = (stage: string, from: readonly LogSource[]) => Promise<Logs>

/** What says what is usual: logs, the states of earlier runs, or both as one. */
async function recallBaseline(
  { settings, redact }: Inputs,
  found: FoundLogs,
  read: Read,
  surveyor: Surveyor,
): Promise<{ baseline: Logs | State | null; notes: string[] }> {
  const { states: left, logs } = await readStates(found.baseline, [...REPORT_FILES, ...Object.values(GENERATED)])
  const given = [...(found.state == null ? [] : [found.state]), ...left]
  // Its run may have had other settings; names are compared as this one has them.
  const states = redact ? given.map((state) => maskState(state)) : given
  const notes = states
    .filter(({ unfit }) => unfit !== '')
    .map(({ source, unfit }) => `The baseline ${source.name} was taken as it is, although ${unfit}.`)
  if (logs.length === 0) return { baseline: states.length === 0 ? null : mergeStates(states), notes }
  const own = await read('baseline', logs)
  if (states.length === 0) return { baseline: own, notes }
  const { state } = await run(own, { ...settings, ignore: [], surveyor })
  return { baseline: mergeStates(state === null ? states : [...states, state]), notes }
}

/** Rules that are named in the report; `rejected.csv` has each line. */
const MOST_RULES = 3

function describeRejections({ rejected, rejectedCount }: Logs): string[] {
  if (rejectedCount === 0) return []
  const rules = groupRejections(rejected)
  const named = rules.slice(0, MOST_RULES).map(({ reason, count }) => `${formatCount(count)} × ${reason}`)
  const more = rules.length > MOST_RULES ? ' and others' : ''
  return [`${formatAmount(rejectedCount, 'line')} rejected (see rejected.csv): ${named.join('; ')}${more}.`]
}

/** A file that was given twice counts twice: said when this part of the rows repeats an earlier one. */
const NOTED_DUPLICATES = 0.01

function describeDuplicates(table: LogTable): string[] {
  const share = measureDuplicates(table) ?? 0
  if (share < NOTED_DUPLICATES) return []
  return [
    `${formatShare(share)} of the rows repeat an earlier one (time, endpoint, status, duration and size); they count.`,
  ]
}

/** Writes a generated log and the truth about it, then reads it like any other. */
async function generate({ out, generate: options, settings }: Inputs, progress: Progress) {
  progress('generate')
  const [{ generateLog }, { renderLog, renderTruth }] = await Promise.all([
    import('./logs/generate.ts'),
    import('./logs/generate-text.ts'),
  ])
  const { records, truth } = generateLog({ ...options, seed: settings.seed })
  const files = new Map([
    [GENERATED.log, renderLog(records, 'csv')],
    [GENERATED.truth, renderTruth(truth)],
  ])
  await writeReportFolder(out, files, [])
  progress('read')
  const [source] = await findLogSources([`${out}/${GENERATED.log}`])
  // Named without its folder: the same seed gives the same report wherever it is written.
  return readLogs([{ name: GENERATED.log, open: () => source.open() }])
}

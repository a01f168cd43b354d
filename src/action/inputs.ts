/** The inputs of action.yml: what each may be, and which of them are options of the program. */
import type { GivenOptions, OptionName } from '../inputs/command.ts'
import { NAME, oneOf, quote, type Rule, wholeNumberFrom } from '../inputs/rules.ts'

const COMMENT_MODES = ['off', 'always', 'alert', 'changes'] as const
export type CommentMode = (typeof COMMENT_MODES)[number]
const MODES = ['analyze', 'report'] as const

/** The inputs that are options of the program too, under the same name. */
const OPTION_INPUTS = [
  'config',
  'format',
  'window',
  'timezone',
  'seed',
  'sensitivity',
  'forest',
  'fail-on',
  'warn-on',
  'quickchart-host',
] as const satisfies readonly OptionName[]
/** Those of them that may be given more than once. */
const LIST_INPUTS = ['baseline', 'map'] as const satisfies readonly OptionName[]
/** Those that only a step has. */
const STEP_INPUTS = [
  'logs',
  'artifacts',
  'run-id',
  'repository',
  'baseline-artifacts',
  'baseline-run-id',
  'demo',
  'github-token',
  'charts',
  'comment',
  'comment-key',
  'comment-author',
  'artifact-name',
  'retention-days',
  'mode',
] as const

/** Every input of action.yml. */
export const INPUT_NAMES = [...OPTION_INPUTS, ...LIST_INPUTS, ...STEP_INPUTS] as const
type InputName = (typeof INPUT_NAMES)[number]

export interface ActionInputs {
  readonly mode: (typeof MODES)[number]
  /** For the program; its `paths` are the logs and the patterns of artifacts, and are empty when it generates. */
  readonly options: GivenOptions
  readonly logs: readonly string[]
  readonly artifacts: readonly string[]
  /** Find the last run of the base branch. */
  readonly isBaselineAuto: boolean
  readonly baselineArtifacts: readonly string[]
  /** null: the run of this step (`mode` `report`: the run that triggered it). */
  readonly runId: number | null
  readonly baselineRunId: number | null
  /** `owner/name`. */
  readonly repository: string
  readonly token: string
  readonly comment: CommentMode
  readonly commentKey: string
  readonly commentAuthor: string
  readonly artifactName: string
  readonly retentionDays: number | null
}

/** An absent settings file is no fault where nobody asked for another one. */
const DEFAULT_CONFIG = '.github/api-anomaly.yml'
/** What `baseline` may be beside paths. */
const AUTO = 'auto'
const SWITCHES = oneOf(['true', 'false'])
const RUN_ID = wholeNumberFrom(1, Number.MAX_SAFE_INTEGER)
const RETENTION = wholeNumberFrom(1, 400)
/** What @actions/artifact refuses in a name. */
const ARTIFACT_NAME: Rule<string> = {
  rule: 'a name without any of \\ / " : < > | * ?',
  parse: (text) => (/^[^\\/":<>|*?\r\n]+$/.test(text) ? text : undefined),
}
const NO_LOGS = `set 'logs', 'artifacts' or 'demo': there is nothing to analyse. The shortest example:
    with:
      logs: logs/*.csv`

/**
 * Sorts what a workflow gave. Faults are left in `options`, so that whoever checks those can tell all of them at once.
 *
 * @param texts by input, `''` where nothing was given
 */
export function parseActionInputs(texts: Readonly<Record<InputName, string>>): ActionInputs {
  const faults: string[] = []
  const check = <Value>(name: InputName, { rule, parse }: Rule<Value>, text: string): Value | undefined => {
    const value = parse(text)
    if (value === undefined) faults.push(`'${name}' must be ${rule}, got ${quote(text)}`)
    return value
  }
  const optional = <Value>(name: InputName, rule: Rule<Value>): Value | null =>
    texts[name] === '' ? null : (check(name, rule, texts[name]) ?? null)
  const switchOf = (name: InputName, byDefault: boolean): boolean =>
    (optional(name, SWITCHES) ?? `${byDefault}`) === 'true'

  const logs = linesOf(texts.logs)
  const artifacts = linesOf(texts.artifacts)
  const isDemo = switchOf('demo', false)
  const mode = optional('mode', oneOf(MODES)) ?? 'analyze'
  const given = [...logs.map(quote), ...artifacts.map(quote)]
  if (mode === 'analyze' && !isDemo && given.length === 0) faults.push(NO_LOGS)
  if (isDemo && given.length > 0) faults.push(`'demo' generates a log, and may not stand beside ${given[0]}`)
  if (mode === 'report' && (isDemo || given.length > 0)) {
    faults.push("'mode' report reads no logs: leave out 'logs', 'artifacts' and 'demo'")
  }
  if (texts['github-token'] === '')
    faults.push("'github-token' must be a token, got '': leave it out to use the workflow's own")
  for (const [run, list] of [
    ['run-id', 'artifacts'],
    ['baseline-run-id', 'baseline-artifacts'],
  ] as const) {
    if (mode === 'analyze' && texts[run] !== '' && texts[list].trim() === '') {
      faults.push(`'${run}' says whose artifacts are read, and needs '${list}'`)
    }
  }
  const baseline = linesOf(texts.baseline)
  const isBaselineAuto = baseline.includes(AUTO)
  const beside = [...baseline.filter((line) => line !== AUTO), ...linesOf(texts['baseline-artifacts'])]
  if (isBaselineAuto && beside.length > 0) {
    const fault = `'baseline' auto is the last run of the base branch, and may not stand beside ${quote(beside[0])}`
    faults.push(`${fault}; a file of that name is ./auto`)
  }
  if (logs.includes('-')) faults.push("'logs' must be files, folders or globs: a step has no standard input")

  const inputs = {
    mode,
    logs,
    artifacts,
    isBaselineAuto,
    baselineArtifacts: linesOf(texts['baseline-artifacts']),
    runId: optional('run-id', RUN_ID),
    baselineRunId: optional('baseline-run-id', RUN_ID),
    repository: texts.repository,
    token: texts['github-token'],
    comment: optional('comment', oneOf(COMMENT_MODES)) ?? 'alert',
    // What `toJSON(matrix)` says where there is no matrix.
    commentKey: /^(?:null|\{\s*\})$/.test(texts['comment-key']) ? '' : texts['comment-key'],
    commentAuthor: optional('comment-author', NAME) ?? 'github-actions[bot]',
    artifactName: optional('artifact-name', ARTIFACT_NAME) ?? 'api-anomalies',
    retentionDays: optional('retention-days', RETENTION),
  }

  const values = new Map<OptionName, readonly string[]>()
  for (const name of OPTION_INPUTS) if (texts[name] !== '') values.set(name, [texts[name]])
  for (const name of LIST_INPUTS) if (texts[name] !== '') values.set(name, linesOf(texts[name]))
  if (!switchOf('charts', true)) values.set('no-charts', [''])
  if (isBaselineAuto) values.delete('baseline')
  if (texts.config === DEFAULT_CONFIG) values.delete('config')
  return { ...inputs, options: { paths: [...logs, ...artifacts], values, faults, prefix: '' } }
}

/** The items of a list that has one a line. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

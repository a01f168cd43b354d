/** The command that gives the same result on somebody's machine. */
import type { Step } from '../io/actions.ts'
import { codeSpan } from '../report/escape.ts'
import type { ActionInputs } from './inputs.ts'

/** Inputs that are options of the command under the same name. */
const SAME_OPTIONS = ['config', 'format', 'map', 'window', 'timezone', 'sensitivity', 'forest'] as const

/**
 * Markdown: one line for each command.
 *
 * @param foundRunId whose state was compared with; null when none was looked for, or found
 */
export function renderReproduction(
  inputs: ActionInputs,
  step: Step,
  seed: number,
  foundRunId: number | null = null,
): string {
  const commands: string[] = []
  const paths = [...inputs.logs]
  const baselines = [...(inputs.options.values.get('baseline') ?? [])]
  const own = `${step.repository.owner}/${step.repository.name}`
  const download = (
    artifacts: readonly string[],
    runId: number | null,
    into: string[],
    prefix: string,
    repository = inputs.repository || own,
  ) => {
    for (const artifact of artifacts) {
      const isName = !/[*?]|^\/.*\/\w*$/.test(artifact)
      // What the command line of GitHub cannot select by expression, it downloads as a whole.
      const selection = isName ? `--name ${quoteWord(artifact)} ` : ''
      const folder = isName ? `${prefix}${artifact}` : `run-${runId ?? step.runId}`
      commands.push(
        `gh run download ${runId ?? step.runId} --repo ${quoteWord(repository)} ${selection}--dir ${quoteWord(folder)}`,
      )
      into.push(folder)
    }
  }
  download(inputs.artifacts, inputs.runId, paths, '')
  download(inputs.baselineArtifacts, inputs.baselineRunId, baselines, 'baseline-')
  if (foundRunId !== null) download([inputs.artifactName], foundRunId, baselines, 'baseline-', own)
  const options = SAME_OPTIONS.flatMap((name) =>
    (inputs.options.values.get(name) ?? []).map((value) => `--${name} ${quoteWord(value)}`),
  )
  const words = [
    'bun scripts/run.ts',
    ...paths.map(quoteWord),
    ...baselines.map((path) => `--baseline ${quoteWord(path)}`),
    ...options,
    `--seed ${seed}`,
  ]
  commands.push(words.join(' '))
  return commands.map((command) => codeSpan(command, { maxLength: 1_000 })).join('\\\n')
}

/** One word of a shell, whatever stands in it. */
function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`
}

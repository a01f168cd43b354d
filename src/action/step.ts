/** The step, from inputs to outputs. */
import { loadInputsWithConfig } from '../analyse.ts'
import { hideSecret, now, readInputs, readStep } from '../io/actions.ts'
import { connectGitHub } from '../io/github.ts'
import { InputError } from '../logs/input-error.ts'
import { terminalText } from '../report/escape.ts'
import { INPUT_NAMES, parseActionInputs } from './inputs.ts'

/** @returns why the step fails, `''` when it does not */
export async function runStep(): Promise<string> {
  const inputs = parseActionInputs(readInputs(INPUT_NAMES))
  // Throws, with the faults of the program's own options beside these.
  if (inputs.options.faults.length > 0) await loadInputsWithConfig(inputs.options, now())
  hideSecret(inputs.token)
  const step = await readStep()
  const github = connectGitHub(inputs.token)
  if (inputs.mode === 'report') return (await import('./report-step.ts')).reportAndPublish(inputs, step, github)
  return (await import('./analyse-step.ts')).analyseAndPublish(inputs, step, github)
}

/** A fault of the workflow is told in a line each; anything else is a fault of this program and shows where. */
export function describeFailure(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const text =
    error instanceof InputError
      ? error.message
      : `This is a fault of the program, not of your workflow. Please report it with these lines:\n${trace}`
  return text.split('\n').map(terminalText).join('\n')
}

/**
 * `mode: report`: the half of the fork-safe pair that may write. It takes the artifact of a run that strangers control, so
 * it believes only what GitHub says of that run, and renders everything anew from checked data.
 */

import { describeUnjudged, judgeGates } from '../gates.ts'
import type { GivenOptions } from '../inputs/command.ts'
import { loadInputs } from '../inputs.ts'
import { makeTemporaryFolder, now, parseRepository, type Step } from '../io/actions.ts'
import { readArtifactFile } from '../io/artifacts.ts'
import { say } from '../io/console.ts'
import type { GitHub, WorkflowRun } from '../io/github.ts'
import { InputError } from '../logs/input-error.ts'
import { redactReport } from '../report/redact-report.ts'
import type { ActionInputs } from './inputs.ts'
import { parseIncidents } from './parse-incidents.ts'
import { publish } from './publish.ts'
import { findRunPullRequests, findTriggeringRun } from './pull-request.ts'

const MOST_BYTES = 32 * 1024 * 1024

/** @returns why the step fails, `''` when it does not */
export async function reportAndPublish(inputs: ActionInputs, step: Step, github: GitHub): Promise<string> {
  const gates = loadInputs(withoutConfig(inputs.options), null, now())
  const repository = inputs.repository === '' ? step.repository : parseRepository(inputs.repository)
  const run = await findRun(inputs, step, github)
  say(`read artifact '${inputs.artifactName}' of run ${run.id}`)
  const place = { github, repository, runId: run.id }
  const text = await readArtifactFile(inputs.artifactName, 'incidents.json', place, MOST_BYTES, makeTemporaryFolder)
  const report = redactReport(parseIncidents(text))
  const { failure, warnings } = judgeGates(report, gates)

  const pulls = run.event.startsWith('pull_request') ? await findRunPullRequests(github, step.repository, run) : []
  const notices =
    pulls.length > 0 || !run.event.startsWith('pull_request')
      ? []
      : [`No open pull request has the commit ${run.headSha} that run ${run.id} ran on as its head: no comment.`]
  // The run that is reported on may have said so itself.
  const unjudged = describeUnjudged(report, gates).filter((note) => !report.notes.includes(note))
  await publish({
    report: { ...report, notes: [...unjudged, ...report.notes] },
    step,
    inputs,
    github,
    runId: run.id,
    identity: [step.workflow, step.job, step.leg, inputs.artifactName, inputs.commentKey],
    pullRequests: pulls.map(({ number }) => number),
    artifact: { id: '', url: '' },
    folder: '',
    quickchartLinks: [],
    reproduce: '',
    warnings,
    notices,
  })
  return failure
}

async function findRun(inputs: ActionInputs, step: Step, github: GitHub): Promise<WorkflowRun> {
  const triggering = findTriggeringRun(step.event)
  if (triggering !== null && (inputs.runId === null || inputs.runId === triggering.id)) return triggering
  if (inputs.runId !== null) return github.readRun(step.repository, inputs.runId)
  throw new InputError("'mode' report needs the run to report on: use it in a workflow_run workflow, or set 'run-id'")
}

/** The settings file says how to judge logs; here there are none. */
function withoutConfig(options: GivenOptions): GivenOptions {
  return {
    ...options,
    values: new Map([...options.values].filter(([name]) => name === 'fail-on' || name === 'warn-on')),
  }
}

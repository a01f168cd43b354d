/** `mode: analyze`: reads the logs, analyses them, leaves the report as files and as an artifact, and tells it. */
import { analyseToFiles, loadInputsWithConfig, loadReadOptions } from '../analyse.ts'
import { judgeGates } from '../gates.ts'
import type { Inputs } from '../inputs.ts'
import { enterWorkspace, makeTemporaryFolder, now, parseRepository, type Step } from '../io/actions.ts'
import { type ArtifactPlace, readArtifactLogs, uploadReport } from '../io/artifacts.ts'
import { say } from '../io/console.ts'
import { findBaselineSources, findLogSources } from '../io/files.ts'
import type { GitHub } from '../io/github.ts'
import { writeReportFolder } from '../io/report-folder.ts'
import { InputError } from '../logs/input-error.ts'
import type { LogSource } from '../logs/source.ts'
import { buildChartLinks } from '../report/quickchart.ts'
import { REPORT_FILES } from '../report-files.ts'
import type { StateSource } from '../types.ts'
import { type FoundBaseline, findBaseline } from './baseline-step.ts'
import { describeRun, findTestedCommit, type TestedCommit } from './commit.ts'
import type { ActionInputs } from './inputs.ts'
import { publish } from './publish.ts'
import { findEventPullRequest } from './pull-request.ts'
import { renderReproduction } from './reproduction.ts'

/** @returns why the step fails, `''` when it does not */
export async function analyseAndPublish(actionInputs: ActionInputs, step: Step, github: GitHub): Promise<string> {
  const time = now()
  enterWorkspace()
  const folder = await makeTemporaryFolder()
  const inputs: Inputs = { ...(await loadInputsWithConfig(actionInputs.options, time)), out: folder }
  const { readOptions, notes } = await loadReadOptions(inputs)
  const logs = inputs.paths.length === 0 ? null : await findLogs(actionInputs, step, github)
  const baseline = await findBaselineLogs(inputs, actionInputs, step, github)
  const tested = findTestedCommit(step)
  const before = actionInputs.isBaselineAuto
    ? await findBaseline(step, github, tested, actionInputs.artifactName, time)
    : NOT_LOOKED_FOR

  const found = { logs, baseline, state: before.state, source: sourceOf(step, tested, time), readOptions }
  const { report, files } = await analyseToFiles(inputs, { ...found, notes: [...before.notes, ...notes] }, say)
  const { failure, warnings } = judgeGates(report, inputs)
  await writeReportFolder(folder, files, REPORT_FILES)

  const uploaded = await upload(actionInputs, step, folder, [...files.keys()])
  const pullRequest = findEventPullRequest(step.event)
  await publish({
    report,
    step,
    inputs: actionInputs,
    github,
    runId: step.runId,
    identity: [step.workflow, step.job, step.leg, actionInputs.commentKey],
    pullRequests: pullRequest === null ? [] : [pullRequest],
    artifact: uploaded,
    folder,
    quickchartLinks: inputs.quickchartHost === null ? [] : await buildChartLinks(report, inputs.quickchartHost),
    reproduce: renderReproduction(actionInputs, step, inputs.settings.seed, before.state?.source.runId ?? null),
    warnings: [...(before.warning === '' ? [] : [before.warning]), ...warnings],
    notices: uploaded.notice === '' ? [] : [uploaded.notice],
  })
  return failure
}

const NOT_LOOKED_FOR: FoundBaseline = { state: null, notes: [], warning: '' }

/** What the next run is told of this one. */
function sourceOf({ runId }: Step, { branch, sha }: TestedCommit, time: number): StateSource {
  return { name: describeRun({ branch, sha, runId }), branch, commit: sha, runId, time }
}

async function findLogs(inputs: ActionInputs, step: Step, github: GitHub): Promise<LogSource[]> {
  say('find logs')
  const place = placeOf(inputs.runId, inputs, step, github)
  return [
    ...(await findLogSources(inputs.logs)),
    ...(await readArtifactLogs(inputs.artifacts, place, makeTemporaryFolder)),
  ]
}

async function findBaselineLogs(
  inputs: Inputs,
  actionInputs: ActionInputs,
  step: Step,
  github: GitHub,
): Promise<LogSource[]> {
  const place = placeOf(actionInputs.baselineRunId, actionInputs, step, github)
  return [
    ...(await findBaselineSources(inputs.baselinePaths)),
    ...(await readArtifactLogs(actionInputs.baselineArtifacts, place, makeTemporaryFolder)),
  ]
}

/** This run's own artifacts need no permission, so they are not asked for by their run's number. */
function placeOf(runId: number | null, inputs: ActionInputs, step: Step, github: GitHub): ArtifactPlace {
  const own = step.repository
  const repository = inputs.repository === '' ? own : parseRepository(inputs.repository)
  const isOwn = repository.owner === own.owner && repository.name === own.name
  if (!isOwn && inputs.runId === null && inputs.baselineRunId === null) {
    throw new InputError(`'repository' ${inputs.repository} is not this one, and needs 'run-id' or 'baseline-run-id'`)
  }
  return runId === null || (runId === step.runId && isOwn) ? null : { github, repository, runId }
}

/** The report stands without its artifact; why it has none is told. */
async function upload(
  { artifactName, retentionDays }: ActionInputs,
  { isEnterpriseServer, serverUrl, repository, runId }: Step,
  folder: string,
  names: readonly string[],
): Promise<{ id: string; url: string; notice: string }> {
  const none = { id: '', url: '' }
  if (isEnterpriseServer) {
    const notice = 'GitHub Enterprise Server has no artifact service that this action knows: nothing was uploaded.'
    return { ...none, notice: `${notice} Upload the output report-directory with actions/upload-artifact@v3.` }
  }
  say('upload')
  try {
    const { id } = await uploadReport(artifactName, folder, names, retentionDays)
    const url = `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${runId}/artifacts/${id}`
    return { id: String(id), url, notice: '' }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const advice = /409|already exists/.test(reason) ? " In a matrix each leg needs an 'artifact-name' of its own." : ''
    return { ...none, notice: `The report was not uploaded as artifact '${artifactName}': ${reason}.${advice}` }
  }
}

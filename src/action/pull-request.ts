/** Which pull request a run belongs to. */
import type { GitHub, PullRequest, Repository, WorkflowRun } from '../io/github.ts'
import { fieldOf, textOf } from './event.ts'

/** Number of the pull request that an event is about; null for pushes, schedules, merge queues and the rest. */
export function findEventPullRequest(event: unknown): number | null {
  const number = fieldOf(event, 'pull_request', 'number')
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

/** The run that triggered a `workflow_run` workflow, as GitHub describes it; null for other events. */
export function findTriggeringRun(event: unknown): WorkflowRun | null {
  const run = fieldOf(event, 'workflow_run')
  const id = fieldOf(run, 'id')
  if (typeof id !== 'number') return null
  return {
    id,
    event: textOf(run, 'event'),
    headOwner: textOf(run, 'head_repository', 'owner', 'login'),
    headBranch: textOf(run, 'head_branch'),
    headSha: textOf(run, 'head_sha'),
  }
}

/**
 * The open pull requests whose head is exactly what a run ran on. Nothing that the run wrote is asked: a fork could name
 * any pull request.
 */
export async function findRunPullRequests(
  github: GitHub,
  repository: Repository,
  run: WorkflowRun,
): Promise<PullRequest[]> {
  if (run.headOwner === '' || run.headBranch === '' || run.headSha === '') return []
  const pulls = await github.listPullRequests(repository, `${run.headOwner}:${run.headBranch}`)
  return pulls.filter(({ headSha }) => headSha === run.headSha)
}

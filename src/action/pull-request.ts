/** Which pull request a run belongs to. */
import type { GitHub, PullRequest, Repository, WorkflowRun } from '../io/github.ts'

/** Number of the pull request that an event is about; null for pushes, schedules, merge queues and the rest. */
export function findEventPullRequest(event: unknown): number | null {
  const number = fieldOf(fieldOf(event, 'pull_request'), 'number')
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

/** The run that triggered a `workflow_run` workflow, as GitHub describes it; null for other events. */
export function findTriggeringRun(event: unknown): WorkflowRun | null {
  const run = fieldOf(event, 'workflow_run')
  const id = fieldOf(run, 'id')
  if (typeof id !== 'number') return null
  return {
    id,
    event: textOf(fieldOf(run, 'event')),
    headOwner: textOf(fieldOf(fieldOf(fieldOf(run, 'head_repository'), 'owner'), 'login')),
    headBranch: textOf(fieldOf(run, 'head_branch')),
    headSha: textOf(fieldOf(run, 'head_sha')),
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

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

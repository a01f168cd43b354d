/** Which earlier runs may say what was there before, and in which order they are asked. */
import type { PastRun, Repository } from '../io/github.ts'
import { isSameRepository } from './commit.ts'

/**
 * Kinds of events whose runs are of the branch itself. `push`, `schedule`, `workflow_dispatch` and `repository_dispatch`
 * need write access or come from GitHub, and run what is on the branch. All others are left out, since strangers can
 * start them or choose what they run on: `pull_request` and `pull_request_target` carry the *fork's* branch name, which
 * may be `main`; `workflow_run`, `issues`, `issue_comment` and the like run on the default branch for whoever comes along;
 * `merge_group` has a branch of its own, and holds what is not merged yet.
 */
export const TRUSTED_EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'] as const

/** What a run must be of. */
export interface WantedRun {
  readonly repository: Repository
  readonly workflowId: number
  readonly branch: string
  /** This run, which is none of its predecessors. */
  readonly runId: number
}

/** Whether a run may be a baseline. Everything is checked here, whatever GitHub was asked for. */
export function isTrusted(run: PastRun, { repository, workflowId, branch, runId }: WantedRun): boolean {
  return (
    run.id !== runId &&
    run.workflowId === workflowId &&
    run.branch === branch &&
    run.conclusion === 'success' &&
    TRUSTED_EVENTS.some((event) => event === run.event) &&
    isSameRepository(run.headRepository, repository)
  )
}

export interface Candidate {
  readonly run: PastRun
  /** Whether the tested commit is known to build on the run's. */
  readonly isAncestor: boolean
}

/** Each costs a request or two, and a download. */
const MOST_CANDIDATES = 10
/** So many are kept for the newest runs: those of all ancestors may have expired. */
const MOST_OTHERS = 3

/**
 * Runs in the order in which they are asked: ancestors of the tested commit, nearest first, then the newest others.
 *
 * @param history the tested commit and those before it, newest first; empty: unknown
 */
export function orderCandidates(runs: readonly PastRun[], history: readonly string[]): Candidate[] {
  const distance = new Map(history.map((sha, i) => [sha, i]))
  const distanceOf = ({ headSha }: PastRun) => distance.get(headSha) ?? Number.POSITIVE_INFINITY
  const newestFirst = runs.toSorted((a, b) => b.startedAt - a.startedAt || b.id - a.id)
  const ancestors = newestFirst
    .filter((run) => distance.has(run.headSha))
    .toSorted((a, b) => distanceOf(a) - distanceOf(b))
  const others = newestFirst.filter((run) => !distance.has(run.headSha))
  const kept = ancestors.slice(0, MOST_CANDIDATES - Math.min(MOST_OTHERS, others.length))
  return [
    ...kept.map((run) => ({ run, isAncestor: true })),
    ...others.slice(0, MOST_CANDIDATES - kept.length).map((run) => ({ run, isAncestor: false })),
  ]
}

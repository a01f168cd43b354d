/** The runs of workflows and the history of commits on a GitHub on this machine. */
import { notFound, pageOf } from './rest.ts'

/** A run of a workflow, as the tests tell of it. */
export interface Run {
  readonly id: number
  readonly workflowId: number
  readonly event: string
  readonly branch: string
  readonly sha: string
  /** Where the commit came from; `''` when that is gone. */
  readonly repository: string
  /** null while it runs. */
  conclusion: string | null
  readonly startedAt: string
}

export class LoopbackRuns {
  readonly all: Run[] = []
  /** A commit and those before it, newest first, by its SHA. */
  readonly histories = new Map<string, readonly string[]>()

  /** @param id higher ones started later, an hour apart */
  add(id: number, more: Partial<Run> = {}): Run {
    const run: Run = {
      id,
      workflowId: 77,
      event: 'push',
      branch: 'main',
      sha: `${id}`.padStart(4, '0').repeat(10),
      repository: 'octo/shop',
      conclusion: 'success',
      startedAt: new Date(Date.UTC(2026, 4, 6, id)).toISOString(),
      ...more,
    }
    this.all.push(run)
    return run
  }

  /** @returns null for what is not about runs or commits */
  answer(route: string, query: URLSearchParams): Response | null {
    const [, runId] = /^GET actions\/runs\/(\d+)$/.exec(route) ?? []
    if (runId !== undefined) {
      const run = this.all.find(({ id }) => id === Number(runId))
      return run === undefined ? notFound() : Response.json(show(run))
    }
    const [, workflowId] = /^GET actions\/workflows\/(\d+)\/runs$/.exec(route) ?? []
    if (workflowId !== undefined) {
      // As GitHub does, by what the run says of itself: a fork's branch has the name that its owner gave it.
      const isAsked = (name: string, value: string | null) => !query.has(name) || query.get(name) === value
      const found = this.all
        .filter((run) => run.workflowId === Number(workflowId) && isAsked('branch', run.branch))
        .filter((run) => isAsked('event', run.event) && isAsked('status', run.conclusion))
        .toSorted((a, b) => b.id - a.id)
      return Response.json({ total_count: found.length, workflow_runs: pageOf(found, query).map(show) })
    }
    if (route === 'GET commits') {
      const history = this.histories.get(query.get('sha') ?? '')
      return history === undefined ? notFound() : Response.json(pageOf(history, query).map((sha) => ({ sha })))
    }
    return null
  }
}

function show(run: Run) {
  return {
    id: run.id,
    workflow_id: run.workflowId,
    event: run.event,
    head_branch: run.branch,
    head_sha: run.sha,
    head_repository:
      run.repository === '' ? null : { full_name: run.repository, owner: { login: run.repository.split('/')[0] } },
    status: run.conclusion === null ? 'in_progress' : 'completed',
    conclusion: run.conclusion,
    created_at: run.startedAt,
    run_started_at: run.startedAt,
  }
}

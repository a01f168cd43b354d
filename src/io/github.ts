/** GitHub's REST API, as far as this program needs it. Nothing is logged here. */
import { getOctokit } from '@actions/github'
import { readRefusal, retry } from './retry.ts'

export interface Repository {
  readonly owner: string
  readonly name: string
}

export interface IssueComment {
  readonly id: number
  readonly body: string
  /** Login; `''` when the account is gone. */
  readonly author: string
  readonly url: string
}

export interface PullRequest {
  readonly number: number
  readonly headSha: string
}

/** A run of a workflow, by what it ran on. */
export interface WorkflowRun {
  readonly id: number
  readonly event: string
  readonly headOwner: string
  readonly headBranch: string
  readonly headSha: string
}

/** A run that has ended, as GitHub tells of it. */
export interface PastRun {
  readonly id: number
  readonly workflowId: number
  readonly event: string
  readonly branch: string
  readonly headSha: string
  /** `owner/name` of the repository that the commit came from; `''` when that is gone. */
  readonly headRepository: string
  /** `success` and others; `''` while it runs. */
  readonly conclusion: string
  /** ms UTC. */
  readonly startedAt: number
}

/** An artifact of another run. */
export interface ListedArtifact {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly expired: boolean
  /** `sha256:` and 64 digits; `''` unknown. */
  readonly digest: string
}

/** A refusal, with what was asked. `status` is 0 when there was no answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly status: number
  constructor(message: string, status: number, options: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

export type GitHub = ReturnType<typeof connectGitHub>

const PER_PAGE = 100
/** Runs and threads beyond this are not waited for. */
const MOST_PAGES = 100

/** @param token of the workflow, or of whoever writes the comments */
export function connectGitHub(token: string) {
  const octokit = getOctokit(token)
  octokit.hook.wrap('request', (request, options) => retry(() => request(options), options.method))

  const all = <Item>(
    what: string,
    fetchPage: (page: number) => Promise<readonly Item[]>,
    mostPages = MOST_PAGES,
  ): Promise<Item[]> =>
    describe(what, async () => {
      const items: Item[] = []
      for (let page = 1; page <= mostPages; page++) {
        const more = await fetchPage(page)
        items.push(...more)
        if (more.length < PER_PAGE) break
      }
      return items
    })

  return {
    token,
    listComments: ({ owner, name }: Repository, issue: number) =>
      all(`list the comments of pull request ${issue}`, async (page): Promise<IssueComment[]> => {
        const { data } = await octokit.rest.issues.listComments({
          owner,
          repo: name,
          issue_number: issue,
          per_page: PER_PAGE,
          page,
        })
        return data.map(readComment)
      }),
    createComment: ({ owner, name }: Repository, issue: number, body: string) =>
      describe(`comment on pull request ${issue}`, async () => {
        const { data } = await octokit.rest.issues.createComment({ owner, repo: name, issue_number: issue, body })
        return readComment(data)
      }),
    updateComment: ({ owner, name }: Repository, id: number, body: string) =>
      describe(`update comment ${id}`, async () => {
        const { data } = await octokit.rest.issues.updateComment({ owner, repo: name, comment_id: id, body })
        return readComment(data)
      }),
    deleteComment: ({ owner, name }: Repository, id: number) =>
      describe(`delete comment ${id}`, async () => {
        await octokit.rest.issues.deleteComment({ owner, repo: name, comment_id: id })
      }),
    /** Open pull requests from a branch, `head` as `owner:branch`. */
    listPullRequests: ({ owner, name }: Repository, head: string) =>
      all(`list the open pull requests from ${head}`, async (page): Promise<PullRequest[]> => {
        const { data } = await octokit.rest.pulls.list({
          owner,
          repo: name,
          state: 'open',
          head,
          per_page: PER_PAGE,
          page,
        })
        return data.map((pull) => ({ number: pull.number, headSha: pull.head.sha }))
      }),
    readRun: ({ owner, name }: Repository, id: number) =>
      describe(`read run ${id} of ${owner}/${name}`, async (): Promise<WorkflowRun> => {
        const { data } = await octokit.rest.actions.getWorkflowRun({ owner, repo: name, run_id: id })
        return {
          id: data.id,
          event: data.event,
          headOwner: data.head_repository?.owner.login ?? '',
          headBranch: data.head_branch ?? '',
          headSha: data.head_sha,
        }
      }),
    readWorkflowId: ({ owner, name }: Repository, runId: number) =>
      describe(`read run ${runId} of ${owner}/${name}`, async (): Promise<number> => {
        const { data } = await octokit.rest.actions.getWorkflowRun({ owner, repo: name, run_id: runId })
        return data.workflow_id
      }),
    /** The newest successful runs of a workflow on a branch by one kind of event, at most a hundred. */
    listSuccessfulRuns: ({ owner, name }: Repository, workflowId: number, branch: string, event: string) =>
      describe(`list the runs of workflow ${workflowId} on ${branch}`, async (): Promise<PastRun[]> => {
        const { data } = await octokit.rest.actions.listWorkflowRuns({
          owner,
          repo: name,
          workflow_id: workflowId,
          branch,
          event,
          status: 'success',
          per_page: PER_PAGE,
          exclude_pull_requests: true,
        })
        return data.workflow_runs.map((run) => ({
          id: run.id,
          workflowId: run.workflow_id,
          event: run.event,
          branch: run.head_branch ?? '',
          headSha: run.head_sha,
          headRepository: run.head_repository?.full_name ?? '',
          conclusion: run.conclusion ?? '',
          startedAt: Date.parse(run.run_started_at ?? run.created_at),
        }))
      }),
    /** A commit and those before it, newest first. @param mostPages of a hundred each */
    listHistory: ({ owner, name }: Repository, commit: string, mostPages: number) =>
      all(
        `read the history of commit ${commit}`,
        async (page): Promise<string[]> => {
          const { data } = await octokit.rest.repos.listCommits({
            owner,
            repo: name,
            sha: commit,
            per_page: PER_PAGE,
            page,
          })
          return data.map(({ sha }) => sha)
        },
        mostPages,
      ),
    listArtifacts: ({ owner, name }: Repository, runId: number) =>
      all(`list the artifacts of run ${runId} of ${owner}/${name}`, async (page): Promise<ListedArtifact[]> => {
        const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
          owner,
          repo: name,
          run_id: runId,
          per_page: PER_PAGE,
          page,
        })
        return data.artifacts.map((artifact) => ({
          id: artifact.id,
          name: artifact.name,
          bytes: artifact.size_in_bytes,
          expired: artifact.expired,
          digest: artifact.digest ?? '',
        }))
      }),
  }
}

interface RawComment {
  readonly id: number
  readonly body?: string | undefined
  readonly user: { readonly login: string } | null
  readonly html_url: string
}

function readComment(comment: RawComment): IssueComment {
  return { id: comment.id, body: comment.body ?? '', author: comment.user?.login ?? '', url: comment.html_url }
}

async function describe<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (cause) {
    const { status } = readRefusal(cause)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new GitHubError(`cannot ${what}: ${status > 0 ? `HTTP ${status}: ` : ''}${reason}`, status, { cause })
  }
}

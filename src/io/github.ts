/** GitHub's REST API, as far as this program needs it. Nothing is logged here. */
import { setTimeout as sleep } from 'node:timers/promises'
import { getOctokit } from '@actions/github'

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
const MOST_ATTEMPTS = 4
/** A longer wait would cost more than what it is for. */
const LONGEST_WAIT_MS = 60_000

/** @param token of the workflow, or of whoever writes the comments */
export function connectGitHub(token: string) {
  const octokit = getOctokit(token)
  octokit.hook.wrap('request', (request, options) => retry(() => request(options), options.method))

  const all = <Item>(what: string, fetchPage: (page: number) => Promise<readonly Item[]>): Promise<Item[]> =>
    describe(what, async () => {
      const items: Item[] = []
      for (let page = 1; page <= MOST_PAGES; page++) {
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

/** Waits as long as GitHub asks for, and a little when it stumbles. */
async function retry<Value>(request: () => Value | Promise<Value>, method: string): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request()
    } catch (error) {
      const waitMs = attempt < MOST_ATTEMPTS ? waitBeforeRetry(error, method, attempt) : null
      if (waitMs === null || waitMs > LONGEST_WAIT_MS) throw error
      await sleep(waitMs)
    }
  }
}

/** @returns ms, null when another attempt is of no use */
function waitBeforeRetry(error: unknown, method: string, attempt: number): number | null {
  const { status, headers } = readRefusal(error)
  if (status === 403 || status === 429) {
    const seconds = Number(headers['retry-after'])
    if (seconds > 0) return seconds * 1000
    const reset = Number(headers['x-ratelimit-reset']) * 1000
    if (headers['x-ratelimit-remaining'] === '0' && reset > 0) return Math.max(0, reset - Date.now()) + 1000
    return status === 429 ? LONGEST_WAIT_MS : null
  }
  // What was posted may have been done all the same, and would be done twice.
  const mayRepeat = method !== 'POST' && (status === 0 || status >= 500)
  return mayRepeat ? 1000 * attempt : null
}

function readRefusal(error: unknown): { status: number; headers: Readonly<Record<string, unknown>> } {
  if (!(error instanceof Error) || !('status' in error)) return { status: 0, headers: {} }
  const response = 'response' in error ? error.response : undefined
  const headers = isRecord(response) && isRecord(response.headers) ? response.headers : {}
  return { status: Number(error.status), headers }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
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

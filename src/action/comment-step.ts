/** Brings the comment on a pull request up to date. */
import { type GitHub, GitHubError, type IssueComment, type Repository } from '../io/github.ts'
import { type CommentDraft, planComment } from '../report/comment.ts'
import type { CommentMode } from './inputs.ts'

interface CommentTarget {
  readonly github: GitHub
  readonly repository: Repository
  readonly pullRequest: number
  /** Login that writes the comments. */
  readonly author: string
}

export interface CommentOutcome {
  /** `''` when there is no comment. */
  readonly url: string
  readonly done: string
  /** What the reader of the run should know; `''` for nothing. */
  readonly notice: string
}

/** Others may write at the same moment; so many rounds settle it. */
const MOST_ROUNDS = 4
const READ_ONLY =
  `The token may only read, as in pull requests from forks, so no comment was written; summary and artifact stand.
Grant 'pull-requests: write', or comment from a workflow_run workflow (examples/fork-safe-comment.yml).`.replace(
    '\n',
    ' ',
  )

/**
 * Creates, updates or leaves the one comment of this job, and removes copies that were made at the same moment. What
 * GitHub refuses is told, and fails nothing.
 */
export async function publishComment(
  target: CommentTarget,
  draft: CommentDraft,
  mode: Exclude<CommentMode, 'off'>,
): Promise<CommentOutcome> {
  try {
    return await converge(target, draft, mode)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    const isRefused = error.status === 403 && !/rate limit/i.test(error.message)
    return { url: '', done: 'no comment', notice: isRefused ? READ_ONLY : `No comment was written: ${error.message}` }
  }
}

async function converge(
  { github, repository, pullRequest, author }: CommentTarget,
  draft: CommentDraft,
  mode: Exclude<CommentMode, 'off'>,
): Promise<CommentOutcome> {
  let writer = author
  let notice = ''
  let done = ''
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const posted = await github.listComments(repository, pullRequest)
    const { action, current, surplus } = planComment<IssueComment>(posted, draft, mode, writer)
    if (action === 'none') return { url: '', done: 'no comment needed', notice }
    for (const copy of surplus) await unlessGone(() => github.deleteComment(repository, copy.id))
    if (action === 'create') {
      const created = await github.createComment(repository, pullRequest, draft.body)
      done = 'created'
      if (created.author !== writer) {
        notice = `The comment was written by '${created.author}': set 'comment-author' to that, or each run adds another one.`
        writer = created.author
      }
      // Somebody else may have created one since the list was read: look again.
      continue
    }
    if (action === 'update') {
      const updated =
        current === null ? null : await unlessGone(() => github.updateComment(repository, current.id, draft.body))
      if (updated === null) continue
      return { url: updated.url, done: done || 'updated', notice }
    }
    return { url: current?.url ?? '', done: done || 'unchanged', notice }
  }
  return {
    url: '',
    done: 'no comment',
    notice: 'The comment kept vanishing while it was written; the next run will try again.',
  }
}

/** null when another writer has removed it meanwhile. */
async function unlessGone<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 404 || error.status === 410)) return null
    throw error
  }
}

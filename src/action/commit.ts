/** What a run is of, and what it is held against. */
import type { Step } from '../io/actions.ts'
import { fieldOf, textOf } from './event.ts'

export interface TestedCommit {
  /** `owner:branch` when it is a fork's, whose branches may have any name. */
  readonly branch: string
  /** SHA: of a pull request its head, not the merge that is tried out. */
  readonly sha: string
  /** Branch whose runs say what was there before; `''` unknown. */
  readonly baseBranch: string
}

/**
 * A pull request and a merge queue are held against the branch that they go to, a tag against the default branch, and
 * everything else against its own branch: main against main's last run.
 */
export function findTestedCommit({ event, repository, refName, isTag, sha }: Step): TestedCommit {
  const pull = fieldOf(event, 'pull_request')
  if (pull !== undefined && pull !== null) {
    const isOwn = isSameRepository(textOf(pull, 'head', 'repo', 'full_name'), repository)
    return {
      branch: textOf(pull, 'head', isOwn ? 'ref' : 'label') || textOf(pull, 'head', 'ref') || refName,
      sha: textOf(pull, 'head', 'sha') || sha,
      baseBranch: textOf(pull, 'base', 'ref'),
    }
  }
  const queuedFor = textOf(event, 'merge_group', 'base_ref').replace(/^refs\/heads\//, '')
  const ownBase = isTag ? textOf(event, 'repository', 'default_branch') : refName
  return { branch: refName, sha, baseBranch: queuedFor || ownBase }
}

/** @param fullName `owner/name`, in which case does not matter */
export function isSameRepository(fullName: string, { owner, name }: Step['repository']): boolean {
  return fullName.toLowerCase() === `${owner}/${name}`.toLowerCase()
}

/** `main at abc1234, run 123`. */
export function describeRun({ branch, sha, runId }: { branch: string; sha: string; runId: number }): string {
  return `${branch} at ${sha.slice(0, SHORT_SHA)}, run ${runId}`
}

/** As many digits of a commit as Git shows. */
export const SHORT_SHA = 7

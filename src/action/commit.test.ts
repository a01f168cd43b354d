import { expect, test } from 'bun:test'
import type { Step } from '../io/actions.ts'
import { describeRun, findTestedCommit } from './commit.ts'

const step: Step = {
  repository: { owner: 'octo', name: 'shop' },
  runId: 5,
  workflow: 'CI',
  job: 'test',
  leg: '',
  serverUrl: 'https://github.com',
  isEnterpriseServer: false,
  eventName: 'push',
  refName: 'feature',
  isTag: false,
  sha: 'abc',
  event: {},
}
const find = (event: unknown, more: Partial<Step> = {}) => findTestedCommit({ ...step, ...more, event })
const pull = (fullName: string) => ({
  pull_request: {
    head: { ref: 'main', label: 'mallory:main', sha: 'def', repo: { full_name: fullName } },
    base: { ref: 'trunk' },
  },
})

test('a push is held against its own branch, a tag against the default one', () => {
  expect(find({ pull_request: null })).toEqual({ branch: 'feature', sha: 'abc', baseBranch: 'feature' })
  const event = { repository: { default_branch: 'main' } }
  expect(find(event, { refName: 'v1.2.0', isTag: true })).toEqual({ branch: 'v1.2.0', sha: 'abc', baseBranch: 'main' })
})

test('a pull request is its head, held against its base; a fork’s branch is not taken for ours', () => {
  expect(find(pull('Octo/Shop'))).toEqual({ branch: 'main', sha: 'def', baseBranch: 'trunk' })
  expect(find(pull('mallory/shop'))).toEqual({ branch: 'mallory:main', sha: 'def', baseBranch: 'trunk' })
  // The fork is gone.
  const gone = { pull_request: { head: { ref: 'main', label: 'mallory:main', sha: 'def', repo: null } } }
  expect(find(gone)).toEqual({ branch: 'mallory:main', sha: 'def', baseBranch: '' })
})

test('a merge queue is held against the branch that it goes to', () => {
  const queue = 'gh-readonly-queue/main/pr-7-abc'
  expect(find({ merge_group: { base_ref: 'refs/heads/main' } }, { refName: queue })).toEqual({
    branch: queue,
    sha: 'abc',
    baseBranch: 'main',
  })
})

test('a run is named by branch, commit and number', () => {
  expect(describeRun({ branch: 'main', sha: '0123456789abcdef', runId: 7 })).toBe('main at 0123456, run 7')
})

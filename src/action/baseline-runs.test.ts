import { describe, expect, test } from 'bun:test'
import type { PastRun } from '../io/github.ts'
import { isTrusted, orderCandidates } from './baseline-runs.ts'

const run = (id: number, more: Partial<PastRun> = {}): PastRun => ({
  id,
  workflowId: 77,
  event: 'push',
  branch: 'main',
  headSha: `sha${id}`,
  headRepository: 'octo/shop',
  conclusion: 'success',
  startedAt: id,
  ...more,
})
const wanted = { repository: { owner: 'octo', name: 'shop' }, workflowId: 77, branch: 'main', runId: 50 }

describe('isTrusted', () => {
  test.each(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'])('takes %s', (event) => {
    expect(isTrusted(run(1, { event, headRepository: 'Octo/Shop' }), wanted)).toBe(true)
  })

  test.each([
    ['a fork, whose branch is named main too', { headRepository: 'mallory/shop' }],
    ['a fork that is gone', { headRepository: '' }],
    ['a pull request', { event: 'pull_request' }],
    ['a pull request with a token that may write', { event: 'pull_request_target' }],
    ['what a stranger’s run triggered', { event: 'workflow_run' }],
    ['what a stranger’s comment triggered', { event: 'issue_comment' }],
    ['another workflow', { workflowId: 78 }],
    ['another branch', { branch: 'main2' }],
    ['a failed run', { conclusion: 'failure' }],
    ['a run that is not over', { conclusion: '' }],
    ['this run itself', { id: 50 }],
  ])('refuses %s', (_, more) => {
    expect(isTrusted(run(1, more), wanted)).toBe(false)
  })
})

describe('orderCandidates', () => {
  const order = (runs: readonly PastRun[], history: readonly string[]) =>
    orderCandidates(runs, history).map((candidate) => (candidate.isAncestor ? candidate.run.id : -candidate.run.id))

  test('takes ancestors by nearness, then the newest others', () => {
    expect(order([run(1), run(4), run(2), run(3)], ['head', 'sha2', 'sha1'])).toEqual([2, 1, -4, -3])
    expect(order([run(1), run(3), run(2)], [])).toEqual([-3, -2, -1])
    expect(order([], ['head'])).toEqual([])
  })

  test('takes the newest of several runs of one commit', () => {
    expect(order([run(1, { headSha: 'x' }), run(3, { headSha: 'x' }), run(2, { headSha: 'x' })], ['x'])).toEqual([
      3, 2, 1,
    ])
  })

  test('asks ten at most, and keeps room for the newest where ancestors abound', () => {
    const runs = Array.from({ length: 40 }, (_, i) => run(i + 1))
    const old = Array.from({ length: 20 }, (_, i) => `sha${20 - i}`)
    expect(order(runs, old)).toEqual([20, 19, 18, 17, 16, 15, 14, -40, -39, -38])
    expect(order(runs.slice(0, 20), old)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11])
    expect(order(runs, [])).toEqual([-40, -39, -38, -37, -36, -35, -34, -33, -32, -31])
  })
})

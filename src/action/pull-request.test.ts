import { expect, test } from 'bun:test'
import { findEventPullRequest, findTriggeringRun } from './pull-request.ts'

test.each([
  [{ pull_request: { number: 7 } }, 7],
  [{ pull_request: { number: '7' } }, null],
  [{ pull_request: null }, null],
  [{ workflow_run: { pull_requests: [{ number: 3 }] } }, null],
  [{ number: 7 }, null],
  [{}, null],
  [null, null],
])('the pull request of %j is %p', (event, number) => {
  expect(findEventPullRequest(event)).toBe(number)
})

test('a triggering run is read as far as it is told', () => {
  expect(findTriggeringRun({})).toBeNull()
  // A fork that was removed has no repository any more.
  expect(findTriggeringRun({ workflow_run: { id: 4, head_sha: 'abc', head_repository: null } })).toEqual({
    id: 4,
    event: '',
    headOwner: '',
    headBranch: '',
    headSha: 'abc',
  })
})

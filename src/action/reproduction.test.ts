import { expect, test } from 'bun:test'
import type { Step } from '../io/actions.ts'
import { INPUT_NAMES, parseActionInputs } from './inputs.ts'
import { renderReproduction } from './reproduction.ts'

const step: Step = {
  repository: { owner: 'octo', name: 'shop' },
  runId: 5,
  workflow: 'CI',
  job: 'test',
  leg: '',
  serverUrl: 'https://github.com',
  isEnterpriseServer: false,
  eventName: 'push',
  refName: 'main',
  isTag: false,
  sha: 'abc',
  event: {},
}
const none = Object.fromEntries(INPUT_NAMES.map((name) => [name, ''])) as Parameters<typeof parseActionInputs>[0]
const render = (texts: Partial<typeof none>, foundRunId: number | null = null) =>
  renderReproduction(parseActionInputs({ ...none, ...texts }), step, 1, foundRunId)

test('names logs, baselines and settings', () => {
  expect(render({ logs: 'logs/*.csv', baseline: 'main.csv', window: '5m', map: 'status=code' })).toBe(
    "`bun scripts/run.ts 'logs/*.csv' --baseline main.csv --map status=code --window 5m --seed 1`",
  )
})

test('fetches artifacts first', () => {
  expect(render({ artifacts: 'k6', 'baseline-artifacts': 'main-*', 'baseline-run-id': '3' })).toBe(
    [
      '`gh run download 5 --repo octo/shop --name k6 --dir k6`\\',
      '`gh run download 3 --repo octo/shop --dir run-3`\\',
      '`bun scripts/run.ts k6 --baseline run-3 --seed 1`',
    ].join('\n'),
  )
})

test('keeps logs and baselines of the same name apart, and fetches the state that was found', () => {
  expect(render({ artifacts: 'k6', 'baseline-artifacts': 'k6', 'baseline-run-id': '3' })).toContain(
    '`bun scripts/run.ts k6 --baseline baseline-k6 --seed 1`',
  )
  const found = render({ logs: 'a.csv', baseline: 'auto', 'artifact-name': 'report', repository: 'other/place' }, 3)
  expect(found).toBe(
    [
      '`gh run download 3 --repo octo/shop --name report --dir baseline-report`\\',
      '`bun scripts/run.ts a.csv --baseline baseline-report --seed 1`',
    ].join('\n'),
  )
  expect(render({ logs: 'a.csv', baseline: 'auto' })).toBe('`bun scripts/run.ts a.csv --seed 1`')
})

test('quotes whatever a shell would run', () => {
  expect(render({ logs: "$(rm -rf ~)'; x\n`y`\n-o" })).toBe(
    "`` bun scripts/run.ts '$(rm -rf ~)'\\''; x' '`y`' '-o' --seed 1 ``"
      .replace('`` bun', '``bun')
      .replace('1 ``', '1``'),
  )
})

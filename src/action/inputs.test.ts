import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { GATE_WORDS } from '../gates.ts'
import { parseCommand } from '../inputs/command.ts'
import { loadInputs } from '../inputs.ts'
import { SENSITIVITIES } from '../types.ts'
import { INPUT_NAMES, parseActionInputs } from './inputs.ts'

const action: {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>
} = parse(readFileSync(join(import.meta.dir, '../../action.yml'), 'utf8'))

type Texts = Parameters<typeof parseActionInputs>[0]
const DEFAULTS = Object.fromEntries(INPUT_NAMES.map((name) => [name, action.inputs[name]?.default ?? ''])) as Texts
const given = (texts: Partial<Texts>) =>
  parseActionInputs({ ...DEFAULTS, 'github-token': 'token', repository: 'octo/shop', 'comment-key': 'null', ...texts })
const faultsOf = (texts: Partial<Texts>) => given(texts).options.faults

describe('the inputs', () => {
  test('are those of action.yml', () => {
    expect(INPUT_NAMES.toSorted()).toEqual(Object.keys(action.inputs).toSorted() as (typeof INPUT_NAMES)[number][])
  })

  test('that are options of the command as well have its words', () => {
    for (const word of SENSITIVITIES) expect(action.inputs.sensitivity.description).toContain(`\`${word}\``)
    for (const gate of ['fail-on', 'warn-on']) {
      for (const word of GATE_WORDS) expect(action.inputs[gate].description).toContain(`\`${word}\``)
    }
  })

  test('at their defaults are what the command has as defaults', () => {
    const { options, ...own } = given({ logs: 'a.csv' })
    const inputs = loadInputs(options, null, 0)
    expect(inputs).toEqual(loadInputs(parseCommand(['a.csv']), null, 0))
    expect(own).toEqual({
      mode: 'analyze',
      logs: ['a.csv'],
      artifacts: [],
      isBaselineAuto: false,
      baselineArtifacts: [],
      runId: null,
      baselineRunId: null,
      repository: 'octo/shop',
      token: 'token',
      comment: 'alert',
      commentKey: '',
      commentAuthor: 'github-actions[bot]',
      artifactName: 'api-anomalies',
      retentionDays: null,
    })
  })

  test('reach the program under the same names', () => {
    const { options } = given({
      logs: 'a.csv\n\n  logs/*.gz  \n',
      artifacts: 'k6\n/^load-\\d+$/',
      baseline: 'main.csv\nolder.csv',
      map: 'status=code\ntime=at',
      window: '30s',
      timezone: 'Europe/Berlin',
      seed: '7',
      sensitivity: 'high',
      forest: 'ml-isolation-forest',
      charts: 'false',
      'fail-on': 'high',
      'warn-on': 'new-low',
      'quickchart-host': 'charts.example.com',
      format: 'csv',
    })
    const words = `a.csv logs/*.gz k6 /^load-\\d+$/ --baseline main.csv --baseline older.csv --map status=code --map time=at
      --window 30s --timezone Europe/Berlin --seed 7 --sensitivity high --forest ml-isolation-forest --no-charts
      --fail-on high --warn-on new-low --quickchart-host charts.example.com --format csv`
    expect(loadInputs(options, null, 0)).toEqual(loadInputs(parseCommand(words.split(/\s+/)), null, 0))
  })

  test('that contradict each other are told', () => {
    expect(faultsOf({}).join()).toStartWith("set 'logs', 'artifacts' or 'demo'")
    expect(faultsOf({ demo: 'true' })).toEqual([])
    expect(faultsOf({ demo: 'true', logs: 'a.csv' })).toEqual([
      "'demo' generates a log, and may not stand beside 'a.csv'",
    ])
    expect(faultsOf({ mode: 'report' })).toEqual([])
    expect(faultsOf({ mode: 'report', logs: 'a.csv' }).join()).toContain('reads no logs')
    expect(faultsOf({ logs: 'a', 'run-id': '5' }).join()).toContain("needs 'artifacts'")
    expect(faultsOf({ logs: 'a', 'baseline-run-id': '5' }).join()).toContain("needs 'baseline-artifacts'")
    expect(faultsOf({ artifacts: 'a', 'run-id': '5', 'baseline-artifacts': 'b', 'baseline-run-id': '4' })).toEqual([])
    expect(faultsOf({ logs: '-' }).join()).toContain('no standard input')
    expect(faultsOf({ logs: 'a', 'github-token': '' }).join()).toContain("'github-token' must be")
  })

  test('may ask for the last run of the base branch, which is no path and stands alone', () => {
    const { options, ...own } = given({ logs: 'a', baseline: ' auto\n' })
    expect(own.isBaselineAuto).toBe(true)
    expect(options).toMatchObject({ faults: [], values: given({ logs: 'a' }).options.values })
    expect(given({ logs: 'a', baseline: './auto' })).toMatchObject({ isBaselineAuto: false, options: { faults: [] } })
    const fault = "'baseline' auto is the last run of the base branch, and may not stand beside"
    expect(faultsOf({ logs: 'a', baseline: 'auto\nmain.csv' })).toEqual([
      `${fault} 'main.csv'; a file of that name is ./auto`,
    ])
    expect(faultsOf({ logs: 'a', baseline: 'auto', 'baseline-artifacts': 'k6' }).join()).toStartWith(`${fault} 'k6'`)
    expect(faultsOf({ mode: 'report', baseline: 'auto' })).toEqual([])
  })

  test.each([
    ['mode', 'reports'],
    ['demo', 'yes'],
    ['charts', 'True'],
    ['comment', 'on'],
    ['run-id', '0'],
    ['run-id', '1e3'],
    ['baseline-run-id', '-1'],
    ['retention-days', '401'],
    ['artifact-name', 'a/b'],
    ['artifact-name', 'a*'],
  ] as const)('%s may not be %s', (name, text) => {
    expect(faultsOf({ logs: 'a.csv', [name]: text }).join()).toContain(`'${name}' must be `)
  })
})

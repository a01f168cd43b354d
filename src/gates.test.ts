import { describe, expect, test } from 'bun:test'
import { countStatuses, GATE_WORDS, type Gate, judgeGates } from './gates.ts'
import { sampleIncidents } from './report/sample-incidents.ts'
import { cleanReport } from './report/sample-report.ts'
import type { Acknowledgement, Comparison, Incident, Report, Severity, Status } from './types.ts'

const [sample] = sampleIncidents()
const incident = (
  severity: Severity,
  status: Status | null,
  acknowledged: Acknowledgement | null = null,
): Incident => ({
  ...sample,
  severity,
  status,
  acknowledged,
})
const comparison: Comparison = {
  source: { name: 'main at abc1234, run 3', branch: 'main', commit: 'abc1234', runId: 3, time: 0 },
  ageMs: 0,
  fixed: [
    { incident: incident('high', null), requests: 100, affected: 0 },
    { incident: incident('low', null), requests: 100, affected: 0 },
  ],
  untold: [],
  appeared: [],
  vanished: [],
  changed: [],
  latency: [],
}
const report = (incidents: readonly Incident[], against: Comparison | null = comparison): Report => ({
  ...cleanReport(),
  incidents,
  comparison: against,
})
const judge = (given: Report, failOn: Gate | null, warnOn: Gate | null = null) => judgeGates(given, { failOn, warnOn })
/** The gates that fail for these incidents. */
const failing = (...incidents: Incident[]) =>
  GATE_WORDS.filter((gate) => gate !== 'none' && judge(report(incidents), gate).failure !== '').join(' ')

describe('judgeGates', () => {
  test('plain gates count every incident of the severity or above', () => {
    expect(failing(incident('high', 'known'))).toBe('low medium high')
    expect(failing(incident('low', 'known', 'expected'))).toBe('low')
    expect(failing()).toBe('')
  })

  test('new ones only those that are new or worse, and nobody has acknowledged', () => {
    expect(failing(incident('critical', 'new'))).toBe(
      'low medium high critical new-low new-medium new-high new-critical',
    )
    expect(failing(incident('medium', 'worse'))).toBe('low medium new-low new-medium')
    expect(failing(incident('low', 'new', 'false alarm'))).toBe('low')
    expect(failing(incident('critical', 'known'), incident('medium', 'new'))).toBe(
      'low medium high critical new-low new-medium',
    )
  })

  test('say which gate, how many and the worst that reached it', () => {
    const many = report([incident('critical', 'known'), incident('high', 'new'), incident('medium', 'new')])
    expect(judge(many, 'new-medium')).toEqual({
      failure: "API anomalies reached 'fail-on' new-medium: 2 incidents, the worst is high",
      warnings: [],
    })
    expect(judge(many, null, 'critical')).toEqual({
      failure: '',
      warnings: ["API anomalies reached 'warn-on' critical: 1 incident, which is critical"],
    })
  })

  test('failing wins over warning', () => {
    const many = report([incident('high', 'new')])
    expect(judge(many, 'new-high', 'medium')).toMatchObject({
      failure: expect.stringContaining("'fail-on'"),
      warnings: [],
    })
    expect(judge(many, 'critical', 'medium')).toMatchObject({ failure: '', warnings: [expect.anything()] })
  })

  test('without a baseline, what is new cannot be judged: that is said, and fails nothing', () => {
    const alone = report([incident('critical', null)], null)
    expect(judge(alone, 'new-high', 'new-low')).toEqual({
      failure: '',
      warnings: [
        "'fail-on new-high' could not be judged: without a baseline nothing tells what is new.",
        "'warn-on new-low' could not be judged: without a baseline nothing tells what is new.",
      ],
    })
    expect(judge(alone, 'high')).toMatchObject({ failure: expect.stringContaining('1 incident'), warnings: [] })
    // Read from a file: the incidents know what the comparison said.
    expect(judge(report([incident('high', 'new')], null), 'new-high')).toMatchObject({
      failure: expect.stringContaining('new-high'),
      warnings: [],
    })
  })
})

describe('countStatuses', () => {
  test('leaves out the watch list', () => {
    const incidents = [
      incident('high', 'new'),
      incident('high', 'known'),
      incident('medium', 'known'),
      incident('low', 'worse'),
    ]
    expect(countStatuses(report(incidents))).toEqual({ new: 1, worse: 0, known: 2, fixed: 1 })
    expect(countStatuses(report(incidents, null))).toBeNull()
  })
})

import { expect, test } from 'bun:test'
import type { Report } from '../types.ts'
import { renderIncidents } from './json.ts'
import { hostileReport } from './sample-hostile.ts'
import { sampleIncident } from './sample-incidents.ts'
import { cleanComparedReport, comparedReport, sampleReport, unknownReport } from './sample-report.ts'

test('keys come in the documented order', () => {
  const parsed = JSON.parse(renderIncidents(sampleReport()))
  expect(Object.keys(parsed)).toEqual(['schema', 'input', 'tests', 'notes', 'incidents'])
  expect(Object.keys(parsed.input).join()).toBe(
    'rows,rejected,files,formats,start,end,windowSeconds,services,endpoints,regions,environments,versions,baseline',
  )
  expect(Object.keys(parsed.incidents[0]).join()).toBe(
    'id,fingerprint,category,severity,start,end,scope,metric,unit,actual,expected,lower,upper,support,affected,effect,pValue,qValue,score,detectors,explanation,contributors,related,samples',
  )
})

test('only with a baseline, status and comparison come after all that was agreed on', () => {
  const document = JSON.parse(renderIncidents(comparedReport()))
  expect(Object.keys(document)).toEqual(['schema', 'input', 'tests', 'notes', 'incidents', 'comparison'])
  expect(Object.keys(document.incidents[0]).slice(-2)).toEqual(['status', 'before'])
  expect(document.comparison.counts).toEqual({ new: 2, worse: 1, known: 3, fixed: 1 })
  expect(Object.keys(document.comparison).join()).toBe('source,counts,fixed,untold,appeared,vanished,changed,latency')
  const acknowledged = sampleIncident({ acknowledged: 'new normal', status: 'new', severity: 'low' })
  const keysOf = (report: Report) => {
    const text = renderIncidents({ ...report, incidents: [acknowledged] })
    return Object.keys(JSON.parse(text).incidents[0]).slice(-2)
  }
  expect(keysOf(comparedReport())).toEqual(['before', 'acknowledged'])
  expect(keysOf(sampleReport())).toEqual(['related', 'samples'])
})

test('the age of the baseline is in no byte, and what is unknown of it is null', () => {
  const report = comparedReport()
  const later = report.comparison === null ? null : { ...report.comparison, ageMs: 9e9 }
  expect(renderIncidents({ ...report, comparison: later })).toBe(renderIncidents(report))
  const text = renderIncidents(cleanComparedReport())
  expect(JSON.parse(text).comparison.source).toEqual({
    name: 'main.csv (48,210 rows)',
    branch: '',
    commit: '',
    runId: null,
    time: null,
  })
  expect(text).not.toMatch(/NaN|Infinity/)
})

test('unknown is null, never NaN or Infinity', () => {
  const text = renderIncidents(unknownReport())
  expect(text).not.toMatch(/NaN|Infinity/)
  const [incident] = JSON.parse(text).incidents
  expect([incident.expected, incident.upper, incident.affected, incident.effect, incident.pValue]).toEqual(
    Array(5).fill(null),
  )
  const empty = {
    ...sampleReport(),
    input: { ...sampleReport().input, start: Number.NaN, end: Number.NaN, baseline: '' },
  }
  expect(JSON.parse(renderIncidents(empty)).input).toMatchObject({ start: null, end: null, baseline: null })
})

test('numbers are rounded below the bits in which engines differ, counts stay exact', () => {
  const incident = sampleIncident({
    actual: 0.1 + 0.2,
    expected: 1 / 3,
    support: 123_456_789,
    lower: -0,
    pValue: 1e-300,
  })
  const text = renderIncidents({ ...sampleReport(), incidents: [incident] })
  expect(JSON.parse(text).incidents[0]).toMatchObject({
    actual: 0.3,
    expected: 0.333333,
    support: 123_456_789,
    pValue: 1e-300,
  })
  expect(text).toContain('"lower": 0,')
})

test('no number has more digits than the engines agree on', () => {
  const third = 1 / 3
  const noisy = { actual: third, expected: third, lower: third, upper: third, support: third, affected: third }
  const incident = sampleIncident({ ...noisy, effect: third, score: third, pValue: third, qValue: third })
  const contributors = [{ dimension: 'region', value: 'r', share: third }] as const
  const text = renderIncidents({ ...sampleReport(), incidents: [{ ...incident, contributors }] })
  // actual to effect, p- and q-value, score and the contributor's share
  expect(text.match(/(?<=0\.)3+\b/g)?.map((threes) => threes.length)).toEqual([6, 6, 6, 6, 6, 6, 6, 4, 4, 6, 6])
})

test('the scope is ordered, and hostile text survives unchanged', () => {
  const incident = sampleIncident({ scope: { version: '1', region: 'r', service: 's' } })
  const [first] = JSON.parse(renderIncidents({ ...sampleReport(), incidents: [incident] })).incidents
  expect(Object.keys(first.scope)).toEqual(['service', 'region', 'version'])
  const hostile = hostileReport()
  expect(JSON.parse(renderIncidents(hostile)).notes).toEqual([...hostile.notes])
})

test('two renderings are the same bytes and end with a line break', () => {
  expect(renderIncidents(sampleReport())).toBe(renderIncidents(sampleReport()))
  expect(renderIncidents(sampleReport()).endsWith('}\n')).toBe(true)
})

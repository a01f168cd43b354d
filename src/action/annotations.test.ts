import { expect, test } from 'bun:test'
import { sampleIncident } from '../report/sample-incidents.ts'
import { cleanReport, comparedReport, knownReport, sampleReport } from '../report/sample-report.ts'
import { buildAnnotations } from './annotations.ts'

test('a clean report has none', () => {
  expect(buildAnnotations(cleanReport())).toEqual([])
})

test('the worst come first, each level has its limit, one line tells of the rest', () => {
  const many = (severity: 'critical' | 'medium' | 'low', count: number) =>
    Array.from({ length: count }, () => sampleIncident({ severity }))
  const incidents = [...many('critical', 30), ...many('medium', 4), ...many('low', 50)]
  const levels = buildAnnotations({ ...sampleReport(), incidents }).map(({ level }) => level)
  expect(levels).toEqual([...Array(9).fill('error'), ...Array(4).fill('warning'), 'notice'])
  expect(buildAnnotations({ ...sampleReport(), incidents }).at(-1)?.message).toStartWith('21 more')
})

test('what the baseline has too is no news', () => {
  expect(buildAnnotations(comparedReport()).map(({ title }) => title)).toEqual([
    'critical, new: Silent failure in POST /checkout · region eu-west-1',
    'high, worse: Error spike in service payments · region sa-east-1',
    'high, new: Latency surge in service checkout',
  ])
  expect(buildAnnotations(knownReport())).toEqual([])
})

test('log fields stay on one line and give no command', () => {
  const incident = sampleIncident({ severity: 'high', scope: { service: 'a\r\n::error::b ##[group]c' } })
  const [{ title }] = buildAnnotations({ ...sampleReport(), incidents: [incident] })
  expect(title).not.toMatch(/[\r\n]|##\[/)
})

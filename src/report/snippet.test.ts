import { expect, test } from 'bun:test'
import { parseConfig } from '../inputs/config.ts'
import type { Ignore, Report } from '../types.ts'
import { renderSummary } from './markdown.ts'
import { hostileReport } from './sample-hostile.ts'
import { sampleIncident } from './sample-incidents.ts'
import { cleanReport, comparedReport, knownReport, sampleReport } from './sample-report.ts'

/** What the config file's reader makes of the block. */
function pasted(report: Report): readonly Ignore[] {
  const [, text] = /```yaml\n(.*?)\n```/s.exec(renderSummary(report)) ?? []
  const faults: string[] = []
  const { ignore } = parseConfig({ path: 'api-anomaly.yml', text }, faults)
  expect(faults).toEqual([])
  return ignore
}

test('is read back as entries for what is new or worse, which end on a day ahead of the run', () => {
  const report = comparedReport()
  expect(pasted(report)).toEqual(
    ['7c1f20ab9d34', '5fd3ee019c7a', 'aa01b7733c20'].map((fingerprint) => ({
      fingerprint,
      category: null,
      scope: {},
      reason: 'say why',
      until: Date.parse('2026-06-14') - 1,
      verdict: 'expected',
    })),
  )
})

test('names no day where nothing says when the run was', () => {
  expect(renderSummary(sampleReport())).toContain('    # until: YYYY-MM-DD\n')
  expect(pasted(sampleReport())[0].until).toBeNaN()
})

test('a fingerprint that looks like a number stays a text, the same one comes once, and five are enough', () => {
  const fingerprints = ['12e4567890', '12e4567890', '0123456789', 'true', '1a', '0x1234', '99e99999', '1234567890']
  const incidents = fingerprints.map((fingerprint) => sampleIncident({ fingerprint }))
  const entries = pasted({ ...sampleReport(), incidents })
  // Our reader takes any of them as a text, others' do not.
  expect(renderSummary({ ...sampleReport(), incidents })).toContain('- fingerprint: "12e4567890"\n')
  expect(entries.map(({ fingerprint }) => fingerprint)).toEqual([
    '12e4567890',
    '0123456789',
    'true',
    '0x1234',
    '99e99999',
  ])
})

test('holds nothing of what a log or a stranger wrote', () => {
  const [, yaml] = /```yaml\n(.*?)\n```/s.exec(renderSummary(hostileReport())) ?? []
  expect(yaml.match(/fingerprint/g)?.length).toBe(1)
  expect(yaml).toMatch(/^[\w\s#:,./"–-]*$/)
})

test('is offered for news only', () => {
  for (const report of [cleanReport(), knownReport()]) expect(renderSummary(report)).not.toContain('```yaml')
})

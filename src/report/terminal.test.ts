import { expect, test } from 'bun:test'
import { hostileReport } from './sample-hostile.ts'
import { sampleIncident } from './sample-incidents.ts'
import { cleanComparedReport, cleanReport, comparedReport, sampleReport } from './sample-report.ts'
import { renderTable } from './terminal.ts'

test('a row per incident above low, aligned, with counts beneath', () => {
  const lines = renderTable(sampleReport()).split('\n')
  expect(lines[0]).toStartWith('SEVERITY  WHAT')
  expect(lines[1]).toContain('critical  Silent failure      POST /checkout · region eu-west-1')
  expect(lines[1]).toContain('61.7 % vs 0.2 %')
  expect(lines.filter((line) => line.includes('UTC')).length).toBe(6)
  expect(renderTable(sampleReport())).toContain(
    '6 incidents: 2 critical, 2 high, 2 medium; 21,840 tests judged. Watch list: 1 weak sign.',
  )
})

test('with a baseline: news first, known ones after, then the counts and what is fixed', () => {
  const lines = renderTable(comparedReport()).trimEnd().split('\n')
  expect(lines[0]).toStartWith('SEVERITY  STATUS  WHAT')
  expect(lines.slice(1, 7).map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
    'critical new',
    'high worse',
    'high new',
    'critical known',
    'medium known',
    'medium known',
  ])
  expect(lines.slice(-2)).toEqual([
    'Against main at abc1234 (2 h ago): 2 new, 1 worse, 3 known, 1 fixed.',
    'fixed: Error spike in GET /orders/{id} · version 2.13.1',
  ])
  expect(renderTable(cleanComparedReport())).toEndWith('Against main.csv (48,210 rows): nothing new, nothing known.\n')
})

test('a clean run is one line', () => {
  expect(renderTable(cleanReport())).toBe('No anomalies: 21,840 tests judged, none significant.\n')
})

test('a long list is cut and says so', () => {
  const report = { ...sampleReport(), incidents: Array.from({ length: 1_025 }, () => sampleIncident()) }
  expect(renderTable(report)).toContain('… and 1,005 more')
})

test('log text forges no command and no line', () => {
  const lines = renderTable(hostileReport()).split('\n')
  expect(lines.filter((line) => line.includes('UTC')).length).toBe(6)
  for (const line of lines) expect(line).not.toMatch(/\p{Cc}|##\[|^\s*::/u)
})

import { expect, test } from 'bun:test'
import { sampleIncident } from './sample-incidents.ts'
import { cleanReport, hostileReport, sampleReport } from './sample-report.ts'
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

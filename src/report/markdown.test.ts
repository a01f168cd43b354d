import { expect, test } from 'bun:test'
import type { Report } from '../types.ts'
import { renderSummary } from './markdown.ts'
import { hostileReport } from './sample-hostile.ts'
import { sampleIncident } from './sample-incidents.ts'
import { cleanReport, comparedReport, sampleReport, unknownReport } from './sample-report.ts'

const bytes = (text: string) => new TextEncoder().encode(text).length

/** Opening and closing tags must balance, or the rest of a page would fold away. */
function balance(markdown: string): number {
  return (markdown.match(/^<details>$/gm)?.length ?? 0) - (markdown.match(/^<\/details>$/gm)?.length ?? 0)
}

test('a clean run says so in one line with the number of tests', () => {
  const summary = renderSummary(cleanReport())
  expect(summary).toContain('## ✅ No API anomalies')
  expect(summary).toContain('Nothing unusual: 21,840 tests judged, none significant')
  expect(summary).not.toMatch(/Evidence|Watch list|Notes/)
})

test('the headline counts what is above low, one of a thing is singular', () => {
  expect(renderSummary(sampleReport())).toStartWith('## API anomalies: 2 critical, 2 high, 2 medium\n')
  const report = sampleReport()
  const one = renderSummary({
    ...report,
    incidents: [sampleIncident()],
    tests: { judged: 1, expectedFalseAlarms: 0.005 },
    input: { ...report.input, rows: 1, rejected: 1, services: 1, files: ['a.csv'], regions: 0 },
  })
  expect(one).toStartWith('## API anomalies: 1 critical\n')
  expect(one).toContain('Analysed 1 request over')
  expect(one).toContain('of 1 service, 18 endpoints, 2 environments')
  expect(one).toContain('1 line rejected (50 %)')
  expect(one).toContain('1 test judged')
})

test('incidents keep their order, low ones stand in the watch list only', () => {
  const summary = renderSummary(sampleReport())
  const [before = '', watch = ''] = summary.split('Watch list: 1 weak sign')
  expect(before.indexOf('Silent failure |')).toBeLessThan(before.indexOf('Client error spike |'))
  expect(before).not.toContain('Outlier')
  expect(watch).toContain('| ⚪ low | Outlier |')
})

test('every note, sample and detector is told', () => {
  const summary = renderSummary(sampleReport())
  expect(summary).toContain('below 60 % failing it is invisible')
  expect(summary).toContain('`logs/api.csv:15120`: `{"error":{"code":"PAYMENT_DECLINED"},"user":"[email]"}`')
  expect(summary).toContain('- **Seen by:** payload checks, several metrics together')
  expect(summary).toContain('- **What drives it:** version `2.14.0` 71 %')
})

test('what is unknown is not printed as NaN', () => {
  expect(renderSummary(unknownReport())).not.toMatch(/NaN|Infinity|undefined|null/)
})

test('files and links appear only when they are given', () => {
  const files = ['master_anomalies.csv', 'charts/response-time.png', 'charts/response-time.svg']
  const quickchartLinks = [{ title: 'Requests', url: 'https://quickchart.io/chart?c=%7B%28x%29%7D' }]
  const summary = renderSummary(sampleReport(), { files, quickchartLinks })
  expect(summary).toContain('![response time](<charts/response-time.png>)')
  expect(summary).toContain('[`master_anomalies.csv`](<master_anomalies.csv>)')
  expect(summary).toContain('[Requests](<https://quickchart.io/chart?c=%7B%28x%29%7D>)')
  expect(renderSummary(sampleReport())).not.toMatch(/### Charts|quickchart/)
})

test.each([
  ['against a branch', hostileReport()],
  ['against a log', withoutBranch(hostileReport())],
])('hostile log text makes no link, mention, tag, cell or fold of its own, %s', (_, report) => {
  const summary = renderSummary(report)
  const html = Bun.markdown.html(summary, { autolinks: true })
  const outside = html.replace(/<code>[^<]*<\/code>/g, '').replace(/<pre>.*?<\/pre>/gs, '')
  expect(outside).not.toMatch(/<(?:a|img|script|input|del)\b/)
  expect(outside).not.toMatch(/@octocat|#12|GH-12|evil|:tada:|alert/)
  expect(balance(summary)).toBe(0)
  // The sample's own: details, headings and cells as many as without hostile text.
  const plain = renderSummary(comparedReport())
  const plainHtml = Bun.markdown.html(plain)
  expect(summary.match(/^<details>$/gm)?.length).toBe(plain.match(/^<details>$/gm)?.length)
  expect(html.match(/<h[1-6]/g)?.length).toBe(plainHtml.match(/<h[1-6]/g)?.length)
  expect(cellCounts(html)).toEqual(cellCounts(plainHtml))
})

/** How many cells the rows of tables have. */
function cellCounts(html: string): number[] {
  const rows = html.match(/<tr>.*?<\/tr>/gs) ?? []
  return [...new Set(rows.map((row) => row.match(/<t[dh]\b/g)?.length ?? 0))].toSorted()
}

function withoutBranch(report: Report): Report {
  const { comparison } = report
  if (comparison === null) return report
  return { ...report, comparison: { ...comparison, source: { ...comparison.source, branch: '', commit: '' } } }
}

test('five thousand incidents fit every budget; the worst stay, and what went is said', () => {
  const incidents = Array.from({ length: 5_000 }, (_, i) =>
    sampleIncident({ id: `I${i + 1}`, severity: i < 50 ? 'critical' : 'medium' }),
  )
  const report = { ...sampleReport(), incidents }
  const all = renderSummary(report)
  expect(bytes(all)).toBeLessThanOrEqual(900 * 1024)
  for (const maxCharacters of [65_000, 20_000, 3_000, 1_500]) {
    const summary = renderSummary(report, { maxCharacters })
    expect(summary.length).toBeLessThanOrEqual(maxCharacters)
    expect(balance(summary)).toBe(0)
    expect(summary.match(/```/g)?.length ?? 0).toBeOneOf([0, 2])
    expect(summary).toStartWith('## API anomalies: 50 critical, 4,950 medium')
    expect(summary).toContain('Left out to fit the size limit')
  }
  expect(renderSummary(report, { maxCharacters: 65_000 })).toContain('🔴 critical | Silent failure')
})

test('the numbers of the timeline go before the notes, the notes before the incidents', () => {
  const full = renderSummary(sampleReport()).length
  const shorter = renderSummary(sampleReport(), { maxCharacters: full - 200 })
  expect(shorter).toContain('### Notes')
  expect(shorter).toContain('rows of the timeline table')
  const shortest = renderSummary(sampleReport(), { maxCharacters: 2_200 })
  expect(shortest).toContain('| 🔴 critical | Silent failure |')
  expect(shortest).not.toContain('### Notes')
})

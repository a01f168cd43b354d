import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderSvg } from '../picture/svg.ts'
import { CHART_NAMES } from './charts/names.ts'
import { drawChart } from './charts.ts'
import { renderAnomalies, renderRejected } from './csv.ts'
import { renderIncidents } from './json.ts'
import { renderSummary } from './markdown.ts'
import { hostileReport } from './sample-hostile.ts'
import { cleanComparedReport, cleanReport, comparedReport, knownReport, sampleReport } from './sample-report.ts'
import { renderTable } from './terminal.ts'

const FOLDER = join(import.meta.dir, '../../fixtures/report')

const DOCUMENTS: readonly (readonly [name: string, render: () => string])[] = [
  ['summary.md', () => renderSummary(sampleReport())],
  ['summary-clean.md', () => renderSummary(cleanReport())],
  ['summary-hostile.md', () => renderSummary(hostileReport())],
  ['compared.md', () => renderSummary(comparedReport())],
  ['compared-known.md', () => renderSummary(knownReport())],
  ['compared-clean.md', () => renderSummary(cleanComparedReport())],
  ['compared-incidents.json', () => renderIncidents(comparedReport())],
  ['compared-terminal.txt', () => renderTable(comparedReport())],
  ['incidents.json', () => renderIncidents(sampleReport())],
  ['master_anomalies.csv', () => renderAnomalies(sampleReport())],
  ['rejected.csv', () => renderRejected(sampleReport())],
  ['terminal.txt', () => renderTable(sampleReport())],
]

/** The committed file must be what is rendered now; `UPDATE_GOLDEN=1 bun test` rewrites it, and the diff is reviewed. */
function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(path, text)
  }
  expect(text === readFileSync(path, 'utf8'), `${name} differs; see UPDATE_GOLDEN in golden.test.ts`).toBe(true)
}

for (const [name, render] of DOCUMENTS) test(name, () => expectGolden(name, render()))

for (const name of CHART_NAMES) {
  test(`${name}.svg`, () => expectGolden(`${name}.svg`, renderSvg(drawChart(name, sampleReport()))))
}

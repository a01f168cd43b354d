import { expect, test } from 'bun:test'
import Papa from 'papaparse'
import { renderAnomalies, renderRejected } from './csv.ts'
import { hostileReport } from './sample-hostile.ts'
import { cleanReport, sampleReport } from './sample-report.ts'

const HEADER =
  'anomaly_id,incident_id,category,severity,detector,start,end,service,endpoint,region,environment,metric,actual,expected,lower,upper,support,p_value,q_value,score,source,explanation'

test('the header stands always, in the documented order', () => {
  expect(renderAnomalies(cleanReport())).toBe(`${HEADER}\n`)
  expect(renderAnomalies(sampleReport()).startsWith(`${HEADER}\n`)).toBe(true)
  expect(renderRejected(cleanReport())).toBe('file,line,reason,excerpt\n')
})

test('unknown cells are empty, negative numbers stay numbers, negative text does not', () => {
  const rows = Papa.parse<Record<string, string>>(renderAnomalies(sampleReport()), {
    header: true,
    skipEmptyLines: true,
  }).data
  expect(rows.length).toBe(sampleReport().anomalies.length)
  const record = rows.find((row) => row.incident_id === '')
  expect(record).toMatchObject({ severity: 'low', actual: '-0.333333', expected: '', explanation: "'-1+2" })
  expect(rows[0]).toMatchObject({ start: '2026-03-05T10:00:00.000Z', p_value: '1.235e-201', support: '412' })
})

test('no cell begins as a formula', () => {
  for (const csv of [renderAnomalies(hostileReport()), renderRejected(hostileReport())]) {
    const { data, errors } = Papa.parse<string[]>(csv, { skipEmptyLines: true })
    expect(errors).toEqual([])
    for (const cell of data.flat()) {
      if (!/^-?\d/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/)
    }
  }
})

test('each way to begin a formula is neutralised', () => {
  for (const start of ['=', '+', '-', '@', '\t=', '\r', '\n=', ' =', '＝', '＋', '－', '＠', '\u0000=']) {
    const report = { ...sampleReport(), rejected: [{ file: 'f', line: 1, reason: 'r', excerpt: `${start}1+1` }] }
    const [, row] = Papa.parse<string[]>(renderRejected(report)).data
    expect(row?.[3], JSON.stringify(start)).toBe(`'${start}1+1`)
  }
})

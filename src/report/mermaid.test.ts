import { expect, test } from 'bun:test'
import { renderTimeline } from './mermaid.ts'
import { sampleReport, unknownReport } from './sample-report.ts'

test('at most fifty points, in plain decimals', () => {
  const timeline = renderTimeline(sampleReport().series)
  const bars = /bar \[(.*)\]/.exec(timeline?.drawing ?? '')?.[1]?.split(', ') ?? []
  const line = /line \[(.*)\]/.exec(timeline?.drawing ?? '')?.[1]?.split(', ') ?? []
  expect(bars.length).toBe(42)
  expect(line.length).toBe(42)
  for (const number of [...bars, ...line]) expect(number).toMatch(/^\d+(?:\.\d{1,2})?$/)
  expect(timeline?.tableRows.length).toBe(42)
})

test('neither exponents nor NaN nor Infinity, however odd the numbers', () => {
  const { series } = sampleReport()
  const odd = series.requests.map((value, i) => [1e21, 1e-9, Number.NaN, Number.POSITIVE_INFINITY, value][i % 5] ?? 0)
  const drawing = renderTimeline({ ...series, requests: odd, expectedRequests: odd })?.drawing ?? ''
  expect(drawing).not.toMatch(/\de[+-]?\d|NaN|Infinity/)
})

test('without a forecast there is no line, with gaps a sentence says how they are drawn', () => {
  const { series } = unknownReport()
  expect(renderTimeline(series)?.drawing).not.toContain('line [')
  const gaps = series.requests.map((value, i) => (i < 24 ? Number.NaN : value))
  expect(renderTimeline({ ...series, requests: gaps })?.drawing).toContain('not known is drawn as zero')
})

test('one window is no timeline, and all-zero traffic has an axis', () => {
  const { series } = sampleReport()
  expect(renderTimeline({ ...series, time: series.time.subarray(0, 1) })).toBeUndefined()
  const zero = new Float64Array(series.time.length)
  expect(renderTimeline({ ...series, requests: zero, expectedRequests: zero })?.drawing).toContain('0 --> 1\n')
})

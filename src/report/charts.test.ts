import { expect, test } from 'bun:test'
import type { Report } from '../types.ts'
import { CHART_NAMES } from './charts/names.ts'
import { drawChart, practiseDrawing } from './charts.ts'
import { hostileReport } from './sample-hostile.ts'
import { hour, sampleIncident } from './sample-incidents.ts'
import { cleanReport, sampleReport, unknownReport } from './sample-report.ts'

/** All charts by name. */
function drawAll(report: Report): Map<string, string> {
  return new Map(CHART_NAMES.map((name) => [name, drawChart(name, report)]))
}

/** The texts of an SVG document, in order. */
function texts(svg: string | undefined): string[] {
  return Array.from(svg?.matchAll(/<text[^>]*>([^<]*)<\/text>/g) ?? [], (match) => match[1] ?? '')
}

test('five charts with title, UTC axis and a name for screen readers', () => {
  const charts = drawAll(sampleReport())
  expect([...charts.keys()].sort()).toEqual([
    'anomalies-by-service',
    'anomaly-timeline',
    'error-rate-by-environment',
    'response-time',
    'traffic-forecast',
  ])
  for (const [name, svg] of charts) {
    expect(svg).toMatch(/^<svg [^>]*role="img"><title>[^<]+<\/title>/)
    if (name !== 'anomalies-by-service') expect(texts(svg)).toContain('Time (UTC)')
  }
})

test('incidents are marked where they belong', () => {
  const charts = drawAll(sampleReport())
  expect(texts(charts.get('response-time'))).toContain('I4 Latency surge')
  expect(texts(charts.get('response-time'))).not.toContain('I7 Outlier')
  expect(texts(charts.get('traffic-forecast'))).toContain('I2 Traffic drop')
  expect(texts(charts.get('traffic-forecast'))).not.toContain('I4 Latency surge')
  expect(texts(charts.get('error-rate-by-environment'))).toContain('I3 Error spike, high')
  expect(texts(charts.get('anomaly-timeline'))).toContain('I1 critical · POST /checkout · region eu-west-1')
  expect(texts(charts.get('anomaly-timeline'))).toContain('I7 low · service search')
  expect(texts(charts.get('anomalies-by-service'))).toContain('254')
})

test('the same report gives the same bytes, whatever was drawn before', () => {
  const first = drawAll(sampleReport())
  drawAll(cleanReport())
  practiseDrawing()
  expect(drawAll(sampleReport())).toEqual(first)
})

test('what is not there is told in a sentence', () => {
  const unknown = drawAll(unknownReport())
  expect(texts(unknown.get('response-time'))).toContain('The log has no response times to draw.')
  expect(texts(unknown.get('error-rate-by-environment'))).toContain(
    'The log has no status codes to draw error rates from.',
  )
  expect(texts(unknown.get('traffic-forecast'))).toContain('Traffic (not judged against a forecast)')
  expect(texts(unknown.get('traffic-forecast'))).not.toContain('usual range')
  const clean = drawAll(cleanReport())
  expect(texts(clean.get('anomaly-timeline'))).toContain('No incident: 21,840 tests judged, none significant.')
  expect(texts(clean.get('anomalies-by-service'))).toContain('No anomaly in any service: 21,840 tests judged.')
})

test('an empty log draws five sentences', () => {
  const none = new Float64Array(0)
  const { series } = unknownReport()
  const empty: Report = {
    ...cleanReport(),
    series: {
      ...series,
      time: none,
      latencyP50Ms: none,
      latencyP95Ms: none,
      requests: none,
      expectedRequests: none,
      lowerRequests: none,
      upperRequests: none,
      errorShareByEnvironment: [],
    },
  }
  for (const svg of drawAll(empty).values()) expect(texts(svg).length).toBe(2)
})

test('hostile names stay text, cut to their place', () => {
  for (const svg of drawAll(hostileReport()).values()) {
    expect(svg).not.toMatch(/<script|<img|<\/summary|\p{Cf}/u)
    for (const text of texts(svg)) expect(text.length).toBeLessThan(220)
  }
})

test('a month of minutes is drawn with bounded detail, and keeps its peaks', () => {
  const length = 43_200
  const column = (value: (i: number) => number) => Float64Array.from({ length }, (_, i) => value(i))
  const report = sampleReport()
  const peak = column((i) => (i === 20_001 ? 98_765 : 10))
  const svgs = drawAll({
    ...report,
    series: {
      ...report.series,
      time: column((i) => hour(i / 60)),
      windowMs: 60_000,
      latencyP50Ms: column(() => 5),
      latencyP95Ms: peak,
      requests: peak,
      expectedRequests: column(() => 10),
      lowerRequests: column(() => 5),
      upperRequests: column(() => 15),
      errorShareByEnvironment: [{ environment: 'all', share: column((i) => (i % 7) / 100) }],
    },
  })
  for (const svg of svgs.values()) expect(svg.length).toBeLessThan(200_000)
  expect(texts(svgs.get('response-time'))).toContain('Response time (s)')
  expect(texts(svgs.get('traffic-forecast'))).toContain('100,000')
})

test('lines need no clip: all of them end within their plot, drops and peaks too', () => {
  const report = sampleReport()
  const wild = report.series.requests.map((value, i) => (i % 50 === 0 ? 0 : i % 77 === 0 ? value * 31.7 : value))
  const svgs = drawAll({ ...report, series: { ...report.series, requests: wild, latencyP95Ms: wild } })
  for (const name of ['response-time', 'traffic-forecast']) {
    const svg = svgs.get(name) ?? ''
    expect(svg).not.toContain('clip')
    const levels = Array.from(svg.matchAll(/d="M84 ([\d.]+)L1164 \1"/g), ([, y]) => Number(y))
    const lines = Array.from(svg.matchAll(/d="(M[\d.\sML]+)"[^>]*stroke-linejoin="bevel"/g), ([, path]) => path)
    expect(lines.length).toBe(name === 'response-time' ? 2 : 4)
    for (const line of lines) {
      for (const [, x, y] of line.matchAll(/[ML]([\d.]+) ([\d.]+)/g)) {
        expect(Number(x)).toBeWithin(84, 1164.01)
        expect(Number(y)).toBeWithin(Math.min(...levels) - 0.6, Math.max(...levels) + 0.6)
      }
    }
  }
})

test('hundreds of incidents stay readable: the worst are drawn, the rest is counted', () => {
  const incidents = Array.from({ length: 400 }, (_, i) =>
    sampleIncident({ id: `I${i + 1}`, start: hour((i * 7) % 330), end: hour(((i * 7) % 330) + 3) }),
  )
  const charts = drawAll({ ...sampleReport(), incidents })
  expect(texts(charts.get('anomaly-timeline')).find((text) => text.includes('more in incidents.json'))).toStartWith(
    '400 incidents',
  )
  expect(texts(charts.get('response-time')).some((text) => text.includes('more in incidents.json'))).toBe(true)
})

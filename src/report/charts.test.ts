import { expect, test } from 'bun:test'
import type { Line, Shape } from '../picture/shapes.ts'
import { renderSvg } from '../picture/svg.ts'
import type { Report } from '../types.ts'
import { CHART_NAMES } from './charts/names.ts'
import { textWidth } from './charts/text.ts'
import { drawChart } from './charts.ts'
import { hostileReport } from './sample-hostile.ts'
import { hour, sampleIncident } from './sample-incidents.ts'
import { cleanReport, sampleReport, unknownReport } from './sample-report.ts'

/** All charts by name. */
function drawAll(report: Report): Map<string, string> {
  return new Map(CHART_NAMES.map((name) => [name, renderSvg(drawChart(name, report))]))
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
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*>\n<title>[^<]+<\/title>\n/)
    if (name !== 'anomalies-by-service') expect(texts(svg)).toContain('Time (UTC)')
  }
})

test('no text covers another', () => {
  for (const report of [sampleReport(), cleanReport(), unknownReport(), hostileReport()]) {
    for (const svg of drawAll(report).values()) expect(findOverlaps(svg)).toEqual([])
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

/** Lines and what groups hold of them. */
function linesOf(shapes: readonly Shape[]): Line[] {
  return shapes.flatMap((shape) =>
    shape.kind === 'line' ? [shape] : shape.kind === 'group' ? linesOf(shape.shapes) : [],
  )
}

test('all lines end within their plot, drops and peaks too', () => {
  const report = sampleReport()
  const wild = report.series.requests.map((value, i) => (i % 50 === 0 ? 0 : i % 77 === 0 ? value * 31.7 : value))
  const data = { ...report, series: { ...report.series, requests: wild, latencyP95Ms: wild } }
  for (const name of ['response-time', 'traffic-forecast'] as const) {
    const { shapes, height } = drawChart(name, data)
    const lines = linesOf(shapes)
    expect(lines.length).toBe(2)
    for (const [x, y] of lines.flatMap(({ paths }) => paths.flat())) {
      expect(x).toBeWithin(84, 1164.01)
      expect(y).toBeWithin(112, height - 78 + 0.01)
    }
  }
})

test('gaps part a line; a value between two gaps is as long as its time', () => {
  const report = sampleReport()
  const gaps = report.series.latencyP50Ms.map((value, i) => (i === 1 || i === 3 || i > 9 ? Number.NaN : value))
  const { shapes } = drawChart('response-time', { ...report, series: { ...report.series, latencyP50Ms: gaps } })
  const [, p50] = linesOf(shapes)
  const widths = p50?.paths.map((path) => ((path[path.length - 1]?.[0] ?? 0) - (path[0]?.[0] ?? 0)) / (1080 / 336))
  expect(widths?.map((width) => Number(width.toFixed(6)))).toEqual([1, 1, 5])
})

test('names that have no end are cut, and no two texts of a row touch', () => {
  const report = sampleReport()
  const long = 'wide-WWWWWWWWWW-'.repeat(20)
  const names = (prefix: string) => Array.from({ length: 30 }, (_, i) => `${prefix}${i}-${long}`)
  const svgs = drawAll({
    ...report,
    incidents: report.incidents.map((incident) => ({ ...incident, scope: { service: long } })),
    series: {
      ...report.series,
      anomaliesByService: names('s').map((service) => ({ service, counts: { error_spike: 2 } })),
      errorShareByEnvironment: names('e').map((environment) => ({
        environment,
        share: report.series.errorShareByEnvironment[0]?.share ?? new Float64Array(),
      })),
    },
  })
  expect(texts(svgs.get('anomalies-by-service')).filter((text) => text.endsWith('…'))).toHaveLength(15)
  expect(texts(svgs.get('error-rate-by-environment')).filter((text) => text.endsWith('…'))).toHaveLength(12)
  for (const svg of svgs.values()) expect(findOverlaps(svg)).toEqual([])
})

/** Pairs of texts of one line that share a place, by what their letters are wide. */
function findOverlaps(svg: string): string[][] {
  const places = Array.from(
    svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"(?: text-anchor="(\w+)")? font-size="([\d.]+)"[^>]*>([^<]*)</g),
    ([, x, y, anchor, size, text = '']) => {
      const width = textWidth(text.replace(/&\w+;/g, '&'), Number(size))
      const left = Number(x) - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0)
      return { left, right: left + width, y: Number(y), text }
    },
  )
  return places.flatMap((a, i) =>
    places
      .slice(i + 1)
      .filter((b) => Math.abs(a.y - b.y) < 10 && a.left < b.right && b.left < a.right)
      .map((b) => [a.text, b.text]),
  )
}

test('hundreds of incidents stay readable: the worst are drawn, the rest is counted', () => {
  const incidents = Array.from({ length: 400 }, (_, i) =>
    sampleIncident({ id: `I${i + 1}`, start: hour((i * 7) % 330), end: hour(((i * 7) % 330) + 3) }),
  )
  const charts = drawAll({ ...sampleReport(), incidents })
  expect(texts(charts.get('anomaly-timeline')).find((text) => text.includes('more in incidents.json'))).toStartWith(
    '400 incidents',
  )
  expect(texts(charts.get('response-time')).some((text) => text.includes('more in incidents.json'))).toBe(true)
  for (const svg of charts.values()) expect(findOverlaps(svg)).toEqual([])
})

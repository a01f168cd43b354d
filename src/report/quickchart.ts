import { categoryTitle, formatDuration, formatTime } from '../format.ts'
import type { Category, Report } from '../types.ts'
import { bucketSize, niceBucketSize, type Reducer, reduceBuckets } from './buckets.ts'
import { CATEGORY_COLOURS, COLOURS } from './charts/colours.ts'
import type { ChartLink } from './markdown.ts'

/** Two lines of so many points make an address of about 4,000 characters; some proxies stop at 8,000. */
const MAX_POINTS = 60

/**
 * Links to three pictures at a QuickChart server: requests, response time, incidents by category. The numbers travel in
 * the links, so they are aggregates of the whole only, without any text from the log. Nothing is sent from here.
 *
 * @param host `quickchart.io`, or an own server with scheme and port: `https://charts.example.com:3400`
 * @throws Error when the host is not a host
 */
export async function buildChartLinks(report: Report, host: string): Promise<ChartLink[]> {
  const server = parseHost(host)
  // Loaded late: it prints a deprecation warning on Node 24 when it is imported.
  const { default: QuickChart } = await import('quickchart-js')
  const charts = [requestsChart(report), responseTimeChart(report), categoriesChart(report)]
  return charts
    .filter((chart) => chart !== undefined)
    .map(({ title, config }) => {
      const chart = new QuickChart().setScheme(server.scheme).setHost(server.host).setVersion('4')
      // An object, not a string: a string would be run as a program by the server.
      return { title, url: chart.setWidth(900).setHeight(400).setConfig(config).getUrl() }
    })
}

function parseHost(host: string): { scheme: string; host: string } {
  const match = /^(?:(https?):\/\/)?([A-Za-z0-9.-]+(?::\d{1,5})?)\/?$/.exec(host)
  if (match === null) {
    const rule = 'must be a host like quickchart.io or https://charts.example.com'
    throw new Error(`'quickchart-host' ${rule}, got '${host}'`)
  }
  return { scheme: match[1] ?? 'https', host: match[2] ?? '' }
}

interface LinkedChart {
  readonly title: string
  readonly config: object
}

function requestsChart({ series }: Report): LinkedChart | undefined {
  const size = niceBucketSize(series.time.length, MAX_POINTS, series.windowMs)
  const requests = points(series.requests, size, 'mean')
  if (!requests.some((value) => value !== null)) return undefined
  const expected = points(series.expectedRequests, size, 'mean')
  const title = `Requests per ${formatDuration(series.windowMs)}`
  const datasets = [line('actual', requests, COLOURS.blue)]
  if (expected.some((value) => value !== null)) datasets.push(line('expected', expected, COLOURS.orange))
  return { title, config: lineChart(title, labels(series.time, size), datasets) }
}

function responseTimeChart({ series }: Report): LinkedChart | undefined {
  const size = bucketSize(series.time.length, MAX_POINTS)
  const p95 = points(series.latencyP95Ms, size, 'max')
  if (!p95.some((value) => value !== null)) return undefined
  const datasets = [
    line('p50', points(series.latencyP50Ms, size, 'mean'), COLOURS.blue),
    line('p95', p95, COLOURS.vermillion),
  ]
  const title = 'Response time in ms'
  return { title, config: lineChart(title, labels(series.time, size), datasets) }
}

function categoriesChart({ incidents }: Report): LinkedChart | undefined {
  const counts = new Map<Category, number>()
  for (const { category, severity } of incidents) {
    if (severity !== 'low') counts.set(category, (counts.get(category) ?? 0) + 1)
  }
  if (counts.size === 0) return undefined
  const categories = [...counts.keys()]
  const data = {
    labels: categories.map(categoryTitle),
    datasets: [
      {
        label: 'Incidents',
        data: [...counts.values()],
        backgroundColor: categories.map((category) => CATEGORY_COLOURS[category]),
      },
    ],
  }
  const title = 'Incidents by category'
  return { title, config: { type: 'bar', data, options: titled(title, false) } }
}

function lineChart(title: string, labelTexts: readonly string[], datasets: readonly object[]): object {
  return { type: 'line', data: { labels: labelTexts, datasets }, options: titled(`${title} (UTC)`, true) }
}

function titled(text: string, legend: boolean): object {
  return {
    plugins: { title: { display: true, text }, legend: { display: legend } },
    scales: { y: { beginAtZero: true } },
  }
}

function line(label: string, data: readonly (number | null)[], colour: string): object {
  return { label, data, borderColor: colour, backgroundColor: colour, fill: false, pointRadius: 0, borderWidth: 2 }
}

function points(values: Float64Array, size: number, reducer: Reducer): (number | null)[] {
  return Array.from(reduceBuckets(values, size, reducer), (value) =>
    Number.isFinite(value) ? Number(value.toPrecision(4)) : null,
  )
}

/** `03-05 10:00`: the year and the zone stand in the title. */
function labels(time: Float64Array, size: number): string[] {
  return Array.from(reduceBuckets(time, size, 'first'), (start) => formatTime(start).slice(5, 16))
}

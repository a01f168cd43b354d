import { formatCount, formatDuration, formatTime } from '../format.ts'
import type { ChartSeries } from '../types.ts'
import { niceBucketSize, reduceBuckets } from './buckets.ts'
import { mermaidLabel } from './escape.ts'

/** More do not fit the width that GitHub gives the drawing. */
const MAX_POINTS = 50
const UNITS = [
  { name: 'Days', ms: 86_400_000 },
  { name: 'Hours', ms: 3_600_000 },
  { name: 'Minutes', ms: 60_000 },
  { name: 'Seconds', ms: 1_000 },
]

/** The requests timeline as a Mermaid drawing with a sentence, and its numbers as rows of a Markdown table. */
interface Timeline {
  readonly drawing: string
  readonly tableHead: string
  readonly tableRows: readonly string[]
}

/** The timeline of at most 50 points, or undefined when there are fewer than two windows to draw. */
export function renderTimeline(series: ChartSeries): Timeline | undefined {
  const size = niceBucketSize(series.time.length, MAX_POINTS, series.windowMs)
  // A bucket with fewer windows than the rest would look like a drop.
  const windows = Math.floor(series.time.length / size) * size
  // The mean times the size, not the sum: a bucket that is partly unknown would look like a drop too.
  const reduce = (values: Float64Array) =>
    reduceBuckets(values.subarray(0, windows), size, 'mean').map((mean) => mean * size)
  const requests = reduce(series.requests)
  const expected = reduce(series.expectedRequests)
  const start = reduceBuckets(series.time.subarray(0, windows), size, 'first')
  if (start.length < 2) return undefined

  const bucketMs = size * series.windowMs
  const span = start.length * bucketMs
  const unit = UNITS.find(({ ms }) => span >= 2 * ms) ?? UNITS[3]
  const hasForecast = expected.some(Number.isFinite)
  const highest = [...requests, ...expected].filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0)
  const xTitle = mermaidLabel(`${unit.name} since ${formatTime(start[0])}`)
  const lines = [
    '```mermaid',
    'xychart-beta',
    `  title "Requests per ${mermaidLabel(formatDuration(bucketMs))}"`,
    `  x-axis "${xTitle}" 0 --> ${plain(span / unit.ms)}`,
    `  y-axis "Requests" 0 --> ${plain(highest > 0 ? highest * 1.05 : 1)}`,
    `  bar [${[...requests].map(plain).join(', ')}]`,
    ...(hasForecast ? [`  line [${[...expected].map(plain).join(', ')}]`] : []),
    '```',
    '',
    legend(hasForecast, requests, expected),
    '',
  ]
  return {
    drawing: lines.join('\n'),
    tableHead: hasForecast ? '| From | Requests | Expected |\n|---|--:|--:|\n' : '| From | Requests |\n|---|--:|\n',
    tableRows: Array.from(start, (time, i) => {
      const cells = [formatTime(time), cell(requests[i]), ...(hasForecast ? [cell(expected[i])] : [])]
      return `| ${cells.join(' | ')} |\n`
    }),
  }
}

function legend(hasForecast: boolean, requests: Float64Array, expected: Float64Array): string {
  const bars = hasForecast ? 'Bars: requests seen; line: requests expected.' : 'Bars: requests seen.'
  const hasGap = requests.some(Number.isNaN) || (hasForecast && expected.some(Number.isNaN))
  return hasGap ? `${bars} What is not known is drawn as zero.` : bars
}

function cell(value: number): string {
  return Number.isFinite(value) ? formatCount(Math.round(value)) : '–'
}

/** A number as Mermaid reads it: never `1e3`, never NaN. */
function plain(value: number): string {
  return Number.isFinite(value) ? String(Number(Math.min(value, 1e15).toFixed(2))) : '0'
}

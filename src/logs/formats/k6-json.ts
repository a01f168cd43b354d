import type { Format } from '../format.ts'
import { parseObject, whyNoObject } from '../json-records.ts'
import { type K6Point, K6Requests } from '../k6.ts'
import { readLines, TOO_LONG } from '../lines.ts'

const RULE = 'a line must be a Metric or a Point of k6'

interface Line {
  readonly type: string
  readonly metric: string
  readonly data: Readonly<Record<string, unknown>>
}

/** k6's stream of points (`k6 run --out json=FILE`): https://grafana.com/docs/k6/latest/results-output/real-time/json/ */
export const k6Json: Format = {
  name: 'k6-json',
  plannedTraffic: true,
  recognise(head) {
    const lines = head.trimStart().split('\n', 5)
    return lines.some((line) => parseLine(line) !== null) ? 0.99 : 0
  },
  async read(content, file) {
    const requests = new K6Requests(file)
    await readLines(content.text(), {
      onLine(text, line) {
        const parsed = parseLine(text)
        if (parsed === null) {
          if (text.trim() !== '') file.builder.reject(line, whyNoObject(text, RULE), text)
        } else if (parsed.type === 'Point') {
          requests.append(toPoint(parsed, line, text))
        }
      },
      onLongLine: (line, excerpt) => file.builder.reject(line, TOO_LONG, excerpt),
    })
    requests.finish()
  },
}

function parseLine(text: string): Line | null {
  const value = text.startsWith('{') ? (parseObject(text) as Partial<Line> | null) : null
  const { type, metric, data } = value ?? {}
  if ((type !== 'Metric' && type !== 'Point') || typeof metric !== 'string') return null
  return typeof data === 'object' && data !== null ? { type, metric, data } : null
}

function toPoint({ metric, data }: Line, line: number, text: string): K6Point {
  const time = typeof data.time === 'number' ? data.time : String(data.time ?? '')
  const tags = { ...groupOf(data.metadata), ...groupOf(data.tags) }
  return { metric, time, value: typeof data.value === 'number' ? data.value : Number.NaN, tags, line, text }
}

function groupOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

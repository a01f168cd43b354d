import { expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { drawNormal } from '../logs/generate-draw.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { createRandom } from '../math/random.ts'
import { buildCalendar } from './calendar.ts'
import type { OutlierInput } from './outlier-input.ts'
import { hasRestMoved } from './outlier-reach.ts'

const HOUR = 3_600_000
const WINDOWS = 14 * 24
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: WINDOWS * HOUR - 1 }]).table, HOUR).grid)
const [FROM, TO] = [200, 205]
const isInside = (w: number) => w >= FROM && w < TO

/** A slice whose latency rises and whose size falls by `size` in the interval. */
function draw(seed: number, perWindow: number, size: number): OutlierInput {
  const random = createRandom(seed)
  const latency = new Float64Array(WINDOWS)
  const bytes = new Float64Array(WINDOWS)
  for (let w = 0; w < WINDOWS; w++) {
    const common = 0.1 * drawNormal(random)
    const noise = () => (0.5 / Math.sqrt(perWindow)) * drawNormal(random)
    latency[w] = 4 + common + noise() + (isInside(w) ? size : 0)
    bytes[w] = 8 + common + noise() - (isInside(w) ? size : 0)
  }
  const requests = new Uint32Array(WINDOWS).fill(perWindow)
  const counts = Float64Array.from(requests, () => Math.sqrt(perWindow) + drawNormal(random))
  return {
    slice: 0,
    requests,
    metrics: [
      { name: 'latency', values: latency, isMean: true, isLatency: true },
      { name: 'size', values: bytes, isMean: true, isLatency: false },
      { name: 'requests', values: counts, isMean: false, isLatency: false },
    ],
  }
}

/** Both together. */
function unite(a: OutlierInput, b: OutlierInput): OutlierInput {
  const requests = Uint32Array.from(a.requests, (own, w) => own + b.requests[w])
  const metrics = a.metrics.map((metric, i) => ({
    ...metric,
    values: metric.values.map((own, w) => (own * a.requests[w] + b.metrics[i].values[w] * b.requests[w]) / requests[w]),
  }))
  return { slice: 1, requests, metrics }
}

test('the rest has moved when it is odd in the same way', () => {
  for (let seed = 0; seed < 10; seed++) {
    const part = draw(seed, 60, 0.25)
    for (const others of [30, 90, 400]) {
      expect(hasRestMoved(unite(part, draw(100 + seed, others, 0.25)), part, calendar, FROM, TO)).toBe(true)
      expect(hasRestMoved(unite(part, draw(100 + seed, others, 0)), part, calendar, FROM, TO)).toBe(false)
    }
  }
})

test('a rest that moved the other way is not the same oddity', () => {
  const part = draw(1, 60, 0.25)
  expect(hasRestMoved(unite(part, draw(2, 90, -0.25)), part, calendar, FROM, TO)).toBe(false)
})

test('a rest of too few requests speaks for nothing narrower', () => {
  const part = draw(1, 60, 0.25)
  expect(hasRestMoved(unite(part, draw(2, 2, 0)), part, calendar, FROM, TO)).toBe(true)
})

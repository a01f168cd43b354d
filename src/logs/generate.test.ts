import { describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { createRandom } from '../math/random.ts'
import { DIMENSIONS, PAYLOAD, type Scope } from '../types.ts'
import { generateLog, type Records } from './generate.ts'
import type { EventSpecification } from './generate-events.ts'
import { renderLog } from './generate-text.ts'
import { WEB_SHOP } from './generate-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A Monday. */
const START = Date.UTC(2026, 2, 2)
const STANDARD = { rows: 50_000, days: 14, seed: 1, clean: false }
const CLEAN = generateLog({ ...STANDARD, clean: true })

interface Part {
  readonly scope: Scope
  readonly start: number
  readonly end: number
}

function rowsOf({ rows, time, cell, cells }: Records, { scope, start, end }: Part): number[] {
  const inside = cells.map((it) => DIMENSIONS.every((name) => scope[name] === undefined || scope[name] === it[name]))
  return Array.from({ length: rows }, (_, row) => row).filter(
    (row) => inside[cell[row]] && time[row] >= start && time[row] < end,
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function shareOf<T>(values: readonly T[], isCounted: (value: T) => boolean): number {
  return values.filter(isCounted).length / values.length
}

/** What a metric is in a part of a log; traffic in requests, `multivariate` as the ratio of latency to bytes. */
function measure(records: Records, part: Part, metric: EventSpecification['metric']): number {
  const rows = rowsOf(records, part)
  const { status, payload, durationMs, bytes } = records
  switch (metric) {
    case 'silent_failure_share':
      return shareOf(
        rows.filter((row) => status[row] >= 200 && status[row] < 300 && status[row] !== 204),
        (row) => payload[row] === PAYLOAD.invalid,
      )
    case 'server_error_share':
      return shareOf(rows, (row) => status[row] >= 500)
    case 'client_error_share':
      return shareOf(rows, (row) => status[row] >= 400 && status[row] < 500)
    case 'slow_share':
      return median(rows.map((row) => durationMs[row]))
    case 'multivariate':
      return median(rows.map((row) => durationMs[row])) / median(rows.map((row) => bytes[row]))
    case 'requests':
    case 'traffic_share':
      return rows.length
  }
}

describe('the generated log', () => {
  test('has exactly the rows asked for, in order, inside its span, over many sizes', () => {
    const random = createRandom(20)
    for (let i = 0; i < 25; i++) {
      const options = {
        rows: 1 + Math.floor(random() * (i % 5 === 0 ? 5 : 4_000)),
        days: 0.01 + random() * (i % 3 === 0 ? 0.5 : 20),
        seed: Math.floor(random() * 1e6),
        clean: i % 4 === 0,
      }
      const { records, truth } = generateLog(options)
      expect(records.time.length).toBe(options.rows)
      expect(records.time).toEqual(records.time.toSorted())
      expect(records.time[0]).toBeGreaterThanOrEqual(START)
      // The last slot may reach a little beyond the span.
      const end = START + options.days * DAY_MS + 300_000
      expect(records.time[options.rows - 1]).toBeLessThan(end)
      for (let row = 0; row < options.rows; row++) {
        const isSuccess = records.status[row] >= 200 && records.status[row] < 300
        if ((records.payload[row] !== PAYLOAD.unknown) !== isSuccess) throw new Error(`payload of row ${row}`)
        if (!(records.durationMs[row] >= 1 && records.durationMs[row] <= 60_000)) throw new Error(`latency of ${row}`)
      }
      for (const event of truth.events) expect(Date.parse(event.end)).toBeLessThan(end)
    }
  })

  test('is the same for the same seed, and another for another', () => {
    const text = (seed: number) => renderLog(generateLog({ rows: 2_000, days: 3, seed, clean: false }).records, 'csv')
    expect(text(7)).toBe(text(7))
    expect(text(8)).not.toBe(text(7))
    // Pinned: Bun and Node give it alike. It changes only when what is generated is meant to change.
    const digest = createHash('sha256').update(text(7)).digest('hex')
    expect(digest).toBe('a8439d3f6ce78e0d0b61dd1cf6838fe691ff8053fb6fd6480a3bda6653b7a967')
  })

  test('names every invalid payload under a 2xx, and no other record, in the truth', () => {
    const { records, truth } = generateLog(STANDARD)
    const lines = renderLog(records, 'csv').trimEnd().split('\n').slice(1)
    const invalid = lines.flatMap((line, i) => (line.endsWith(',false') ? [i + 1] : []))
    expect(truth.silentRecords).toEqual(invalid)
    expect(invalid.length).toBeGreaterThan(30)
    for (const row of invalid) expect(lines[row - 1]).toMatch(/,20[01],/)
  })
})

describe('the background', () => {
  const { records, truth } = CLEAN
  const count = (day: number, hour: number, hours: number) => {
    const start = START + day * DAY_MS + hour * HOUR_MS
    return rowsOf(records, { scope: {}, start, end: start + hours * HOUR_MS }).length
  }

  test('plants nothing when clean, whatever was asked for', () => {
    expect(truth.events).toEqual([])
    const event = { category: 'traffic_drop', scope: {}, metric: 'requests', size: 0 } as const
    const events = [{ ...event, start: START + 3 * DAY_MS, end: START + 4 * DAY_MS }]
    const same = generateLog({ ...STANDARD, clean: true, events })
    expect(same.records.time).toEqual(records.time)
    expect(same.truth).toEqual(truth)
  })

  test('is busier by day than by night and on weekdays than on weekends', () => {
    for (const day of [0, 1, 2, 3, 4, 7, 8, 9, 10, 11])
      expect(count(day, 15, 4)).toBeGreaterThan(1.6 * count(day, 4, 4))
    expect(count(12, 0, 48)).toBeLessThan(0.85 * count(8, 0, 48))
    expect(count(12, 0, 48)).toBeGreaterThan(0.5 * count(8, 0, 48))
  })

  test('lets every region peak at its own hour', () => {
    const busiest = (region: string) => {
      const hours = new Array<number>(24).fill(0)
      for (const row of rowsOf(records, { scope: { region }, start: START, end: START + 14 * DAY_MS })) {
        hours[new Date(records.time[row]).getUTCHours()]++
      }
      return hours.indexOf(Math.max(...hours))
    }
    expect(busiest('ap-southeast-1')).toBeWithin(8, 15)
    expect(busiest('us-east-1')).toBeWithin(16, 24)
  })

  test('has volumes, errors and tails as real logs have them', () => {
    const whole = { scope: {}, start: START, end: START + 14 * DAY_MS }
    expect(measure(records, whole, 'server_error_share')).toBeWithin(0.002, 0.007)
    expect(measure(records, whole, 'client_error_share')).toBeWithin(0.02, 0.035)
    expect(measure(records, whole, 'silent_failure_share')).toBeWithin(0.0002, 0.001)
    expect(new Set(records.status)).toEqual(new Set([200, 201, 204, 301, 304, 400, 401, 404, 429, 500, 502, 503]))
    const requests = WEB_SHOP.services.map(({ name }) => rowsOf(records, { ...whole, scope: { service: name } }).length)
    expect(Math.max(...requests)).toBeGreaterThan(5 * Math.min(...requests))
    const product = rowsOf(records, { ...whole, scope: { endpoint: 'GET /v1/products/{id}' } })
    const latencies = product.map((row) => records.durationMs[row]).toSorted((a, b) => a - b)
    expect(latencies[latencies.length >> 1]).toBeWithin(38, 55)
    expect(latencies[Math.floor(latencies.length * 0.999)]).toBeGreaterThan(6 * latencies[latencies.length >> 1])
  })

  test('moves hourly latency and bytes of a service together', () => {
    const hours = Array.from({ length: 14 * 24 }, (_, hour) => {
      const start = START + hour * HOUR_MS
      const rows = rowsOf(records, { scope: { service: 'catalog' }, start, end: start + HOUR_MS })
      const log = (values: Float64Array | Uint32Array) => Math.log(median(rows.map((row) => values[row])))
      return [log(records.durationMs), log(records.bytes)] as const
    })
    const means = [0, 1].map((i) => hours.reduce((sum, pair) => sum + pair[i], 0) / hours.length)
    const product = (i: number, j: number) => hours.reduce((s, p) => s + (p[i] - means[i]) * (p[j] - means[j]), 0)
    expect(product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))).toBeGreaterThan(0.5)
  })

  test('deploys a harmless version to every service about half-way', () => {
    for (const { name, versions } of WEB_SHOP.services) {
      const [before, after] = versions.map((version) =>
        rowsOf(records, { scope: { service: name, version }, start: START, end: START + 14 * DAY_MS }),
      )
      const time = (row: number) => (records.time[row] - START) / DAY_MS
      expect(time(before[0])).toBeLessThan(1)
      expect(time(after[0])).toBeWithin(2, 9)
      expect(time(before[before.length - 1])).toBeWithin(5, 10)
      const latency = (rows: readonly number[]) => median(rows.map((row) => records.durationMs[row]))
      expect(latency(after) / latency(before)).toBeWithin(0.85, 1.18)
    }
  })
})

describe('planted events', () => {
  test.each([1, 2, 3, 4])(
    'seed %d has every kind, apart from each other, with the effect that the truth states',
    (seed) => {
      const { records, truth } = generateLog({ ...STANDARD, seed })
      const clean = generateLog({ ...STANDARD, seed, clean: true }).records
      const kinds = truth.events.map(({ category, metric }) => `${category} ${metric}`).toSorted()
      expect(kinds).toEqual([
        'error_spike server_error_share',
        'latency_surge slow_share',
        'latency_surge slow_share',
        'outlier multivariate',
        'silent_failure silent_failure_share',
        'traffic_drop requests',
        'traffic_drop traffic_share',
        'traffic_surge requests',
      ])
      let last = START + 2 * DAY_MS
      for (const { start, end, scope, metric, size } of truth.events) {
        const part = { scope, start: Date.parse(start), end: Date.parse(end) }
        expect(part.start).toBeGreaterThanOrEqual(last)
        last = part.end
        expect(last).toBeLessThanOrEqual(START + 13.5 * DAY_MS)
        const usual = rowsOf(clean, part).length
        expect(usual).toBeGreaterThan(30)

        const actual = measure(records, part, metric)
        const expected = measure(clean, part, metric)
        // Four standard errors of a share or a count, or a fifth of a ratio of medians.
        if (metric === 'requests' || metric === 'traffic_share') {
          expect(Math.abs(actual - size * expected)).toBeLessThan(
            4 * Math.sqrt(size * expected * (1 + size)) + 0.1 * size * expected + 3,
          )
        } else if (metric === 'silent_failure_share' || metric === 'server_error_share') {
          expect(Math.abs(actual - size)).toBeLessThan(4 * Math.sqrt((size * (1 - size)) / usual) + 0.03)
        } else if (metric === 'slow_share') {
          expect(actual / expected).toBeWithin(1 + 0.25 * (size - 1), 1.3 * size)
        } else {
          expect(actual / expected).toBeGreaterThan(1.35)
        }
      }
    },
  )

  const start = START + 0.5 * DAY_MS
  const end = START + DAY_MS
  const plant = (event: Pick<EventSpecification, 'metric' | 'size' | 'scope' | 'shape'>) => {
    const options = { rows: 40_000, days: 1.5, seed: 3, clean: false }
    const { records } = generateLog({ ...options, events: [{ category: 'outlier', start, end, ...event }] })
    const usual = generateLog({ ...options, events: [] }).records
    const ratio = (scope: Scope, from = start, to = end) => {
      const part = { scope, start: from, end: to }
      return measure(records, part, event.metric) / measure(usual, part, event.metric)
    }
    return { records, ratio }
  }

  test.each([
    ['silent_failure_share', 0.6, { endpoint: 'GET /v1/search', region: 'us-east-1' }],
    ['server_error_share', 0.3, { region: 'eu-west-1' }],
    ['client_error_share', 0.5, { endpoint: 'POST /v1/login', environment: 'production' }],
  ] as const)('%s is the planted share in scope, and usual beside it', (metric, size, scope) => {
    const { records } = plant({ metric, size, scope })
    expect(measure(records, { scope, start, end }, metric)).toBeWithin(size - 0.06, size + 0.06)
    expect(measure(records, { scope: { service: 'payments', region: 'us-west-2' }, start, end }, metric)).toBeLessThan(
      0.2,
    )
    expect(measure(records, { scope, start: START, end: start }, metric)).toBeLessThan(0.2)
  })

  test('latency is multiplied in scope only', () => {
    const { ratio } = plant({ metric: 'slow_share', size: 3, scope: { service: 'search', version: '2.15.0' } })
    expect(ratio({ service: 'search', version: '2.15.0' })).toBeWithin(2.7, 3.3)
    expect(ratio({ service: 'catalog' })).toBe(1)
  })

  test('a ramp grows from nothing to its size', () => {
    const { ratio } = plant({ metric: 'slow_share', size: 3, scope: { service: 'catalog' }, shape: 'ramp' })
    const quarters = [0, 1, 2, 3].map((i) =>
      ratio({ service: 'catalog' }, start + (i * (end - start)) / 4, start + ((i + 1) * (end - start)) / 4),
    )
    expect(quarters[0]).toBeWithin(1.1, 1.4)
    expect(quarters[3]).toBeWithin(2.5, 3)
    expect(quarters).toEqual(quarters.toSorted((a, b) => a - b))
  })

  test('a drop takes records away, and the rest is scaled alike', () => {
    const { ratio } = plant({ metric: 'traffic_share', size: 0, scope: { region: 'us-east-1' } })
    expect(ratio({ region: 'us-east-1' })).toBe(0)
    const inside = ratio({ region: 'eu-west-1' })
    const outside = ratio({ region: 'us-east-1' }, START, start)
    expect(inside).toBeGreaterThan(1.05)
    expect(Math.abs(inside - outside)).toBeLessThan(0.1)
  })

  test('a surge of the whole changes nobody’s share', () => {
    const { ratio } = plant({ metric: 'requests', size: 3, scope: {} })
    const whole = ratio({})
    expect(whole / ratio({}, START, start)).toBeWithin(2.7, 3.3)
    for (const region of ['us-east-1', 'eu-west-1']) expect(ratio({ region }) / whole).toBeWithin(0.93, 1.07)
  })

  test('a multivariate oddity raises latency and lowers bytes by its number of spreads', () => {
    const { records, ratio } = plant({ metric: 'multivariate', size: 2, scope: { service: 'catalog' } })
    // About 0.14 each: 2 × 0.14 up and 2 × 0.14 down make a ratio of exp(0.56).
    expect(ratio({ service: 'catalog' })).toBeWithin(1.5, 2.1)
    expect(measure(records, { scope: { service: 'search' }, start, end }, 'slow_share')).toBeLessThan(150)
  })

  test('overlapping events of one metric add up as independent causes', () => {
    const scope = { region: 'us-east-1' }
    const event = { category: 'error_spike', scope, metric: 'server_error_share', start, end, size: 0.5 } as const
    const { records } = generateLog({ rows: 20_000, days: 1.5, seed: 3, clean: false, events: [event, event] })
    expect(measure(records, { scope, start, end }, 'server_error_share')).toBeWithin(0.72, 0.78)
  })

  test('another world is generated by the same rules', () => {
    const world = { ...WEB_SHOP, services: [{ ...WEB_SHOP.services[0], weight: 1 }], serverErrorShare: 0.02 }
    const { records, truth } = generateLog({ ...STANDARD, world })
    expect(new Set(Array.from(records.cell, (cell) => records.cells[cell].service))).toEqual(new Set(['catalog']))
    expect(measure(records, { scope: {}, start: START, end: START + 2 * DAY_MS }, 'server_error_share')).toBeWithin(
      0.01,
      0.03,
    )
    expect(truth.events.length).toBeGreaterThan(5)
  })

  test('events that leave nothing are refused', () => {
    const nothing = { category: 'traffic_drop', scope: {}, metric: 'requests', size: 0 } as const
    const events = [{ ...nothing, start: START, end: START + DAY_MS }]
    expect(() => generateLog({ rows: 10, days: 1, seed: 1, clean: false, events })).toThrow('must leave some traffic')
  })

  test('what does not fit the log is refused with the rule and the value', () => {
    const event = { category: 'error_spike', scope: {}, metric: 'server_error_share', start, end, size: 0.5 } as const
    const plantOne = (change: Partial<EventSpecification>) => () =>
      generateLog({ rows: 10, days: 1, seed: 1, clean: false, events: [{ ...event, ...change }] })
    expect(plantOne({ scope: { region: 'mars-1' } })).toThrow(`must name what the world has, got {"region":"mars-1"}`)
    expect(plantOne({ size: 1.5 })).toThrow("'size' of server_error_share must be from 0 to 1, got 1.5")
    expect(plantOne({ start: end, end: start })).toThrow("'start' must lie before 'end' and inside the log")
    expect(plantOne({ start: START - 2 * DAY_MS, end: START - DAY_MS })).toThrow('inside the log')
  })
})

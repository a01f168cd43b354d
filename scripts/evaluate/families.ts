/** The scenario families of the scoreboard: what is planted where, in what kind of log. */
import type { EventSpecification } from '../../src/logs/generate-events.ts'
import type { LogForm } from '../../src/logs/generate-text.ts'
import { WEB_SHOP, type World } from '../../src/logs/generate-world.ts'
import type { Random } from '../../src/math/random.ts'
import type { Category, Metric, Scope } from '../../src/types.ts'

const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** A Monday. */
export const START = Date.UTC(2026, 2, 2)

/** An event whose size is yet to be chosen, so that it carries a given evidence. */
export interface Plan extends Omit<EventSpecification, 'size'> {
  /** Bounds of the size; the evidence picks one between them. Equal bounds fix it. */
  readonly sizes: readonly [weakest: number, strongest: number]
}

export interface Family {
  readonly name: string
  readonly rows: number
  readonly days: number
  readonly form: LogForm
  readonly world: World
  /** What is planted and must be found. */
  plan(random: Random): readonly Plan[]
  /** What happens besides and is normal: it must not be found. */
  readonly harmless: readonly EventSpecification[]
  /** A second, clean log of the same world is given as baseline. */
  readonly baseline: boolean
  /** How a silent failure shows. */
  readonly sign: 'flag' | 'body' | 'size'
}

const REGIONS = WEB_SHOP.regions.map(({ name }) => name)
const SERVICES = WEB_SHOP.services.map(({ name }) => name)
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]

/** A daytime interval well inside the log. */
function daytime(random: Random, days: number, hours: number): { start: number; end: number } {
  const day = 3 + Math.floor(random() * Math.max(1, days - 5))
  const start = START + day * DAY + (10 + Math.floor(random() * 8)) * HOUR
  return { start, end: start + hours * HOUR }
}

const base = {
  rows: 50_000,
  days: 14,
  form: 'csv',
  world: WEB_SHOP,
  harmless: [],
  baseline: false,
  sign: 'flag',
} as const

function event(
  category: Category,
  metric: Metric,
  scope: Scope,
  sizes: readonly [number, number],
  at: { start: number; end: number },
  shape?: 'ramp',
): Plan {
  return { category, metric, scope, sizes, ...at, ...(shape === undefined ? {} : { shape }) }
}

const busyRegion = (random: Random) => pick(random, REGIONS.slice(0, 3))
const busyService = (random: Random) => pick(random, SERVICES.slice(0, 3))
const busyEndpoint = (random: Random) => {
  const service = WEB_SHOP.services[Math.floor(random() * 3)]
  const { method, route } = service.endpoints[0]
  return { endpoint: `${method} ${route}`, service }
}

export const PLANTED: readonly Family[] = [
  {
    ...base,
    name: 'total drop',
    plan: (r) => [event('traffic_drop', 'requests', {}, [0.75, 0.02], daytime(r, 14, 3))],
  },
  {
    ...base,
    name: 'regional drop to zero',
    plan: (r) => [event('traffic_drop', 'traffic_share', { region: pick(r, REGIONS) }, [0, 0], daytime(r, 14, 6))],
  },
  {
    ...base,
    name: 'regional drop',
    plan: (r) => [event('traffic_drop', 'traffic_share', { region: busyRegion(r) }, [0.75, 0.05], daytime(r, 14, 6))],
  },
  { ...base, name: 'surge', plan: (r) => [event('traffic_surge', 'requests', {}, [1.3, 4], daytime(r, 14, 3))] },
  {
    ...base,
    name: 'regional error spike',
    plan: (r) => [
      event('error_spike', 'server_error_share', { region: pick(r, REGIONS) }, [0.02, 0.6], daytime(r, 14, 3)),
    ],
  },
  {
    ...base,
    name: 'endpoint × region × version cell',
    plan: (r) => {
      const { endpoint, service } = busyEndpoint(r)
      const version = service.versions[1]
      const start = START + (10 + Math.floor(r() * 3)) * DAY + 9 * HOUR
      return [
        event('error_spike', 'server_error_share', { endpoint, region: busyRegion(r), version }, [0.05, 0.9], {
          start,
          end: start + 10 * HOUR,
        }),
      ]
    },
  },
  {
    ...base,
    name: 'short burst (two windows)',
    plan: (r) => [
      event('error_spike', 'server_error_share', { service: busyService(r) }, [0.03, 0.7], daytime(r, 14, 2)),
    ],
  },
  {
    ...base,
    name: 'slow ramp over half a day',
    plan: (r) => [
      event('latency_surge', 'slow_share', { service: busyService(r) }, [1.6, 4], daytime(r, 14, 12), 'ramp'),
    ],
  },
  {
    ...base,
    name: 'level shift that stays',
    plan: (r) => [
      event('error_spike', 'server_error_share', { service: busyService(r) }, [0.015, 0.3], {
        start: START + (9 + Math.floor(r() * 4)) * DAY,
        end: START + 14 * DAY,
      }),
    ],
  },
  {
    ...base,
    name: 'latency surge',
    plan: (r) => [event('latency_surge', 'slow_share', { service: busyService(r) }, [1.35, 4], daytime(r, 14, 4))],
  },
  {
    ...base,
    name: 'latency surge of an endpoint',
    plan: (r) => [
      event('latency_surge', 'slow_share', { endpoint: busyEndpoint(r).endpoint }, [1.35, 4], daytime(r, 14, 5)),
    ],
  },
  {
    ...base,
    name: 'broken correlation',
    plan: (r) => [event('outlier', 'multivariate', { service: 'catalog' }, [1.5, 2.5], daytime(r, 14, 6))],
  },
  {
    ...base,
    name: 'silent failures by flag',
    plan: (r) => [
      event(
        'silent_failure',
        'silent_failure_share',
        { endpoint: busyEndpoint(r).endpoint, region: busyRegion(r) },
        [0.05, 0.9],
        daytime(r, 14, 6),
      ),
    ],
  },
  {
    ...base,
    name: 'silent failures by body',
    form: 'jsonl',
    sign: 'body',
    plan: (r) => [
      event(
        'silent_failure',
        'silent_failure_share',
        { endpoint: busyEndpoint(r).endpoint },
        [0.03, 0.9],
        daytime(r, 14, 5),
      ),
    ],
  },
  {
    ...base,
    name: 'silent failures by size',
    form: 'nginx',
    sign: 'size',
    plan: (r) => [
      event(
        'silent_failure',
        'silent_failure_share',
        { endpoint: busyEndpoint(r).endpoint, region: busyRegion(r) },
        [0.1, 0.9],
        daytime(r, 14, 6),
      ),
    ],
  },
  {
    ...base,
    name: 'bad from the first row, with a baseline log',
    rows: 4000,
    days: 1 / 48,
    baseline: true,
    plan: (r) => [
      event(
        'silent_failure',
        'silent_failure_share',
        { endpoint: busyEndpoint(r).endpoint, region: busyRegion(r) },
        [0.08, 0.95],
        { start: START, end: START + DAY / 48 },
      ),
    ],
  },
  {
    ...base,
    name: 'overlapping incidents',
    plan: (r) => {
      const at = daytime(r, 14, 5)
      return [
        event('error_spike', 'server_error_share', { region: 'us-east-1' }, [0.02, 0.5], at),
        event('latency_surge', 'slow_share', { service: 'search' }, [1.5, 4], {
          start: at.start + HOUR,
          end: at.end + 2 * HOUR,
        }),
      ]
    },
  },
  {
    ...base,
    name: 'two categories in one scope',
    plan: (r) => {
      const at = daytime(r, 14, 5)
      const scope = { service: busyService(r) }
      return [
        event('error_spike', 'server_error_share', scope, [0.02, 0.5], at),
        event('latency_surge', 'slow_share', scope, [1.5, 4], at),
      ]
    },
  },
  {
    ...base,
    name: 'low traffic (3,000 rows in 5 days)',
    rows: 3000,
    days: 5,
    plan: () => [
      event('error_spike', 'server_error_share', { region: 'us-east-1' }, [0.05, 0.9], {
        start: START + 3 * DAY + 10 * HOUR,
        end: START + 3 * DAY + 18 * HOUR,
      }),
    ],
  },
  {
    ...base,
    name: '30-minute load test',
    rows: 20_000,
    days: 1 / 48,
    form: 'jtl',
    plan: (r) => {
      const start = START + (12 + Math.floor(r() * 8)) * 60_000
      return [
        event('latency_surge', 'slow_share', { service: busyService(r) }, [1.35, 4], {
          start,
          end: start + 5 * 60_000,
        }),
      ]
    },
  },
  {
    ...base,
    name: 'three weeks with deep weekends',
    rows: 60_000,
    days: 21,
    world: {
      ...WEB_SHOP,
      environments: WEB_SHOP.environments.map((environment) => ({ ...environment, weekend: 0.3 })),
    },
    plan: (r) => [event('traffic_drop', 'requests', {}, [0.75, 0.05], daytime(r, 21, 4))],
  },
  {
    ...base,
    name: '36 hours',
    rows: 20_000,
    days: 1.5,
    plan: (r) => [
      event('error_spike', 'server_error_share', { region: busyRegion(r) }, [0.02, 0.6], {
        start: START + 20 * HOUR,
        end: START + 23 * HOUR,
      }),
    ],
  },
  {
    ...base,
    name: '6 hours',
    rows: 15_000,
    days: 0.25,
    plan: (r) => [
      event('error_spike', 'server_error_share', { service: busyService(r) }, [0.02, 0.6], {
        start: START + 3 * HOUR,
        end: START + 3.5 * HOUR,
      }),
    ],
  },
  {
    ...base,
    name: 'client error storm',
    plan: (r) => [
      event(
        'error_spike',
        'client_error_share',
        { endpoint: busyEndpoint(r).endpoint },
        [0.08, 0.8],
        daytime(r, 14, 3),
      ),
    ],
  },
]

/** The same hours of every day, or of one weekday of every week. */
function recurring(
  metric: Metric,
  scope: Scope,
  size: number,
  hour: number,
  hours: number,
  days: number,
  every = 1,
): EventSpecification[] {
  const events: EventSpecification[] = []
  for (let day = 0; day < days; day += every) {
    const start = START + day * DAY + hour * HOUR
    events.push({ category: 'traffic_surge', metric, scope, size, start, end: start + hours * HOUR })
  }
  return events
}

const nothing = () => []
const dominant: World = {
  ...WEB_SHOP,
  services: WEB_SHOP.services.map((service, i) => ({
    ...service,
    weight: i === 0 ? 0.9 : 0.1 / (WEB_SHOP.services.length - 1),
  })),
}

export const CLEAN: readonly Family[] = [
  { ...base, name: 'plain', plan: nothing },
  { ...base, name: '2 % errors', world: { ...WEB_SHOP, serverErrorShare: 0.02 }, plan: nothing },
  { ...base, name: 'heavy tails', world: { ...WEB_SHOP, stallShare: 0.06 }, plan: nothing },
  { ...base, name: 'over-dispersed counts', world: { ...WEB_SHOP, volumeSpread: 0.12 }, plan: nothing },
  { ...base, name: 'wandering latency', world: { ...WEB_SHOP, coldnessSpread: 0.2 }, plan: nothing },
  { ...base, name: 'one dominant service', world: dominant, plan: nothing },
  {
    ...base,
    name: 'evening mix',
    harmless: recurring('traffic_share', { service: 'search' }, 2.2, 18, 4, 14),
    plan: nothing,
  },
  {
    ...base,
    name: 'bots that come back each day',
    harmless: recurring('traffic_share', { endpoint: 'GET /v1/products/{id}', region: 'us-east-1' }, 4, 3, 1, 14),
    plan: nothing,
  },
  {
    ...base,
    name: 'weekly batch job',
    harmless: recurring('traffic_share', { service: 'payments' }, 5, 4, 2, 14, 7),
    plan: nothing,
  },
  { ...base, name: 'load-dependent latency', world: { ...WEB_SHOP, loadExponent: 0.35 }, plan: nothing },
  {
    ...base,
    name: 'bots up to ×1.5 for one window',
    harmless: [
      {
        category: 'traffic_surge',
        metric: 'requests',
        scope: {},
        size: 1.5,
        start: START + 8 * DAY + 15 * HOUR,
        end: START + 8 * DAY + 16 * HOUR,
      },
    ],
    plan: nothing,
  },
  { ...base, name: 'low traffic', rows: 3000, days: 5, plan: nothing },
  { ...base, name: 'load test', rows: 20_000, days: 1 / 48, form: 'jtl', plan: nothing },
  {
    ...base,
    name: 'load test with ramps, as CSV',
    rows: 20_000,
    days: 1 / 48,
    harmless: [
      { category: 'traffic_drop', metric: 'requests', scope: {}, size: 0.3, start: START, end: START + 3 * 60_000 },
      {
        category: 'traffic_drop',
        metric: 'requests',
        scope: {},
        size: 0.3,
        start: START + 27 * 60_000,
        end: START + 30 * 60_000,
      },
    ],
    plan: nothing,
  },
  {
    ...base,
    name: 'three weeks with deep weekends',
    rows: 60_000,
    days: 21,
    world: {
      ...WEB_SHOP,
      environments: WEB_SHOP.environments.map((environment) => ({ ...environment, weekend: 0.3 })),
    },
    plan: nothing,
  },
  { ...base, name: 'nine days', rows: 40_000, days: 9, plan: nothing },
  { ...base, name: 'five days', rows: 40_000, days: 5, plan: nothing },
  { ...base, name: '36 hours', rows: 20_000, days: 1.5, plan: nothing },
  { ...base, name: '6 hours', rows: 15_000, days: 0.25, plan: nothing },
  { ...base, name: 'ten minutes against a baseline log', rows: 2000, days: 1 / 144, baseline: true, plan: nothing },
  { ...base, name: 'access log', form: 'nginx', sign: 'size', plan: nothing },
]

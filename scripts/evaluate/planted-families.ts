/** The families with incidents that must be found. */
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import { BASE, DAY, type Family, HOUR, START } from './families.ts'
import { busyEndpoint, busyRegion, busyService, daytime, event, pick, REGIONS } from './plans.ts'

export const PLANTED: readonly Family[] = [
  {
    ...BASE,
    name: 'total drop',
    plan: (r) => [event('traffic_drop', 'requests', {}, [0.75, 0.02], daytime(r, 14, 3))],
  },
  {
    ...BASE,
    name: 'regional drop to zero',
    plan: (r) => [event('traffic_drop', 'traffic_share', { region: pick(r, REGIONS) }, [0, 0], daytime(r, 14, 6))],
  },
  {
    ...BASE,
    name: 'regional drop',
    plan: (r) => [event('traffic_drop', 'traffic_share', { region: busyRegion(r) }, [0.75, 0.05], daytime(r, 14, 6))],
  },
  { ...BASE, name: 'surge', plan: (r) => [event('traffic_surge', 'requests', {}, [1.3, 4], daytime(r, 14, 3))] },
  {
    ...BASE,
    name: 'regional error spike',
    plan: (r) => [
      event('error_spike', 'server_error_share', { region: pick(r, REGIONS) }, [0.02, 0.6], daytime(r, 14, 3)),
    ],
  },
  {
    ...BASE,
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
    ...BASE,
    name: 'short burst (two windows)',
    plan: (r) => [
      event('error_spike', 'server_error_share', { service: busyService(r) }, [0.03, 0.7], daytime(r, 14, 2)),
    ],
  },
  {
    ...BASE,
    name: 'slow ramp over half a day',
    plan: (r) => [
      event('latency_surge', 'slow_share', { service: busyService(r) }, [1.6, 4], daytime(r, 14, 12), 'ramp'),
    ],
  },
  {
    ...BASE,
    name: 'level shift that stays',
    plan: (r) => [
      event('error_spike', 'server_error_share', { service: busyService(r) }, [0.015, 0.3], {
        start: START + (9 + Math.floor(r() * 4)) * DAY,
        end: START + 14 * DAY,
      }),
    ],
  },
  {
    ...BASE,
    name: 'latency surge',
    plan: (r) => [event('latency_surge', 'slow_share', { service: busyService(r) }, [1.35, 4], daytime(r, 14, 4))],
  },
  {
    ...BASE,
    name: 'latency surge of an endpoint',
    plan: (r) => [
      event('latency_surge', 'slow_share', { endpoint: busyEndpoint(r).endpoint }, [1.35, 4], daytime(r, 14, 5)),
    ],
  },
  {
    ...BASE,
    name: 'broken correlation',
    plan: (r) => [event('outlier', 'multivariate', { service: 'catalog' }, [1.5, 2.5], daytime(r, 14, 6))],
  },
  {
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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
    ...BASE,
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

/** The families without incidents, on hard backgrounds: nothing above low may be reported. */
import type { EventSpecification } from '../../src/logs/generate-events.ts'
import { WEB_SHOP, type World } from '../../src/logs/generate-world.ts'
import type { Metric, Scope } from '../../src/types.ts'
import { BASE, DAY, type Family, HOUR, START } from './families.ts'

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

/** Clocks go forward in the middle of the log: from then on people come an hour earlier by UTC. */
const summerTime: World = {
  ...WEB_SHOP,
  regions: WEB_SHOP.regions.map((region) => ({ ...region, utcOffsetHours: region.utcOffsetHours + 1 })),
}
/** A service of office hours. */
const deepWeekends: World = {
  ...WEB_SHOP,
  environments: WEB_SHOP.environments.map((environment) => ({ ...environment, weekend: 0.3 })),
}
const smallerAnswers: World = {
  ...WEB_SHOP,
  services: WEB_SHOP.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, medianBytes: 0.6 * endpoint.medianBytes })),
  })),
}

export const CLEAN: readonly Family[] = [
  { ...BASE, name: 'plain', plan: nothing },
  { ...BASE, name: '2 % errors', world: { ...WEB_SHOP, serverErrorShare: 0.02 }, plan: nothing },
  { ...BASE, name: 'heavy tails', world: { ...WEB_SHOP, stallShare: 0.06 }, plan: nothing },
  { ...BASE, name: 'over-dispersed counts', world: { ...WEB_SHOP, volumeSpread: 0.12 }, plan: nothing },
  { ...BASE, name: 'wandering latency', world: { ...WEB_SHOP, coldnessSpread: 0.2 }, plan: nothing },
  { ...BASE, name: 'one dominant service', world: dominant, plan: nothing },
  {
    ...BASE,
    name: 'evening mix',
    harmless: recurring('traffic_share', { service: 'search' }, 2.2, 18, 4, 14),
    plan: nothing,
  },
  {
    ...BASE,
    name: 'bots that come back each day',
    harmless: recurring('traffic_share', { endpoint: 'GET /v1/products/{id}', region: 'us-east-1' }, 4, 3, 1, 14),
    plan: nothing,
  },
  {
    ...BASE,
    name: 'weekly batch job',
    harmless: recurring('traffic_share', { service: 'payments' }, 5, 4, 2, 14, 7),
    plan: nothing,
  },
  { ...BASE, name: 'load-dependent latency', world: { ...WEB_SHOP, loadExponent: 0.35 }, plan: nothing },
  {
    ...BASE,
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
  { ...BASE, name: 'low traffic', rows: 3000, days: 5, plan: nothing },
  { ...BASE, name: 'load test', rows: 20_000, days: 1 / 48, form: 'jtl', plan: nothing },
  {
    ...BASE,
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
    ...BASE,
    name: 'three weeks with deep weekends',
    rows: 60_000,
    days: 21,
    world: deepWeekends,
    plan: nothing,
  },
  { ...BASE, name: 'a week with a deep weekend', rows: 20_000, days: 7, world: deepWeekends, plan: nothing },
  { ...BASE, name: 'nine days with a deep weekend', rows: 25_000, days: 9, world: deepWeekends, plan: nothing },
  { ...BASE, name: 'nine days', rows: 40_000, days: 9, plan: nothing },
  { ...BASE, name: 'five days', rows: 40_000, days: 5, plan: nothing },
  { ...BASE, name: '36 hours', rows: 20_000, days: 1.5, plan: nothing },
  { ...BASE, name: '6 hours', rows: 15_000, days: 0.25, plan: nothing },
  { ...BASE, name: 'ten minutes against a baseline log', rows: 2000, days: 1 / 144, baseline: true, plan: nothing },
  { ...BASE, name: 'access log', form: 'nginx', sign: 'size', plan: nothing },
  {
    ...BASE,
    name: 'daylight saving',
    change: { world: summerTime, touches: (time) => time >= START + 7 * DAY + HOUR },
    plan: nothing,
  },
  {
    ...BASE,
    name: 'deploys that cut sizes by 40 %',
    form: 'nginx',
    sign: 'size',
    change: { world: smallerAnswers, touches: (_, { isNewVersion }) => isNewVersion },
    plan: nothing,
  },
]

/** Where and when the planted families put their incidents. */
import { WEB_SHOP } from '../../src/logs/generate-world.ts'
import type { Random } from '../../src/math/random.ts'
import type { Category, Metric, Scope } from '../../src/types.ts'
import { DAY, HOUR, type Plan, START } from './families.ts'

export const REGIONS = WEB_SHOP.regions.map(({ name }) => name)
const SERVICES = WEB_SHOP.services.map(({ name }) => name)
export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]

/** A daytime interval well inside the log. */
export function daytime(random: Random, days: number, hours: number): { start: number; end: number } {
  const day = 3 + Math.floor(random() * Math.max(1, days - 5))
  const start = START + day * DAY + (10 + Math.floor(random() * 8)) * HOUR
  return { start, end: start + hours * HOUR }
}

export function event(
  category: Category,
  metric: Metric,
  scope: Scope,
  sizes: readonly [number, number],
  at: { start: number; end: number },
  shape?: 'ramp',
): Plan {
  return { category, metric, scope, sizes, ...at, ...(shape === undefined ? {} : { shape }) }
}

export const busyRegion = (random: Random) => pick(random, REGIONS.slice(0, 3))
export const busyService = (random: Random) => pick(random, SERVICES.slice(0, 3))
export const busyEndpoint = (random: Random) => {
  const service = WEB_SHOP.services[Math.floor(random() * 3)]
  const { method, route } = service.endpoints[0]
  return { endpoint: `${method} ${route}`, service }
}

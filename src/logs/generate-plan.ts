/** The standard set of incidents: one of every category and kind, placed and sized by the seed. */
import type { Random } from '../math/random.ts'
import type { Category, Metric, Scope } from '../types.ts'
import { type Background, createStream } from './generate-background.ts'
import { drawBetween } from './generate-draw.ts'
import { type EventSpecification, type Planted, plantEvent } from './generate-events.ts'
import { buildVolume, type Volume } from './generate-volume.ts'
import type { World } from './generate-world.ts'

const HOUR_MS = 3_600_000
/** The start of a log teaches what is normal, and an incident that runs into the end cannot be told from a change. */
const QUIET_START_HOURS = 48
const QUIET_END_HOURS = 12
const GAP_HOURS = 6
/** Tries of scope and start before an event is given up. */
const TRIES = 400
/** How far an event is lengthened to reach its least number of requests. */
const LONGEST = 1.5

interface Recipe {
  readonly category: Category
  readonly metric: Metric
  readonly shape: 'step' | 'ramp'
  readonly hours: readonly [number, number]
  readonly size: readonly [number, number]
  /** Expected requests in scope and time, so that a reviewer would agree that it is an incident. */
  readonly leastRequests: number
  /** Only when the scope has more traffic than it has on average. */
  readonly busy: boolean
  /** Only when caches are about as warm as usual, so that no single metric stands out. */
  readonly calm: boolean
  readonly scopes: (world: World, placed: readonly EventSpecification[]) => readonly Scope[]
}

const everything = (): readonly Scope[] => [{}]
const regions = (world: World): readonly Scope[] => world.regions.map(({ name }) => ({ region: name }))
const services = (world: World, leastWeight: number): readonly Scope[] =>
  world.services.filter(({ weight }) => weight >= leastWeight).map(({ name }) => ({ service: name }))
const endpointsByRegion = (world: World): readonly Scope[] =>
  world.services
    .flatMap(({ endpoints }) => endpoints.filter(({ medianBytes }) => medianBytes > 0))
    .flatMap(({ method, route }) => world.regions.map(({ name }) => ({ endpoint: `${method} ${route}`, region: name })))

/** Longest first: they are the hardest to place. */
const RECIPES: readonly Recipe[] = [
  {
    category: 'latency_surge',
    metric: 'slow_share',
    shape: 'ramp',
    hours: [11, 13],
    size: [3.2, 3.8],
    leastRequests: 150,
    busy: false,
    calm: false,
    scopes: (world) => services(world, 0.1),
  },
  {
    category: 'traffic_drop',
    metric: 'traffic_share',
    shape: 'step',
    hours: [5, 10],
    size: [0, 0.1],
    leastRequests: 80,
    busy: true,
    calm: false,
    scopes: regions,
  },
  {
    category: 'silent_failure',
    metric: 'silent_failure_share',
    shape: 'step',
    hours: [3, 10],
    size: [0.5, 0.95],
    leastRequests: 45,
    busy: false,
    calm: false,
    scopes: endpointsByRegion,
  },
  {
    category: 'latency_surge',
    metric: 'slow_share',
    shape: 'step',
    hours: [4, 8],
    size: [2.5, 4],
    leastRequests: 60,
    busy: false,
    calm: false,
    scopes: (world, placed) =>
      services(world, 0).filter((scope) => !placed.some((e) => e.scope.service === scope.service)),
  },
  {
    category: 'outlier',
    metric: 'multivariate',
    shape: 'step',
    hours: [3, 6],
    size: [2, 2.5],
    leastRequests: 220,
    busy: true,
    calm: true,
    scopes: (world) => services(world, 0.25),
  },
  {
    category: 'error_spike',
    metric: 'server_error_share',
    shape: 'step',
    hours: [2, 5],
    size: [0.15, 0.4],
    leastRequests: 50,
    busy: false,
    calm: false,
    scopes: regions,
  },
  {
    category: 'traffic_drop',
    metric: 'requests',
    shape: 'step',
    hours: [2, 4],
    size: [0.05, 0.2],
    leastRequests: 150,
    busy: false,
    calm: false,
    scopes: everything,
  },
  {
    category: 'traffic_surge',
    metric: 'requests',
    shape: 'step',
    hours: [2, 3],
    size: [2.5, 4],
    leastRequests: 150,
    busy: false,
    calm: false,
    scopes: everything,
  },
]

/**
 * Places one event of every kind: none overlap, each has enough requests to be seen. In a log shorter than a week they
 * are shortened alike; an event for which there is no room or too little traffic is left out.
 *
 * @param rows requests of the whole log
 * @returns events by start
 */
export function planEvents(background: Background, rows: number, seed: number): readonly Planted[] {
  const random = createStream(seed, 'plan')
  const volume = buildVolume(background, rows)
  const placed: Planted[] = []
  for (const recipe of RECIPES) {
    const event = placeEvent(background, volume, recipe, placed, random)
    if (event) placed.push(plantEvent(background, rows, event))
  }
  return placed.toSorted((a, b) => a.startSlot - b.startSlot)
}

function placeEvent(
  background: Background,
  volume: Volume,
  recipe: Recipe,
  placed: readonly Planted[],
  random: Random,
): EventSpecification | undefined {
  const { slots, slotMs, start, world } = background
  const pressed = Math.min(1, (slots * slotMs) / (7 * 24 * HOUR_MS))
  const slotsOf = (hours: number) => Math.max(1, Math.round((hours * pressed * HOUR_MS) / slotMs))
  const firstSlot = slotsOf(QUIET_START_HOURS)
  const lastSlot = slots - slotsOf(QUIET_END_HOURS)
  const gap = slotsOf(GAP_HOURS)
  const isFree = (from: number, to: number) =>
    to <= lastSlot && placed.every((other) => from >= other.endSlot + gap || to + gap <= other.startSlot)

  const { category, metric, shape } = recipe
  const size = drawBetween(random, ...recipe.size)
  const wanted = slotsOf(drawBetween(random, ...recipe.hours))
  const longest = Math.max(wanted, slotsOf(recipe.hours[1] * LONGEST))
  const scopes = recipe.scopes(world, placed)
  if (scopes.length === 0) return undefined

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const scope = scopes[Math.floor(random() * scopes.length)]
    const from = firstSlot + Math.floor(random() * Math.max(1, lastSlot - firstSlot))
    const requests = volume(scope)
    // As long as drawn, or as long as it takes to reach the least number of requests.
    let to = from + wanted
    while (to < from + longest && requests(from, to) < recipe.leastRequests) to++
    if (!isFree(from, to) || requests(from, to) < recipe.leastRequests) continue
    if (recipe.busy && requests(from, to) / (to - from) < requests(0, slots) / slots) continue
    if (recipe.calm && !isCalm(background, scope, from, to)) continue
    return { category, scope, metric, start: start + from * slotMs, end: start + to * slotMs, size, shape }
  }
  return undefined
}

function isCalm({ cells, coldnessAt, world }: Background, scope: Scope, from: number, to: number): boolean {
  const cell = cells.find(({ service }) => service === scope.service) ?? cells[0]
  let coldness = 0
  for (let slot = from; slot < to; slot++) coldness += coldnessAt(cell, slot)
  return Math.abs(coldness / (to - from)) <= world.coldnessSpread / 2
}

/** What a generated log does when nothing happens: seasons, noise, wandering caches, deploys. */
import { createRandom, type Random } from '../math/random.ts'
import { drawUnitGamma, drawWander } from './generate-draw.ts'
import { buildCells, type Cell, type World } from './generate-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SLOT_LADDER_MS = [1_000, 5_000, 10_000, 30_000, 60_000, 300_000]
/** A log has about this many slots, so that short logs are resolved as finely as long ones. */
const SLOTS = 4_000
/** Noise changes from block to block; at least so many per log, none longer than an hour. */
const BLOCKS = 48
/** How much of last hour's volume noise and cache coldness is still there. */
const VOLUME_PERSISTENCE = 0.7
const COLDNESS_PERSISTENCE = 0.85
/** Gamma shapes of the over-dispersion; 1/√shape is the relative spread. */
const SERVER_ERROR_SHAPE = { service: 3, region: 6 }
const CLIENT_ERROR_SHAPE = 12

export interface Background {
  readonly world: World
  readonly cells: readonly Cell[]
  /** ms UTC. */
  readonly start: number
  /** Traffic is even inside a slot; events begin and end between slots. */
  readonly slotMs: number
  readonly slots: number
  readonly blockMs: number
  /** Relative traffic of every cell in a slot; 1 is the whole's mean over the log. */
  readonly weightsAt: (slot: number) => Float64Array
  /** Traffic of a region's cells in a slot, in multiples of its mean. */
  readonly loadAt: (cell: Cell, slot: number) => number
  /** Logarithm of the factor that caches put on latency and bytes of a service. */
  readonly coldnessAt: (cell: Cell, slot: number) => number
  /** Probability of a 5xx, and of a 4xx if it is none. */
  readonly serverErrorShareAt: (cell: Cell, slot: number) => number
  readonly clientErrorShareAt: (cell: Cell, slot: number) => number
}

interface Span {
  readonly start: number
  readonly days: number
  readonly seed: number
}

/** An independent stream of random numbers for one purpose, so that events do not change the noise around them. */
export function createStream(seed: number, purpose: 'background' | 'plan' | 'arrivals' | 'records'): Random {
  const offset = { background: 1, plan: 2, arrivals: 3, records: 4 }[purpose]
  return createRandom((Math.imul(seed, 1_000_003) + offset) | 0)
}

/**
 * Draws the noise of one log and fixes its seasons.
 *
 * @param span start in ms UTC, length in days (more than 0), seed
 */
export function buildBackground(world: World, { start, days, seed }: Span): Background {
  const random = createStream(seed, 'background')
  const spanMs = days * DAY_MS
  const slotMs = SLOT_LADDER_MS.find((width) => width >= spanMs / SLOTS) ?? 300_000
  const slots = Math.max(1, Math.round(spanMs / slotMs))
  const slotsPerBlock = Math.max(1, Math.round(Math.min(HOUR_MS, spanMs / BLOCKS) / slotMs))
  const blocks = Math.ceil(slots / slotsPerBlock)
  const blockOf = (slot: number) => Math.floor(slot / slotsPerBlock)

  const volume = () =>
    drawWander(random, blocks, VOLUME_PERSISTENCE).map((value) => Math.exp(world.volumeSpread * value))
  const gammas = (shape: number) => Float64Array.from({ length: blocks }, () => drawUnitGamma(random, shape))

  const wholeVolume = volume()
  const regionVolume = world.regions.map(volume)
  const serviceVolume = world.services.map(volume)
  const sharedColdness = drawWander(random, blocks, COLDNESS_PERSISTENCE)
  const ownColdness = world.services.map(() => drawWander(random, blocks, COLDNESS_PERSISTENCE))
  const serviceErrors = world.services.map(() => gammas(SERVER_ERROR_SHAPE.service))
  const regionErrors = world.regions.map(() => gammas(SERVER_ERROR_SHAPE.region))
  const clientErrors = world.services.map(() => gammas(CLIENT_ERROR_SHAPE))

  const paces = world.regions.map((region, regionIndex) =>
    world.environments.map((environment) => {
      const pace = new Float64Array(slots)
      let sum = 0
      for (let slot = 0; slot < slots; slot++) {
        const localHours = (start + (slot + 0.5) * slotMs) / HOUR_MS + region.utcOffsetHours
        const season =
          Math.exp(environment.daySwing * dayShape(localHours - region.peakHour)) *
          (1 - (1 - environment.weekend) * weekendness(localHours))
        pace[slot] = season * wholeVolume[blockOf(slot)] * regionVolume[regionIndex][blockOf(slot)]
        sum += pace[slot]
      }
      return pace.map((value) => (value * slots) / sum)
    }),
  )

  // Deploys lie in the middle third; a log shorter than two weeks has its leads and roll-outs shortened alike.
  const pressed = Math.min(1, days / 14)
  const rollOutMs = 2 * HOUR_MS * pressed
  const deploys = world.services.map(() => start + spanMs * (0.36 + 0.28 * random()))
  const newShare = (serviceIndex: number, environmentIndex: number, slot: number) => {
    const leadMs = world.environments[environmentIndex].deployLeadDays * DAY_MS * pressed
    const sinceMs = start + (slot + 0.5) * slotMs - (deploys[serviceIndex] - leadMs)
    return Math.min(1, Math.max(0, sinceMs / rollOutMs))
  }

  const cells = buildCells(world)
  return {
    world,
    cells,
    start,
    slotMs,
    slots,
    blockMs: slotsPerBlock * slotMs,
    weightsAt: (slot) => {
      const shares = world.services.map((_, service) =>
        world.environments.map((_, environment) => newShare(service, environment, slot)),
      )
      const weights = new Float64Array(cells.length)
      for (let i = 0; i < cells.length; i++) {
        const { weight, serviceIndex, regionIndex, environmentIndex, isNewVersion } = cells[i]
        const share = shares[serviceIndex][environmentIndex]
        weights[i] =
          weight *
          paces[regionIndex][environmentIndex][slot] *
          serviceVolume[serviceIndex][blockOf(slot)] *
          (isNewVersion ? share : 1 - share)
      }
      return weights
    },
    loadAt: (cell, slot) => paces[cell.regionIndex][cell.environmentIndex][slot],
    coldnessAt: (cell, slot) => {
      const block = blockOf(slot)
      return world.coldnessSpread * Math.SQRT1_2 * (sharedColdness[block] + ownColdness[cell.serviceIndex][block])
    },
    serverErrorShareAt: (cell, slot) => {
      const block = blockOf(slot)
      return world.serverErrorShare * serviceErrors[cell.serviceIndex][block] * regionErrors[cell.regionIndex][block]
    },
    clientErrorShareAt: (cell, slot) =>
      world.clientErrorShare * cell.traits.clientErrorFactor * clientErrors[cell.serviceIndex][blockOf(slot)],
  }
}

/** Logarithm of the daily season, by hours after the peak; a small second harmonic makes the rise steeper than the fall. */
function dayShape(hoursAfterPeak: number): number {
  const angle = (2 * Math.PI * hoursAfterPeak) / 24
  return 0.8 * Math.cos(angle) + 0.12 * Math.sin(2 * angle)
}

/** 0 on weekdays, 1 from Saturday to Sunday, changing over six hours around midnight. */
function weekendness(localHours: number): number {
  // 1970-01-01 was a Thursday: 72 hours after Monday 00:00.
  const hour = (((localHours + 72) % 168) + 168) % 168
  return Math.max(0, (3 - hour) / 6, Math.min(1, (hour - 117) / 6, (171 - hour) / 6))
}

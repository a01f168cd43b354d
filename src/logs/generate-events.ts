/** What can be planted into a generated log, and what it does to traffic, answers, latency and bytes. */
import type { Category, Metric, Scope } from '../types.ts'
import type { Background } from './generate-background.ts'
import { isInScope } from './generate-volume.ts'

/** An incident to plant. */
export interface EventSpecification {
  readonly category: Category
  /** The dimensions that narrow it, with their values in the world; empty is everything. */
  readonly scope: Scope
  /** What it changes; this alone decides the effect. */
  readonly metric: Metric
  /** ms UTC; both are moved to the nearest slot of the log, `end` is exclusive. */
  readonly start: number
  readonly end: number
  /**
   * - `silent_failure_share`: share (0..1) of the 2xx answers with a body whose payload is invalid
   * - `server_error_share`, `client_error_share`: share (0..1) of the requests that get a 5xx, a 4xx
   * - `slow_share`: factor on latency
   * - `requests`, `traffic_share`: factor on the number of requests (0 is none left, 3 is three times as many)
   * - `multivariate`: latency rises and bytes fall by this many standard deviations of the scope's hourly medians,
   *   which normally rise and fall together
   */
  readonly size: number
  /** `step` (default): the whole size from start to end. `ramp`: linear from no effect at start to the whole at end. */
  readonly shape?: 'step' | 'ramp'
}

/** An event, located in one log. */
export interface Planted extends EventSpecification {
  readonly startSlot: number
  readonly endSlot: number
  /** By cell: 1 inside the scope. */
  readonly touches: Uint8Array
  /** Standard deviations of the logarithm of the scope's median latency and bytes in a block. */
  readonly latencySpread: number
  readonly bytesSpread: number
}

/** What the active events of one slot make of one cell's requests. */
interface Disturbance {
  readonly silentShare: number
  readonly serverErrorShare: number
  readonly clientErrorShare: number
  readonly latencyFactor: number
  readonly bytesFactor: number
}

const UNDISTURBED: Disturbance = {
  silentShare: 0,
  serverErrorShare: 0,
  clientErrorShare: 0,
  latencyFactor: 1,
  bytesFactor: 1,
}

const LARGEST_SIZE: Readonly<Record<Metric, number>> = {
  silent_failure_share: 1,
  server_error_share: 1,
  client_error_share: 1,
  slow_share: 1_000,
  requests: 1_000,
  traffic_share: 1_000,
  multivariate: 10,
}

/**
 * Locates an event in a log.
 *
 * @param rows requests of the whole log, for the typical spread that `multivariate` is measured in
 * @throws RangeError when the scope names nothing in the world, the size is out of range or the interval is empty
 */
export function plantEvent(background: Background, rows: number, event: EventSpecification): Planted {
  const { cells, start, slotMs, slots } = background
  const slotOf = (time: number) => Math.min(slots, Math.max(0, Math.round((time - start) / slotMs)))
  const startSlot = slotOf(event.start)
  const endSlot = slotOf(event.end)
  if (!(endSlot > startSlot)) {
    throw new RangeError(`event 'start' must lie before 'end' and inside the log, got ${event.start} to ${event.end}`)
  }
  if (!(event.size >= 0 && event.size <= LARGEST_SIZE[event.metric])) {
    const largest = LARGEST_SIZE[event.metric]
    throw new RangeError(`event 'size' of ${event.metric} must be from 0 to ${largest}, got ${event.size}`)
  }
  const touches = Uint8Array.from(cells, (cell) => (isInScope(cell, event.scope) ? 1 : 0))
  if (!touches.includes(1)) {
    throw new RangeError(`event 'scope' must name what the world has, got ${JSON.stringify(event.scope)}`)
  }
  // A cell's weight is that of both versions; over the log each has about half of it.
  const weight = cells.reduce((total, cell, i) => total + (touches[i] * cell.weight) / 2, 0)
  const requestsPerBlock = (rows * weight * background.blockMs) / (slots * slotMs)
  const spread = (logMedian: (index: number) => number, logSpread: (index: number) => number) =>
    medianSpread(background, touches, requestsPerBlock, logMedian, logSpread)
  return {
    ...event,
    start: start + startSlot * slotMs,
    end: start + endSlot * slotMs,
    startSlot,
    endSlot,
    touches,
    latencySpread: spread(
      (i) => Math.log(cells[i].traits.medianMs * cells[i].latencyFactor),
      (i) => cells[i].traits.spreadMs,
    ),
    bytesSpread: spread(
      (i) => Math.log(Math.max(1, cells[i].traits.medianBytes)),
      (i) => cells[i].traits.spreadBytes,
    ),
  }
}

/** The events that are under way in a slot. */
export function activeEvents(events: readonly Planted[], slot: number): readonly Planted[] {
  return events.filter(({ startSlot, endSlot }) => startSlot <= slot && slot < endSlot)
}

/** Traffic of every cell in a slot, with what the active events add or take. */
export function disturbTraffic(weights: Float64Array, active: readonly Planted[], slot: number): Float64Array {
  let disturbed = weights
  for (const event of active) {
    if (event.metric !== 'requests' && event.metric !== 'traffic_share') continue
    const factor = grown(event, slot)
    disturbed = disturbed.map((weight, i) => (event.touches[i] ? weight * factor : weight))
  }
  return disturbed
}

/** What the active events of a slot do to a cell's answers. Several multiply. */
export function disturbCell(active: readonly Planted[], cell: number, slot: number): Disturbance {
  let disturbance = UNDISTURBED
  for (const event of active) if (event.touches[cell]) disturbance = disturb(disturbance, event, slot)
  return disturbance
}

function disturb(before: Disturbance, event: Planted, slot: number): Disturbance {
  const strength = strengthAt(event, slot)
  switch (event.metric) {
    case 'silent_failure_share':
      return { ...before, silentShare: eitherShare(before.silentShare, event.size * strength) }
    case 'server_error_share':
      return { ...before, serverErrorShare: eitherShare(before.serverErrorShare, event.size * strength) }
    case 'client_error_share':
      return { ...before, clientErrorShare: eitherShare(before.clientErrorShare, event.size * strength) }
    case 'slow_share':
      return { ...before, latencyFactor: before.latencyFactor * grown(event, slot) }
    case 'multivariate':
      return {
        ...before,
        latencyFactor: before.latencyFactor * Math.exp(event.size * strength * event.latencySpread),
        bytesFactor: before.bytesFactor * Math.exp(-event.size * strength * event.bytesSpread),
      }
    case 'requests':
    case 'traffic_share':
      return before
  }
}

/** Share of what suffers one or the other of two independent causes. */
export function eitherShare(one: number, other: number): number {
  return 1 - (1 - one) * (1 - other)
}

/** 0..1: how much of its size an event has in a slot. */
function strengthAt({ shape, startSlot, endSlot }: Planted, slot: number): number {
  return shape === 'ramp' ? (slot + 0.5 - startSlot) / (endSlot - startSlot) : 1
}

function grown(event: Planted, slot: number): number {
  return 1 + (event.size - 1) * strengthAt(event, slot)
}

/** Coldness plus sampling: a median of n values of spread s has a standard error of about 1.25 s / √n. */
function medianSpread(
  { world, cells }: Background,
  touches: Uint8Array,
  requests: number,
  logMedian: (index: number) => number,
  logSpread: (index: number) => number,
): number {
  let weight = 0
  let mean = 0
  let square = 0
  for (let i = 0; i < cells.length; i++) {
    if (!touches[i]) continue
    weight += cells[i].weight
    mean += cells[i].weight * logMedian(i)
    square += cells[i].weight * (logMedian(i) ** 2 + logSpread(i) ** 2)
  }
  const variance = Math.max(0, square / weight - (mean / weight) ** 2)
  return Math.sqrt(world.coldnessSpread ** 2 + (1.25 ** 2 * variance) / Math.max(1, requests))
}

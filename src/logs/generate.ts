/** Generated logs: realistic records with incidents planted at known places, and the truth about them. */
import { sum } from '../math/stats.ts'
import { type Category, type Metric, PAYLOAD, type Scope } from '../types.ts'
import { type Background, buildBackground, createStream } from './generate-background.ts'
import { drawChoice, drawNormal } from './generate-draw.ts'
import {
  activeEvents,
  disturbCell,
  disturbTraffic,
  type EventSpecification,
  eitherShare,
  type Planted,
  plantEvent,
} from './generate-events.ts'
import { planEvents } from './generate-plan.ts'
import { type Cell, WEB_SHOP, type World } from './generate-world.ts'

/** A Monday, 00:00 UTC. */
const START = Date.UTC(2026, 2, 2)
const LONGEST_MS = 60_000
const SERVER_ERRORS = [
  [500, 0.5],
  [503, 0.35],
  [502, 0.15],
] as const
/** Latency in multiples of a full answer's: nothing is computed, or it fails half-way. */
const NOT_MODIFIED_LATENCY = 0.7
const CLIENT_ERROR_LATENCY = 0.6
const SERVER_ERROR_LATENCY = 0.8
const REDIRECT_BYTES = 178
/** Resources that requests name, the low ids more often. */
const RESOURCES = 20_000

interface GenerateOptions {
  /** Exact number of records, at least 1. */
  readonly rows: number
  /** Length of the log, more than 0. */
  readonly days: number
  /** Any integer. Same options, same records. */
  readonly seed: number
  /** Plants nothing, whatever `events` holds. */
  readonly clean: boolean
  /** ms UTC, default Monday 2026-03-02. */
  readonly start?: number
  /** Default: one event of every kind, placed by the seed. */
  readonly events?: readonly EventSpecification[]
  /** Default: a web shop. */
  readonly world?: World
}

/** One entry per record, sorted by time. */
export interface Records {
  readonly rows: number
  /** ms UTC, integers. */
  readonly time: Float64Array
  /** Index into `cells`. */
  readonly cell: Uint16Array
  /** The kinds of requests, with their names. */
  readonly cells: readonly Cell[]
  readonly status: Uint16Array
  /** In steps of 0.1 ms. */
  readonly durationMs: Float64Array
  readonly bytes: Uint32Array
  /** A value of PAYLOAD: unknown unless the status is 2xx. */
  readonly payload: Uint8Array
  /** Id of the resource that the request names. */
  readonly resource: Uint32Array
}

/** As in truth.json. */
export interface Truth {
  readonly seed: number
  readonly clean: boolean
  readonly events: readonly {
    /** ISO 8601 UTC; `end` is exclusive. */
    readonly start: string
    readonly end: string
    readonly category: Category
    readonly scope: Scope
    readonly metric: Metric
    /** See EventSpecification. */
    readonly size: number
  }[]
  /** 1-based numbers of all records with an invalid payload under a 2xx, planted or background. */
  readonly silentRecords: readonly number[]
}

/**
 * Generates a log: traffic with daily and weekly seasons and noise, answers with background errors, log-normal latency
 * and bytes, and the planted events. Traffic that an event takes is really missing; what is left is scaled so that the
 * log has exactly `rows` records.
 *
 * @returns records sorted by time, and what was planted where
 * @throws RangeError when an event does not fit the log, see plantEvent
 */
export function generateLog(options: GenerateOptions): { readonly records: Records; readonly truth: Truth } {
  const { rows, days, seed, clean, start = START, world = WEB_SHOP } = options
  const background = buildBackground(world, { start, days, seed })
  const events = clean
    ? []
    : (options.events?.map((event) => plantEvent(background, rows, event)) ?? planEvents(background, rows, seed))
  const records = drawRecords(background, events, drawArrivals(background, events, rows, seed), seed)

  const silentRecords: number[] = []
  records.payload.forEach((payload, row) => {
    if (payload === PAYLOAD.invalid) silentRecords.push(row + 1)
  })
  const truth = {
    seed,
    clean,
    events: events.map(({ start, end, category, scope, metric, size }) => ({
      start: new Date(start).toISOString(),
      end: new Date(end).toISOString(),
      category,
      scope,
      metric,
      size,
    })),
    silentRecords,
  }
  return { records, truth }
}

interface Arrivals {
  readonly time: Float64Array
  readonly slot: Uint32Array
  readonly cell: Uint16Array
}

/** Spreads the records over slots and cells in proportion to their traffic. */
function drawArrivals(background: Background, events: readonly Planted[], rows: number, seed: number): Arrivals {
  const random = createStream(seed, 'arrivals')
  const { slots, slotMs, start } = background
  const weightsAt = (slot: number) => disturbTraffic(background.weightsAt(slot), activeEvents(events, slot), slot)

  // Whole numbers: their sums are exact, so that every engine puts each record into the same millisecond.
  const masses = Float64Array.from({ length: slots }, (_, slot) => Math.round(sum(weightsAt(slot)) * 1e6))
  const total = sum(masses)
  if (total === 0) throw new RangeError(`events must leave some traffic in the log, got none of ${rows} records`)
  const marks = Float64Array.from({ length: rows }, () => random() * total).sort()

  const time = new Float64Array(rows)
  const slotOf = new Uint32Array(rows)
  const cell = new Uint16Array(rows)
  let row = 0
  let before = 0
  for (let slot = 0; slot < slots && row < rows; slot++) {
    const after = before + masses[slot]
    if (marks[row] < after) {
      const weightUpTo = accumulate(weightsAt(slot))
      for (; row < rows && marks[row] < after; row++) {
        time[row] = start + Math.floor((slot + (marks[row] - before) / masses[slot]) * slotMs)
        slotOf[row] = slot
        cell[row] = firstAbove(weightUpTo, random() * weightUpTo[weightUpTo.length - 1])
      }
    }
    before = after
  }
  return { time, slot: slotOf, cell }
}

/** Answers every arrival. */
function drawRecords(background: Background, events: readonly Planted[], arrivals: Arrivals, seed: number): Records {
  const random = createStream(seed, 'records')
  const { world, cells } = background
  const { time, slot: slotOf, cell: cellOf } = arrivals
  const rows = time.length
  const status = new Uint16Array(rows)
  const durationMs = new Float64Array(rows)
  const bytes = new Uint32Array(rows)
  const payload = new Uint8Array(rows)
  const resource = new Uint32Array(rows)

  let active: readonly Planted[] = []
  for (let row = 0; row < rows; row++) {
    const slot = slotOf[row]
    if (row === 0 || slot !== slotOf[row - 1]) active = activeEvents(events, slot)
    const cell = cells[cellOf[row]]
    const { traits } = cell
    const disturbance = disturbCell(active, cellOf[row], slot)

    const isServerError =
      random() < eitherShare(background.serverErrorShareAt(cell, slot), disturbance.serverErrorShare)
    const isClientError =
      random() < eitherShare(background.clientErrorShareAt(cell, slot), disturbance.clientErrorShare)
    const answers = isServerError ? SERVER_ERRORS : isClientError ? traits.clientErrors : traits.successes
    const code = drawChoice(random, answers)
    const isSuccess = code >= 200 && code < 300
    const hasBody = isSuccess && traits.medianBytes > 0
    const isSilent = random() < eitherShare(world.silentShare, disturbance.silentShare) && hasBody

    const coldness = background.coldnessAt(cell, slot)
    const usualMs =
      traits.medianMs *
      cell.latencyFactor *
      Math.exp(
        coldness + world.loadExponent * Math.log(background.loadAt(cell, slot)) + traits.spreadMs * drawNormal(random),
      )
    const stall = random() < world.stallShare ? 3 / Math.sqrt(1 - random()) : 1
    const latencyMs = usualMs * stall * latencyOfStatus(code) * disturbance.latencyFactor
    const usualBytes =
      traits.medianBytes * Math.exp(coldness + traits.spreadBytes * drawNormal(random)) * disturbance.bytesFactor

    status[row] = code
    durationMs[row] = Math.round(Math.min(LONGEST_MS, Math.max(1, latencyMs)) * 10) / 10
    const message = random()
    if (isSilent) bytes[row] = 15 + Math.floor(message * 45)
    else if (isSuccess) bytes[row] = Math.round(usualBytes)
    else if (code >= 400) bytes[row] = 90 + Math.floor(message * 170)
    else bytes[row] = code === 304 ? 0 : REDIRECT_BYTES
    payload[row] = isSilent ? PAYLOAD.invalid : isSuccess ? PAYLOAD.valid : PAYLOAD.unknown
    resource[row] = 1 + Math.floor(RESOURCES * random() ** 2)
  }
  return { rows, time, cell: cellOf, cells, status, durationMs, bytes, payload, resource }
}

function latencyOfStatus(status: number): number {
  if (status >= 500) return SERVER_ERROR_LATENCY
  if (status >= 400) return CLIENT_ERROR_LATENCY
  return status === 304 || status === 301 ? NOT_MODIFIED_LATENCY : 1
}

function accumulate(values: Float64Array): Float64Array {
  let total = 0
  return values.map((value) => {
    total += value
    return total
  })
}

/** Index of the first of ascending values that is above a mark below the last of them. */
function firstAbove(values: Float64Array, mark: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle] > mark) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * What a data scientist would try first, in an afternoon's notebook, on the same logs: an Isolation Forest on rows,
 * Prophet's interval on hourly counts, rolling mean + 3 sigma on latency and error share. Neighbouring alarms are joined.
 */
import { chooseWindowMs } from '../../src/features/grid.ts'
import { quantileSorted } from '../../src/math/stats.ts'
import { fitForest, scoreForest } from '../../src/models/isolation-forest.ts'
import { forecast } from '../../src/models/prophet.ts'
import { type Category, type Logs, type LogTable, OUTCOME, PAYLOAD, type Scope } from '../../src/types.ts'
import type { Claim } from './score.ts'

export const PEER_PARTS = ['forest', 'prophet', 'latency', 'errors'] as const
export type PeerPart = (typeof PEER_PARTS)[number]

/** Neighbouring alarms of one part and scope. */
export interface Alarm extends Claim {
  readonly part: PeerPart
}

const HOUR_MS = 3_600_000
/** Part of the rows that the forest takes for outliers: the usual setting. */
const CONTAMINATION = 0.01
const PROPHET_LEVEL = 0.99
/** Windows that a rolling mean and deviation look back on, and how many deviations are too many. */
const ROLLING_WINDOWS = 24
const ROLLING_SIGMA = 3
/** Alarms this many windows apart are still one. */
const JOIN_WINDOWS = 1

/** Windows of an hour, or narrower for logs of less than two days, as a notebook would resample them. */
interface Frame {
  readonly table: LogTable
  readonly windowMs: number
  readonly startMs: number
  readonly windows: number
  readonly windowOf: (row: number) => number
  /** Rows by window, of the whole and of each service. */
  readonly services: readonly { readonly scope: Scope; readonly rows: readonly (readonly number[])[] }[]
}

/**
 * @returns alarms whose scope is what they were computed on: the whole for Prophet, a service for the rest. The forest
 *   does not say what is wrong: its alarms are outliers
 */
export async function runPeer(logs: Logs, seed: number): Promise<Alarm[]> {
  const frame = buildFrame(logs.table)
  return [
    ...alarmByForest(frame, seed),
    ...(await alarmByProphet(frame)),
    ...alarmByRolling(frame, 'latency', 'latency_surge', (rows) => latencyP95(frame.table, rows)),
    ...alarmByRolling(frame, 'errors', 'error_spike', (rows) => errorShare(frame.table, rows)),
  ]
}

function buildFrame(table: LogTable): Frame {
  const span = table.time[table.rows - 1] - table.time[0]
  const windowMs = span >= 48 * HOUR_MS ? HOUR_MS : chooseWindowMs(span, table.rows)
  const startMs = Math.floor(table.time[0] / windowMs) * windowMs
  const windowOf = (row: number) => Math.floor((table.time[row] - startMs) / windowMs)
  const windows = windowOf(table.rows - 1) + 1
  const { codes, values } = table.dimensions.service
  const services = values.map((service) => ({
    scope: service === '' ? {} : { service },
    rows: Array.from({ length: windows }, (): number[] => []),
  }))
  for (let row = 0; row < table.rows; row++) services[codes[row]].rows[windowOf(row)].push(row)
  return { table, windowMs, startMs, windows, windowOf, services }
}

function alarmByForest(frame: Frame, seed: number): Alarm[] {
  const { table } = frame
  const columns = [
    Float64Array.from(table.durationMs),
    Float64Array.from(table.status),
    Float64Array.from(table.bytes),
    Float64Array.from(table.payload, (payload) => (payload === PAYLOAD.invalid ? 1 : 0)),
    table.time.map((time) => Math.floor(time / HOUR_MS) % 24),
  ]
  const scores = scoreForest(fitForest(columns, { seed }), columns)
  const cut = quantileSorted(Float64Array.from(scores).sort(), 1 - CONTAMINATION)
  return frame.services.flatMap(({ scope, rows }) => {
    const marks = rows.map((own) => own.some((row) => scores[row] > cut))
    return join(frame, 'forest', 'outlier', scope, marks)
  })
}

async function alarmByProphet(frame: Frame): Promise<Alarm[]> {
  const counts = new Float64Array(frame.windows)
  for (const { rows } of frame.services) for (const [w, own] of rows.entries()) counts[w] += own.length
  // The first and last window are seldom whole.
  const value = counts.map((count, w) => (w === 0 || w === frame.windows - 1 ? Number.NaN : count))
  const time = counts.map((_, w) => frame.startMs + w * frame.windowMs)
  const { lower, upper } = await forecast({ time, value }, { level: PROPHET_LEVEL })
  const marks = (isOut: (w: number) => boolean) => Array.from(value, (count, w) => !Number.isNaN(count) && isOut(w))
  return [
    ...join(
      frame,
      'prophet',
      'traffic_drop',
      {},
      marks((w) => value[w] < lower[w]),
    ),
    ...join(
      frame,
      'prophet',
      'traffic_surge',
      {},
      marks((w) => value[w] > upper[w]),
    ),
  ]
}

/** Flags what lies above the mean of the windows before by three of their standard deviations. */
function alarmByRolling(
  frame: Frame,
  part: PeerPart,
  category: Category,
  measure: (rows: readonly number[]) => number,
): Alarm[] {
  return frame.services.flatMap(({ scope, rows }) => {
    const marks = new Array<boolean>(frame.windows).fill(false)
    const before: number[] = []
    for (const [w, own] of rows.entries()) {
      const value = measure(own)
      if (Number.isNaN(value)) continue
      if (before.length >= ROLLING_WINDOWS) {
        const recent = before.slice(-ROLLING_WINDOWS)
        const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length
        const variance = recent.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (recent.length - 1)
        marks[w] = value > mean + ROLLING_SIGMA * Math.sqrt(variance)
      }
      before.push(value)
    }
    return join(frame, part, category, scope, marks)
  })
}

function latencyP95({ durationMs }: LogTable, rows: readonly number[]): number {
  const known = rows.map((row) => durationMs[row]).filter((duration) => !Number.isNaN(duration))
  return quantileSorted(Float64Array.from(known).sort(), 0.95)
}

function errorShare(table: LogTable, rows: readonly number[]): number {
  return rows.filter((row) => isError(table, row)).length / rows.length
}

function isError({ outcome }: LogTable, row: number): boolean {
  return outcome[row] === OUTCOME.serverError || outcome[row] === OUTCOME.noResponse
}

/** Marked windows that touch, or nearly, as one alarm. */
function join(
  { startMs, windowMs }: Frame,
  part: PeerPart,
  category: Category,
  scope: Scope,
  marks: readonly boolean[],
): Alarm[] {
  const spans: { from: number; to: number }[] = []
  for (const [w, marked] of marks.entries()) {
    if (!marked) continue
    const last = spans.at(-1)
    if (last !== undefined && w - last.to <= JOIN_WINDOWS) last.to = w + 1
    else spans.push({ from: w, to: w + 1 })
  }
  return spans.map(({ from, to }) => ({
    part,
    category,
    scope,
    start: startMs + from * windowMs,
    end: startMs + to * windowMs,
  }))
}

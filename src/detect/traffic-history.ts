import type { Finding, TrafficForecast, TrafficHistory, WindowGrid } from '../types.ts'
import { buildCalendar } from './calendar.ts'
import { detectTraffic, type Forecaster } from './traffic.ts'

/** A forecast learns nothing from a baseline shorter than this. */
const FEWEST_DAYS = 2
/** An older baseline speaks of other times. */
const MOST_DAYS_APART = 35
/** More windows cost time in proportion, and a finer grid than this teaches no more. */
const MOST_WINDOWS = 6000
const DAY_MS = 86_400_000

/** Whether a baseline log is long and near enough to say what traffic is usual. */
export function isUsable(history: TrafficHistory, grid: WindowGrid): boolean {
  const days = (history.requests.length * grid.windowMs) / DAY_MS
  const apart = (grid.startMs - history.endMs) / DAY_MS
  return days - Math.max(0, apart) >= FEWEST_DAYS && apart <= MOST_DAYS_APART && history.requests.length <= MOST_WINDOWS
}

/**
 * Judges the whole's traffic with the baseline log before it: one series, of which only the windows of the log itself
 * are judged. Between the two lies a gap, not silence.
 */
export async function detectWithHistory(
  requests: Uint32Array,
  grid: WindowGrid,
  history: TrafficHistory,
  forecaster: Forecaster,
): Promise<TrafficForecast> {
  const offset = history.requests.length
  const windows = offset + grid.windows
  const known = history.requests.map((_, w) =>
    history.startMs + (w + 1) * grid.windowMs <= history.endMs && w > 0 ? 1 : 0,
  )
  const startMs = history.startMs
  const joined: WindowGrid = {
    ...grid,
    startMs,
    windows,
    covered: join(Uint8Array.from(known), grid.covered),
    whole: join(Uint8Array.from(known), grid.whole),
    phasesPerDay: DAY_MS % grid.windowMs === 0 ? DAY_MS / grid.windowMs : 0,
    days: Math.floor((grid.lastMs - Math.floor(startMs / DAY_MS) * DAY_MS) / DAY_MS) + 1,
    firstMs: startMs,
  }
  const counts = Uint32Array.from({ length: windows }, (_, w) =>
    w < offset ? history.requests[w] : requests[w - offset],
  )
  const found = await detectTraffic(counts, joined, buildCalendar(joined), forecaster)
  const move = (finding: Finding): Finding => ({ ...finding, from: finding.from - offset, to: finding.to - offset })
  // What is judged is in proportion: the history's own intervals are nobody's question.
  const part = grid.windows / windows
  return {
    ...found,
    expected: found.expected.slice(offset),
    band: (limit) => {
      const { lower, upper } = found.band(limit)
      return { lower: lower.slice(offset), upper: upper.slice(offset) }
    },
    logP: (own, from, to, above) => {
      const all = Float64Array.from(counts)
      for (let w = from; w < to; w++) all[offset + w] = own[w]
      return found.logP(all, offset + from, offset + to, above)
    },
    findings: found.findings.filter(({ from }) => from >= offset).map(move),
    tests: found.tests.map((test) => ({ ...test, judged: Math.ceil(test.judged * part) })),
    notes: [...found.notes, 'The forecast of the whole learnt from the baseline log too.'],
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

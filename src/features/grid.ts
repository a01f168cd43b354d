import type { LogTable, WindowGrid } from '../types.ts'
import { countRows, findStarts } from './starts.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY_MS = 24 * HOUR

/** Widths that divide a day, so that each window has the same phase on every day. */
export const WINDOW_LADDER_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR),
]

/** A window with fewer requests says little alone: the usual width holds this many. */
const REQUESTS_PER_WINDOW = 100
/** Fewer windows than this cannot show what is usual: narrower ones are taken while each still holds some requests. */
const FEWEST_WINDOWS = 48
const FEWEST_REQUESTS_PER_WINDOW = 10
/** More windows cost time and add tests without adding sight. */
const MOST_WINDOWS = 2000
/** Several silences that take more than this of a log are the pauses between runs; one silence may take half (an outage). */
const MOST_SILENT_SHARE = 0.1
const MOST_SILENT_SHARE_OF_ONE = 0.5

/** The window's width for a log: about a hundred requests each, 48 to 2,000 windows if the volume allows. */
export function chooseWindowMs(spanMs: number, rows: number): number {
  const fits = (width: number, requests: number) =>
    (rows * width) / Math.max(spanMs, 1) >= requests && spanMs / width <= MOST_WINDOWS
  const usual = WINDOW_LADDER_MS.find((width) => fits(width, REQUESTS_PER_WINDOW)) ?? DAY_MS
  if (spanMs / usual >= FEWEST_WINDOWS) return usual
  const narrower = WINDOW_LADDER_MS.filter(
    (width) => width < usual && fits(width, FEWEST_REQUESTS_PER_WINDOW) && spanMs / width >= FEWEST_WINDOWS,
  )
  return narrower.at(-1) ?? WINDOW_LADDER_MS.find((width) => fits(width, FEWEST_REQUESTS_PER_WINDOW)) ?? usual
}

/**
 * Lays windows over a log that has at least one row.
 *
 * @param windowMs width, or null to choose one from the ladder
 */
export function buildGrid(table: LogTable, windowMs: number | null): { grid: WindowGrid; notes: string[] } {
  const firstMs = table.time[0]
  const lastMs = table.time[table.rows - 1]
  const width = windowMs ?? chooseWindowMs(lastMs - firstMs, table.rows)
  const startMs = Math.floor(firstMs / width) * width
  const windows = Math.floor((lastMs - startMs) / width) + 1
  const requests = countRows(findStarts(table.time, table.rows, startMs, width, windows))

  const covered = new Uint8Array(windows).fill(1)
  const gaps = findGaps(table, requests, startMs, width)
  for (const [from, to] of gaps) covered.fill(0, from, to)

  const whole = covered.slice()
  // The first and last window are whole when the log's ends come no further inside than requests usually are apart.
  const slack = Math.max((5 * (lastMs - firstMs)) / table.rows, 0.02 * width)
  if (firstMs - startMs > slack) whole[0] = 0
  if (startMs + windows * width - lastMs > slack) whole[windows - 1] = 0
  for (const [from, to] of gaps) {
    whole[from - 1] = 0
    if (to < windows) whole[to] = 0
  }

  const notes: string[] = []
  if (gaps.length > 0) {
    const hours = gaps.reduce((sum, [from, to]) => sum + (to - from) * width, 0) / HOUR
    const silences = gaps.length === 1 ? '1 silence' : `${gaps.length} silences`
    const lie = gaps.length === 1 ? 'lies' : 'lie'
    notes.push(
      `${silences} of the whole log (${round(hours)} h in all) ${lie} between files or runs: treated as gaps, not as zero traffic.`,
    )
  }
  const days = Math.floor((lastMs - Math.floor(firstMs / DAY_MS) * DAY_MS) / DAY_MS) + 1
  const phasesPerDay = DAY_MS % width === 0 && lastMs - firstMs >= 1.9 * DAY_MS ? DAY_MS / width : 0
  return { grid: { windowMs: width, startMs, windows, covered, whole, phasesPerDay, days, firstMs, lastMs }, notes }
}

/**
 * Silences of the whole that are no outage: those that no file spans, and all when silences are the rule (runs of a
 * test that somebody appended to one file).
 */
function findGaps(table: LogTable, requests: Uint32Array, startMs: number, width: number): [number, number][] {
  const silences: [number, number][] = []
  let silent = 0
  for (let from = 0; from < requests.length; from++) {
    if (requests[from] > 0) continue
    let to = from
    while (requests[to] === 0) to++
    silences.push([from, to])
    silent += to - from
    from = to
  }
  if (silences.length === 0) return silences
  const meanRequests = table.rows / requests.length
  const mostSilent = silences.length === 1 ? MOST_SILENT_SHARE_OF_ONE : MOST_SILENT_SHARE
  if (meanRequests >= 5 && silent > mostSilent * requests.length) return silences

  const first = new Map<number, number>()
  const last = new Map<number, number>()
  for (let row = 0; row < table.rows; row++) {
    const file = table.file.codes[row]
    if (!first.has(file)) first.set(file, table.time[row])
    last.set(file, table.time[row])
  }
  return silences.filter(([from, to]) => {
    for (const [file, firstMs] of first) {
      if (firstMs < startMs + from * width && last.get(file)! >= startMs + to * width) return false
    }
    return true
  })
}

const round = (value: number) => Math.round(value * 10) / 10

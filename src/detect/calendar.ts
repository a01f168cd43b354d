import type { WindowGrid } from '../types.ts'

const DAY_MS = 86_400_000
const HALF_DAY_MS = DAY_MS / 2
const HOUR_MS = 3_600_000

/** Where each window lies in the day and the week. What recurs at one phase of other days is normal. */
export interface Calendar {
  readonly windows: number
  readonly windowMs: number
  /** Windows in a day; 0 when the log is too short to know what a day is like: then there are no seasons. */
  readonly phases: number
  /** Phases that are one to intervals of a day or more: those of an hour, at least 1. */
  readonly phasesPerHour: number
  /** Windows in a week; 0 when the log is shorter than two weeks. */
  readonly weekly: number
  readonly days: number
  readonly phaseOf: Uint32Array
  readonly dayOf: Uint32Array
  /** True when weekdays and weekends are told apart. */
  readonly kindsKnown: boolean
  /** 1 on Saturday and Sunday (UTC), 0 on other days; all 0 until two weekdays and three weekend days were seen. */
  readonly kindOf: Uint8Array
  /** 1 on a weekend of a log that is too short to know what a weekend is like. */
  readonly unknownKind: Uint8Array
  /** 1 where it is a weekend anywhere on Earth: from Friday noon to Monday noon (UTC); all 0 without seasons. */
  readonly weekendSomewhere: Uint8Array
  /** Of those, 1 where it is none elsewhere: until Saturday noon, and from Sunday noon on. */
  readonly weekendEdge: Uint8Array
}

export function buildCalendar(grid: WindowGrid): Calendar {
  const { windows, windowMs, startMs } = grid
  const phaseOf = new Uint32Array(windows)
  const dayOf = new Uint32Array(windows)
  const weekend = new Uint8Array(windows)
  const weekendSomewhere = new Uint8Array(windows)
  const weekendEdge = new Uint8Array(windows)
  const firstDay = Math.floor(startMs / DAY_MS)
  const seen = [new Set<number>(), new Set<number>()]
  for (let window = 0; window < windows; window++) {
    const time = startMs + window * windowMs
    const day = Math.floor(time / DAY_MS)
    phaseOf[window] = grid.phasesPerDay > 0 ? Math.floor((time - day * DAY_MS) / windowMs) : 0
    dayOf[window] = day - firstDay
    weekend[window] = isWeekend(time)
    if (grid.phasesPerDay > 0) {
      // Places that are half a day ahead of UTC, and half a day behind.
      const [first, last] = [isWeekend(time + HALF_DAY_MS), isWeekend(time - HALF_DAY_MS)]
      weekendSomewhere[window] = Math.max(first, weekend[window], last)
      weekendEdge[window] = first === last ? 0 : 1
    }
    seen[weekend[window]].add(day)
  }
  const weekendKnown = grid.phasesPerDay > 0 && seen[0].size >= 2 && seen[1].size >= 3
  const spanDays = (windows * windowMs) / DAY_MS
  return {
    windows,
    windowMs,
    phases: grid.phasesPerDay,
    phasesPerHour: Math.max(1, Math.floor(HOUR_MS / windowMs)),
    weekly: grid.phasesPerDay > 0 && spanDays >= 13.9 ? 7 * grid.phasesPerDay : 0,
    days: grid.days,
    phaseOf,
    dayOf,
    kindsKnown: weekendKnown,
    kindOf: weekendKnown ? weekend : new Uint8Array(windows),
    unknownKind: weekendKnown || seen[0].size === 0 ? new Uint8Array(windows) : weekend,
    weekendSomewhere,
    weekendEdge,
  }
}

/** 1 on Saturday and Sunday: 1970-01-01 was a Thursday, so that days 2 and 3 of the epoch were a weekend. */
function isWeekend(time: number): 0 | 1 {
  const day = Math.floor(time / DAY_MS) % 7
  return day === 2 || day === 3 ? 1 : 0
}

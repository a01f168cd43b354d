/** Scores flags on labelled points event by event, without the reward of counting a whole event found from one hit. */

export interface EventScore {
  readonly events: number
  readonly found: number
  readonly alarms: number
  readonly right: number
}

/** Runs of flagged points as [first, last]; runs up to `gap` points apart are one. */
export function findRuns(flags: ArrayLike<number>, gap = 0): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] === 0) continue
    const last = runs.at(-1)
    if (last !== undefined && i - last[1] <= gap + 1) last[1] = i
    else runs.push([i, i])
  }
  return runs
}

/**
 * An event (a run of labels) is found when a flag lies in [first − before, last + after]. Flags at most `merge`
 * points apart are one alarm; an alarm is right when it overlaps any event so widened.
 *
 * @param labels 1 in an event, 0 elsewhere
 * @param flags 1 where something is reported; as long as `labels`
 */
export function scoreEvents(
  labels: ArrayLike<number>,
  flags: ArrayLike<number>,
  {
    before = 0,
    after = 0,
    merge = 0,
  }: { readonly before?: number; readonly after?: number; readonly merge?: number } = {},
): EventScore {
  if (labels.length !== flags.length)
    throw new RangeError(`'flags' must be as long as 'labels' (${labels.length}), got ${flags.length}`)
  const events = findRuns(labels).map(([first, last]) => [first - before, last + after])
  const alarms = findRuns(flags, merge)
  const isFlagged = (first: number, last: number) => {
    for (let i = Math.max(0, first); i <= Math.min(flags.length - 1, last); i++) if (flags[i] !== 0) return true
    return false
  }
  return {
    events: events.length,
    found: events.filter(([first, last]) => isFlagged(first, last)).length,
    alarms: alarms.length,
    right: alarms.filter(([from, to]) => events.some(([first, last]) => first <= to && from <= last)).length,
  }
}

/** Right alarms over alarms; without alarms 1 if there was nothing to find, else 0. */
export function precisionOf({ events, alarms, right }: EventScore): number {
  return alarms > 0 ? right / alarms : events === 0 ? 1 : 0
}

/** Found events over events; 1 without events. */
export function recallOf({ events, found }: EventScore): number {
  return events > 0 ? found / events : 1
}

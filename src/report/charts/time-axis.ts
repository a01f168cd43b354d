/** Ticks of a time axis in UTC that read well at any span. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 3, 4, 7, 14, 28, 91, 182, 364].map((days) => days * DAY_MS),
]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Times of the ticks within [start, end], at most `maxTicks`, on round clock times or days. */
export function timeTicks(start: number, end: number, maxTicks: number): number[] {
  const step = STEPS_MS.find((ms) => (end - start) / ms <= maxTicks - 1) ?? Math.ceil((end - start) / maxTicks)
  const ticks: number[] = []
  // From the first midnight on, so that steps of several days begin with the log.
  const origin = Math.floor(start / DAY_MS) * DAY_MS
  for (let tick = origin + Math.ceil((start - origin) / step) * step; tick <= end; tick += step) ticks.push(tick)
  return ticks
}

/** A tick's label: clock time, and the day beneath where a new one begins; days alone for steps of days. */
export function timeTickLabel(time: number, ticks: readonly number[]): string {
  const date = new Date(time)
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : DAY_MS
  if (step % DAY_MS === 0 && time % DAY_MS === 0) {
    const newYear = time === ticks[0] || date.getUTCFullYear() !== new Date(time - step).getUTCFullYear()
    return newYear ? `${day}\n${date.getUTCFullYear()}` : day
  }
  const clock = date.toISOString().slice(11, step < MINUTE_MS ? 19 : 16)
  const newDay = time === ticks[0] || Math.floor(time / DAY_MS) !== Math.floor((time - step) / DAY_MS)
  return newDay ? `${clock}\n${day} ${date.getUTCFullYear()}` : clock
}

/** Numbers, times and scopes in words, the same in summary, terminal and charts. Engine-independent: no Intl. */
import {
  type Category,
  DIMENSIONS,
  type Incident,
  type KnownIncident,
  type Scope,
  type Severity,
  type Unit,
} from './types.ts'

const UNKNOWN = 'unknown'
const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

const CATEGORY_TITLES: Readonly<Record<Category, string>> = {
  silent_failure: 'Silent failure',
  error_spike: 'Error spike',
  traffic_drop: 'Traffic drop',
  traffic_surge: 'Traffic surge',
  latency_surge: 'Latency surge',
  outlier: 'Outlier',
}

/** The category's name for a heading or table cell. */
export function categoryTitle(category: Category): string {
  return CATEGORY_TITLES[category]
}

/** Like {@link categoryTitle}, but tells a storm of client errors (401, 404) from server errors. */
export function incidentTitle({ category, metric }: Pick<Incident, 'category' | 'metric'>): string {
  return metric === 'client_error_share' ? 'Client error spike' : CATEGORY_TITLES[category]
}

/** `1 incident`, `2 incidents`, `1,234 entries`: the number with the noun that fits it. */
export function formatAmount(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** A number of things: thousands separated, one decimal below ten, `unknown` for NaN and infinities. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN
  const rounded = Math.abs(value) < 10 ? Number(value.toFixed(1)) : Math.round(value)
  return String(rounded).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A share (0..1) in per cent: `23.4 %`, `0.034 %`, `100 %`. What is not quite nothing or everything says so. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return UNKNOWN
  const percent = share * 100
  const size = Math.abs(percent)
  if (size === 0) return '0 %'
  if (size < 0.001) return '< 0.001 %'
  if (size < 0.1) return `${Number(percent.toPrecision(2))} %`
  if (percent > 99.9 && percent < 100) return '> 99.9 %'
  return `${Number(percent.toFixed(1))} %`
}

/** Milliseconds in the unit that reads best: `0.4 ms`, `123 ms`, `1.23 s`, `2.5 min`. */
export function formatMs(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return UNKNOWN
  const size = Math.abs(milliseconds)
  if (size < 10) return `${Number(milliseconds.toFixed(1))} ms`
  if (size < 999.5) return `${Math.round(milliseconds)} ms`
  if (size < 99_500) return `${Number((milliseconds / SECOND_MS).toPrecision(3))} s`
  return `${Number((milliseconds / MINUTE_MS).toPrecision(3))} min`
}

/** A size, such as `840 B` or `1.9 KB` (of 1,000 bytes). */
export function formatBytes(bytes: number): string {
  const unit = ['B', 'KB', 'MB', 'GB'] as const
  let power = 0
  let value = bytes
  while (value >= 999.5 && power < unit.length - 1) {
    value /= 1000
    power++
  }
  return `${Number(value.toPrecision(3))} ${unit[power]}`
}

/** A length of time by its two largest units: `14 days`, `1 h 30 min`, `45 s`. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return UNKNOWN
  if (milliseconds < SECOND_MS) return formatMs(milliseconds)
  const days = Math.floor(milliseconds / DAY_MS)
  const parts = [
    days > 0 ? formatAmount(days, 'day') : '',
    part(Math.floor((milliseconds % DAY_MS) / HOUR_MS), 'h'),
    part(Math.floor((milliseconds % HOUR_MS) / MINUTE_MS), 'min'),
    part(Math.floor((milliseconds % MINUTE_MS) / SECOND_MS), 's'),
  ]
  const first = parts.findIndex((text) => text !== '')
  return parts
    .slice(first, first + 2)
    .filter((text) => text !== '')
    .join(' ')
}

/** How long ago, by one unit: `just now`, `5 min ago`, `2 h ago`, `3 days ago`; `''` for NaN. */
export function formatAge(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return ''
  if (milliseconds < MINUTE_MS) return 'just now'
  if (milliseconds < HOUR_MS) return `${Math.floor(milliseconds / MINUTE_MS)} min ago`
  // The hours of yesterday still tell before lunch from after.
  if (milliseconds < 2 * DAY_MS) return `${Math.floor(milliseconds / HOUR_MS)} h ago`
  return `${formatAmount(Math.floor(milliseconds / DAY_MS), 'day')} ago`
}

/** A factor: `×1.31`, `×0.82`, `×14`. */
export function formatFactor(ratio: number): string {
  if (!Number.isFinite(ratio)) return UNKNOWN
  return `×${ratio < 10 ? Number(ratio.toFixed(2)) : formatCount(ratio)}`
}

function part(amount: number, unit: string): string {
  return amount > 0 ? `${amount} ${unit}` : ''
}

/** `2026-03-05T10:00:00.000Z`, or null for a time that no calendar has (NaN, beyond the year 275,760). */
export function formatIso(time: number): string | null {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null
}

/** `2026-03-05 10:00 UTC`; with seconds where it has some. */
export function formatTime(time: number): string {
  const iso = formatIso(time)
  return iso === null ? UNKNOWN : `${dayOf(iso)} ${clockOf(iso, time % MINUTE_MS !== 0)} UTC`
}

/**
 * A half-open interval: `2026-03-05 10:00–13:00 UTC`, over midnight `2026-03-05 22:00 – 2026-03-06 02:00 UTC`. An end
 * at midnight of the next day reads 24:00.
 */
export function formatTimeRange(start: number, end: number): string {
  const from = formatIso(start)
  const to = formatIso(end)
  if (from === null || to === null) return UNKNOWN
  const withSeconds = start % MINUTE_MS !== 0 || end % MINUTE_MS !== 0
  const head = `${dayOf(from)} ${clockOf(from, withSeconds)}`
  if (dayOf(from) === dayOf(to)) return `${head}–${clockOf(to, withSeconds)} UTC`
  const lastInstant = formatIso(end - 1)
  if (end % DAY_MS === 0 && lastInstant !== null && dayOf(lastInstant) === dayOf(from)) {
    return `${head}–24:00${withSeconds ? ':00' : ''} UTC`
  }
  return `${head} – ${dayOf(to)} ${clockOf(to, withSeconds)} UTC`
}

function dayOf(iso: string): string {
  return iso.slice(0, iso.indexOf('T'))
}

function clockOf(iso: string, withSeconds: boolean): string {
  const at = iso.indexOf('T') + 1
  return iso.slice(at, at + (withSeconds ? 8 : 5))
}

/** `POST /checkout · region eu-west-1`; an endpoint needs no word before it; empty is `all traffic`. Not escaped. */
export function formatScope(scope: Scope): string {
  const parts: string[] = []
  if (scope.endpoint !== undefined) parts.push(scope.endpoint)
  for (const dimension of DIMENSIONS) {
    const value = scope[dimension]
    if (dimension !== 'endpoint' && value !== undefined) parts.push(`${dimension} ${value}`)
  }
  return parts.length === 0 ? 'all traffic' : parts.join(' · ')
}

/** A number with its unit. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return UNKNOWN
  switch (unit) {
    case 'share':
      return formatShare(value)
    case 'ms':
      return formatMs(value)
    case 'requests':
      return formatAmount(value, 'request')
    case 'sd':
      return `${Number(value.toFixed(1))} sd`
  }
}

const LONGEST_NAME = 100

/** A name out of a log, marked as code. It is still log text: to be escaped where it is shown. */
export function formatName(name: string): string {
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name
  return `\`${shown.replaceAll('`', "'")}\``
}

/** Actual against expected: `23.4 % vs 0.8 %`, `120 vs 1,050 requests (−89 %)`, `812 ms vs 190 ms (×4.3)`. */
export function formatComparison(incident: KnownIncident & { readonly upper?: number }): string {
  const { actual, expected, upper = Number.NaN, unit } = incident
  if (!Number.isFinite(expected)) {
    const limit = Number.isFinite(upper) ? ` (limit ${formatValue(upper, unit)})` : ''
    return `${formatValue(actual, unit)}${limit}`
  }
  const left = unit === 'requests' ? formatCount(actual) : formatValue(actual, unit)
  const effect = formatEffect(incident)
  return `${left} vs ${formatValue(expected, unit)}${effect === '' ? '' : ` (${effect})`}`
}

/** How large the change is, where actual and expected do not show it at a glance; else `''`. */
function formatEffect({ category, effect }: Pick<KnownIncident, 'category' | 'effect'>): string {
  if (!Number.isFinite(effect)) return ''
  if (category === 'latency_surge') return `×${Number(effect.toFixed(effect < 10 ? 1 : 0))}`
  if (category === 'traffic_drop' || category === 'traffic_surge') {
    return `${effect < 0 ? '−' : '+'}${formatCount(Math.round(Math.abs(effect) * 100))} %`
  }
  return ''
}

/** How large an incident was in the baseline: `12 % before`, `×1.5 before`; `''` when it was not there. */
export function formatBefore({ category, before }: Incident): string {
  if (!Number.isFinite(before)) return ''
  return `${formatEffect({ category, effect: before }) || formatShare(before)} before`
}

/** What the incident did to requests: `289 of 1,234 bad`, `930 missing`, `2,100 more than expected`. */
export function formatAffected({
  category,
  affected,
  support,
}: Pick<Incident, 'category' | 'affected' | 'support'>): string {
  if (!Number.isFinite(affected)) return Number.isFinite(support) ? `${formatCount(support)} seen` : UNKNOWN
  if (category === 'traffic_drop') return `${formatCount(affected)} missing`
  if (category === 'traffic_surge') return `${formatCount(affected)} more than expected`
  const of = Number.isFinite(support) ? ` of ${formatCount(support)}` : ''
  return `${formatCount(affected)}${of} ${affectedWord(category)}`
}

/** What is wrong with the requests of an incident that is no matter of their number. */
export function affectedWord(category: Category): string {
  return category === 'latency_surge' ? 'slow' : category === 'outlier' ? 'odd' : 'bad'
}

/** A probability or an expected number: `0.005`, `1.2e-12`. */
export function formatProbability(probability: number): string {
  if (!Number.isFinite(probability)) return UNKNOWN
  const rounded = Number(probability.toPrecision(2))
  return rounded !== 0 && Math.abs(rounded) < 0.001 ? rounded.toExponential() : String(rounded)
}

/** Incidents by severity, worst first, those without any left out: `1 critical, 2 high`. `''` when there is none. */
export function formatSeverityCounts(incidents: readonly Incident[], severities: readonly Severity[]): string {
  return severities
    .map((severity) => ({ severity, count: incidents.filter((incident) => incident.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${formatCount(count)} ${severity}`)
    .join(', ')
}

/** Says what was recognised in logs and what could be judged in them, without looking for anomalies. */
import { countKnown, countValues } from './doctor/counts.ts'
import { measureDuplicates } from './doctor/duplicates.ts'
import { listJudgeable } from './doctor/judgeable.ts'
import { proposeConfig } from './doctor/proposal.ts'
import { groupRejections } from './doctor/rejections.ts'
import { buildFeatures } from './features.ts'
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatMs,
  formatShare,
  formatTime,
  formatTimeRange,
} from './format.ts'
import type { FileFacts } from './logs/file-facts.ts'
import { DIMENSIONS, type Features, type Logs, type Settings, type WindowGrid } from './types.ts'

const MOST_FILES = 20
const MOST_GAPS = 5
const MOST_REASONS = 10
const MOST_VALUES = 6
const MOST_ENDPOINTS = 15
const SURE = 0.9
const FIELD_WIDTH = 12
const COLUMN_WIDTH = 34

/** What the doctor looks at. */
export interface Examined {
  readonly logs: Logs
  /** How each file was read. */
  readonly files: readonly FileFacts[]
  readonly settings: Settings
  /** IANA zone by which times that name none were read. */
  readonly timezone: string
}

/**
 * What was recognised and how surely, what can and cannot be judged, and a config that fixes what was guessed.
 *
 * @returns text for a terminal; excerpts of rejected lines are raw
 */
export function examine({ logs, files, settings, timezone }: Examined): string {
  const features = buildFeatures(logs, null, settings)
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Files', describeFiles(files)],
    ['Time', [...describeTime(features), ...describeZones(files, timezone)]],
    ['Duplicates', [describeDuplicates(features)]],
    ['Rejected lines', describeRejected(logs)],
    ['Dimensions', describeDimensions(features)],
    ['Endpoints', describeEndpoints(features)],
    ['What can be judged', listJudgeable(logs, features, settings)],
    // How files were read stands above.
    ['Notes', [...logs.notes, ...features.notes].filter((note) => !note.includes(': read as '))],
    ['Proposed config', proposeConfig(logs, files, features, timezone).trimEnd().split('\n')],
  ]
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('\n')
}

/** Files that were read alike are told together. */
function describeFiles(files: readonly FileFacts[]): string[] {
  const alike = new Map<string, FileFacts[]>()
  for (const facts of files) {
    const { format, formatSureness, columns, durationUnit, guessedUnitOf, timeIsEnd } = facts
    const key = JSON.stringify([format, formatSureness, columns, durationUnit, guessedUnitOf, timeIsEnd])
    const group = alike.get(key)
    if (group === undefined) alike.set(key, [facts])
    else group.push(facts)
  }
  const groups = [...alike.values()]
  const more = groups.length - MOST_FILES
  return [
    ...groups.slice(0, MOST_FILES).flatMap(describeGroup),
    ...(more > 0 ? [`and files of ${formatAmount(more, 'more kind')}.`] : []),
  ]
}

function describeGroup(group: readonly FileFacts[]): string[] {
  const [first] = group
  const name = group.length === 1 ? first.name : `${first.name} and ${formatAmount(group.length - 1, 'file')} like it`
  const rows = group.reduce((sum, facts) => sum + facts.rows, 0)
  const rejected = group.reduce((sum, facts) => sum + facts.rejected, 0)
  const rest = rejected > 0 ? `, ${formatAmount(rejected, 'line')} rejected` : ''
  const columns = first.columns.map(({ field, name: column, sureness }) => {
    const unit = field === 'duration' ? describeUnit(first, column) : ''
    const end = field === 'time' && first.timeIsEnd ? '; when the request ended' : ''
    return `  ${field.padEnd(FIELD_WIDTH)}${column.padEnd(COLUMN_WIDTH)} ${sureness}${unit}${end}`
  })
  return [`${name}: ${first.format} (${describeSureness(first)}), ${formatAmount(rows, 'request')}${rest}`, ...columns]
}

function describeSureness({ formatSureness }: FileFacts): string {
  if (Number.isNaN(formatSureness)) return 'named by the user'
  return formatSureness >= SURE ? 'sure' : formatSureness >= SURE / 2 ? 'likely' : 'a guess'
}

function describeUnit({ durationUnit, guessedUnitOf }: FileFacts, column: string): string {
  if (durationUnit === '') return '; each value names its unit'
  return `; in ${durationUnit}${guessedUnitOf === column ? ', told by its values' : ''}`
}

function describeTime({ grid, table, windows }: Features): string[] {
  const span = grid.lastMs - grid.firstMs
  const whole = Array.from({ length: grid.windows }, (_, window) => window).filter((window) => grid.whole[window] === 1)
  const counts = whole.map((window) => windows.requests[window]).sort((a, b) => a - b)
  const perHour = span > 0 ? `, ${formatCount((table.rows * 3_600_000) / span)} an hour` : ''
  return [
    `${formatTime(grid.firstMs)} to ${formatTime(grid.lastMs)}: ${formatDuration(span)}, ${formatAmount(table.rows, 'request')}${perHour}.`,
    `Windows of ${formatDuration(grid.windowMs)}: ${formatCount(grid.windows)}, of which ${formatCount(whole.length)} are whole and can be judged by their counts.`,
    ...(counts.length === 0
      ? []
      : [
          `Requests a window: ${formatCount(counts[0])} to ${formatCount(counts[counts.length - 1])}, median ${formatCount(counts[counts.length >> 1])}.`,
        ]),
    ...describeGaps(grid),
  ]
}

function describeGaps({ covered, startMs, windowMs, windows }: WindowGrid): string[] {
  const gaps: string[] = []
  for (let from = 0; from < windows; from++) {
    if (covered[from] === 1) continue
    let to = from
    while (to < windows && covered[to] === 0) to++
    gaps.push(`Gap: ${formatTimeRange(startMs + from * windowMs, startMs + to * windowMs)}, between files or runs.`)
    from = to
  }
  const more = gaps.length - MOST_GAPS
  return [...gaps.slice(0, MOST_GAPS), ...(more > 0 ? [`and ${formatAmount(more, 'more gap')}.`] : [])]
}

function describeZones(files: readonly FileFacts[], timezone: string): string[] {
  const zoneless = files.reduce((sum, facts) => sum + facts.zoneless, 0)
  if (zoneless === 0) return ['Every time names its zone or is an epoch time.']
  return [`${formatAmount(zoneless, 'time')} without a zone, read as ${timezone}: check that, or set timezone.`]
}

function describeDuplicates({ table }: Features): string {
  const share = measureDuplicates(table)
  if (share === null)
    return 'Cannot be told: times are whole seconds and there are no durations, so that requests look alike.'
  if (share === 0) return 'None: no request repeats the time, endpoint, status, duration and size of another.'
  const advice = share > 0.01 ? ' Are files given twice, or do they overlap?' : ''
  return `${formatShare(share)} of the requests repeat the time, endpoint, status, duration and size of another.${advice}`
}

function describeRejected({ rejected, rejectedCount }: Logs): string[] {
  if (rejectedCount === 0) return ['None.']
  const reasons = groupRejections(rejected)
  const more = reasons.length - MOST_REASONS
  return [
    ...(rejectedCount > rejected.length
      ? [`${formatAmount(rejectedCount, 'line')}; of the first ${formatCount(rejected.length)}:`]
      : []),
    ...reasons
      .slice(0, MOST_REASONS)
      .flatMap(({ reason, count, example }) => [
        `${formatCount(count)} × ${reason}`,
        `  e.g. ${example.file}:${example.line}: ${example.excerpt}`,
      ]),
    ...(more > 0 ? [`and ${formatAmount(more, 'more reason')}.`] : []),
  ]
}

function describeDimensions({ table }: Features): string[] {
  return DIMENSIONS.filter((dimension) => dimension !== 'endpoint').map((dimension) => {
    const values = countValues(table.dimensions[dimension])
    const head = dimension.padEnd(FIELD_WIDTH)
    if (values.length === 0) return `${head}not in the log`
    const shown = values
      .slice(0, MOST_VALUES)
      .map(({ value, requests }) => `${value} ${formatShare(requests / table.rows)}`)
      .join(', ')
    const more = values.length - MOST_VALUES
    return `${head}${formatAmount(values.length, 'value')}: ${shown}${more > 0 ? ` and ${formatCount(more)} more` : ''}`
  })
}

function describeEndpoints({ table }: Features): string[] {
  const endpoints = countValues(table.dimensions.endpoint)
  if (endpoints.length === 0) return ['Not in the log.']
  const width = Math.min(50, Math.max(...endpoints.slice(0, MOST_ENDPOINTS).map(({ value }) => value.length)))
  const more = endpoints.length - MOST_ENDPOINTS
  return [
    `${formatAmount(endpoints.length, 'endpoint')}; requests, median and p95 latency, errors, silent failures:`,
    ...endpoints.slice(0, MOST_ENDPOINTS).map(({ value, requests }) => {
      const { p50, p95, judged, failed, succeeded, silent, examined } = countKnown(table, value)
      const cells = [
        formatCount(requests).padStart(9),
        (Number.isNaN(p50) ? '–' : formatMs(p50)).padStart(9),
        (Number.isNaN(p95) ? '–' : formatMs(p95)).padStart(9),
        (judged === 0 ? '–' : formatShare(failed / judged)).padStart(9),
        (examined === 0 ? '–' : formatShare(silent / succeeded)).padStart(9),
      ]
      return `${value.padEnd(width)}${cells.join('')}`
    }),
    ...(more > 0 ? [`and ${formatAmount(more, 'more endpoint')}.`] : []),
  ]
}

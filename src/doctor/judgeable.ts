import { formatAmount, formatCount, formatDuration, formatShare } from '../format.ts'
import type { Features, Logs, Settings } from '../types.ts'
import { countKnown, countValues } from './counts.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
const MOST_SHOWN = 5

/** What a run could judge in these logs and what not, and why: a sentence each. */
export function listJudgeable(logs: Logs, features: Features, settings: Settings): string[] {
  return [
    describeSilent(features),
    describeErrors(features),
    describeLatency(features),
    describeTraffic(logs, features),
    describeSlices(features),
    ...describeSmallest(features, settings),
  ]
}

function describeSilent({ table }: Features): string {
  const { succeeded, examined, silent, sized } = countKnown(table, null)
  if (succeeded === 0) return 'Silent failures: not judged, no request has a 2xx status.'
  if (examined === 0 && sized === 0) {
    return 'Silent failures: not judged, the log tells nothing of what was answered. Log a flag such as payload_valid, the body, or its size.'
  }
  if (examined === 0) {
    return 'Silent failures: only by answers that are far smaller than usual. Log a flag such as payload_valid, or the body, to see more.'
  }
  const part = examined < succeeded / 2 ? ' The rest only by its size, where the log has it.' : ''
  return `Silent failures: the log tells of ${formatShare(examined / succeeded)} of the ${formatAmount(succeeded, '2xx answer')} whether the payload is valid; ${formatCount(silent)} are not.${part}`
}

function describeErrors({ table }: Features): string {
  const { requests, judged, failed } = countKnown(table, null)
  if (judged === 0) return 'Errors: not judged, no request has a status.'
  return `Errors: ${formatShare(judged / requests)} of the requests have a known outcome; ${formatCount(failed)} ended in a server error or without an answer.`
}

function describeLatency({ table, latency }: Features): string {
  const { requests, timed, p50, p95 } = countKnown(table, null)
  if (timed === 0) return 'Latency: not judged, no request has a duration.'
  const judged = latency.slow.reduce((sum, slow) => sum + (slow === 2 ? 0 : 1), 0)
  const thin = timed - judged
  const rest = thin > 0 ? ` ${formatCount(thin)} are of endpoints too rare to say what is usual.` : ''
  return `Latency: ${formatShare(timed / requests)} of the requests have a duration; median ${formatCount(p50)} ms, p95 ${formatCount(p95)} ms.${rest}`
}

function describeTraffic(logs: Logs, { grid }: Features): string {
  if (logs.plannedTraffic) {
    return 'Traffic: that of the whole is not judged, since a test plan set it; the parts of it are, by their share.'
  }
  const span = grid.lastMs - grid.firstMs
  if (grid.phasesPerDay === 0) {
    return `Traffic: by the level around, since ${formatDuration(span)} are too short to learn the hours of the day (two days are needed).`
  }
  if (span < 2 * WEEK_MS) {
    return 'Traffic: by the hours of the day; for the days of the week two weeks are needed, so a quiet weekend may be told.'
  }
  return 'Traffic: by the hours of the day and the days of the week.'
}

function describeSlices({ sliceTable, table }: Features): string {
  const watched = new Set(sliceTable.slices.map(({ scope }) => scope.endpoint).filter((value) => value !== undefined))
  const endpoints = countValues(table.dimensions.endpoint)
  const rare = endpoints.filter(({ value, requests }) => !watched.has(value) && requests < table.rows).length
  const parts = formatAmount(sliceTable.slices.length - 1, 'part')
  const subject = rare === 1 ? '1 endpoint is' : `${formatCount(rare)} endpoints are`
  const rest = rare > 0 ? ` ${subject} too rare to be watched alone, and count in the whole.` : ''
  return `Parts: ${parts} of the log watched beside the whole.${rest}`
}

/** How long an endpoint must fail wholly until there are enough bad requests for an incident. */
function describeSmallest({ table, grid, sliceTable }: Features, { minimum }: Settings): string[] {
  const covered = grid.covered.reduce((sum, value) => sum + value, 0)
  const thin = sliceTable.slices
    .filter(({ scope, level }) => level === 1 && scope.endpoint !== undefined)
    .map(({ scope, requests }) => ({ endpoint: scope.endpoint ?? '', perWindow: requests / covered }))
    .filter(({ perWindow }) => perWindow < minimum.requests)
    .sort((a, b) => a.perWindow - b.perWindow)
  if (thin.length === 0 || table.rows === 0) return []
  const shown = thin.slice(0, MOST_SHOWN).map(({ endpoint, perWindow }) => {
    const windows = Math.ceil(minimum.requests / perWindow)
    return `${endpoint}: ${formatCount(perWindow)} requests a window; if all fail, it shows after ${formatDuration(windows * grid.windowMs)}.`
  })
  const more = thin.length - shown.length
  return [
    ...shown,
    ...(more > 0
      ? [`${formatAmount(more, 'more endpoint')} with fewer than ${minimum.requests} requests a window.`]
      : []),
  ]
}

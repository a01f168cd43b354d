import { formatDuration, formatShare } from './format.ts'
import type { Detected, Features, ShareFindings, Verdicts } from './types.ts'

/** What the note tells: an incident that lasts this many windows. */
const WINDOWS = 4
/** Beyond this share nothing is left to see. */
const INVISIBLE = 1

/**
 * Says the smallest error spike that could have been seen over a few windows of usual volume: in all traffic, in the
 * endpoint of middling traffic, and in the quietest one. What is smaller was not ruled out.
 */
export function describeVisibility(features: Features, found: Detected, verdicts: Verdicts): string[] {
  const errors = found.shares.get('server_error_share')
  const { grid, sliceTable, windows } = features
  if (errors === undefined || grid.windows < 2 * WINDOWS) return []
  const from = findUsual(windows.judged.subarray(0, grid.windows))
  const endpoints = sliceTable.slices
    .map(({ scope, level, requests }, slice) => ({
      slice,
      endpoint: level === 1 ? scope.endpoint : undefined,
      requests,
    }))
    .filter(({ endpoint }) => endpoint !== undefined)
    .sort((a, b) => b.requests - a.requests || a.slice - b.slice)
  const watched = [{ slice: 0, level: 0 as const, name: 'all traffic' }]
  const named = [endpoints[endpoints.length >> 1], endpoints.at(-1)].filter((entry) => entry !== undefined)
  const places = [
    ...watched,
    ...[...new Set(named)].map(({ slice, endpoint }) => ({ slice, level: 1 as const, name: `${endpoint}` })),
  ]
  const shares = places.map(({ slice, level, name }) => ({
    name,
    share: smallestSeen(errors, verdicts, slice, level, from),
  }))
  const seen = shares
    .filter(({ share }) => share <= INVISIBLE)
    .map(({ name, share }) => `${formatShare(share)} in ${name}`)
  const unseen = shares.filter(({ share }) => !(share <= INVISIBLE)).map(({ name }) => name)
  const lasting = formatDuration(WINDOWS * grid.windowMs)
  const notes: string[] = []
  if (seen.length > 0) notes.push(`An error spike of ${lasting} could have been seen from ${seen.join(', ')}.`)
  if (unseen.length > 0)
    notes.push(`In ${unseen.join(' and ')} an error spike of ${lasting} has too few requests to be seen at any share.`)
  return notes
}

/** The first of the windows whose volume is nearest to the usual one. */
function findUsual(requests: Uint32Array): number {
  const sums = Array.from({ length: requests.length - WINDOWS + 1 }, (_, w) =>
    requests.subarray(w, w + WINDOWS).reduce((sum, count) => sum + count, 0),
  )
  const usual = sums.toSorted((a, b) => a - b)[sums.length >> 1]
  return sums.indexOf(usual)
}

/** The smallest share of failing requests that is significant; above 1 where none is, NaN without requests. */
function smallestSeen(errors: ShareFindings, verdicts: Verdicts, slice: number, level: 0 | 1, from: number): number {
  const judge = errors.judges[slice]
  if (!judge) return Number.NaN
  const { total, share, precision } = judge.judge(from, from + WINDOWS)
  const limit = verdicts.threshold({ metric: 'server_error_share', level, from, to: from + WINDOWS })
  let passes = Math.floor(total * share)
  let rejected = total + 1
  while (rejected - passes > 1) {
    const middle = (passes + rejected) >>> 1
    if (errors.logP(middle, total, share, precision, true) <= limit) rejected = middle
    else passes = middle
  }
  return rejected / total
}

import { type Contributor, type Detected, DIMENSIONS, type Features } from '../types.ts'
import { type Draft, isShareMetric, isTraffic } from './draft.ts'
import { rowsOf } from './rows.ts'

const MOST_CONTRIBUTORS = 5
/** A contributor outside the scope is named when it has this much more of the excess than of the requests. */
const CONCENTRATION = 0.15

/**
 * Who has how much of the excess: the values that the scope names first, then those of other dimensions that have
 * clearly more of it than of the requests.
 */
export function listContributors(draft: Draft, features: Features, found: Detected): Contributor[] {
  const { table } = features
  const named: Contributor[] = []
  const other: Contributor[] = []
  const shares = isTraffic(draft) ? trafficShares(draft, features, found) : excessShares(draft, features)
  for (const dimension of DIMENSIONS) {
    if (table.dimensions[dimension].values.length <= 2) continue
    // Versions come and go by deployment: they explain no traffic.
    if (dimension === 'version' && isTraffic(draft)) continue
    for (const { value, excess, requests } of shares(dimension)) {
      const share = Math.min(1, Math.max(0, excess))
      if (draft.scope[dimension] === value) named.push({ dimension, value, share })
      else if (draft.scope[dimension] === undefined && share >= requests + CONCENTRATION)
        other.push({ dimension, value, share })
    }
  }
  const largest = (a: Contributor, b: Contributor) => b.share - a.share
  return [...named.sort(largest), ...other.sort(largest)].slice(0, MOST_CONTRIBUTORS)
}

type PartsOf = (dimension: (typeof DIMENSIONS)[number]) => { value: string; excess: number; requests: number }[]

/** Per value of a dimension its part of the bad requests in all of the interval that are beyond the expected share. */
function excessShares(draft: Draft, features: Features): PartsOf {
  const { table } = features
  const metric = draft.metric
  if (!isShareMetric(metric)) return () => []
  const test = features.shareTest(metric)
  const [first, end] = rowsOf(features, draft.from, draft.to)
  const inside = features.scopeTest(draft.scope)
  return (dimension) => {
    const { codes, values } = table.dimensions[dimension]
    const named = draft.scope[dimension] !== undefined
    const excess = new Float64Array(values.length)
    const requests = new Float64Array(values.length)
    let allExcess = 0
    let allRequests = 0
    for (let row = first; row < end; row++) {
      const outcome = test(row)
      // A dimension that the scope names is held against the whole, another one against the scope.
      if (outcome === -1 || (!named && !inside(row))) continue
      const more = outcome - draft.expected
      excess[codes[row]] += more
      requests[codes[row]]++
      allExcess += more
      allRequests++
    }
    return Array.from(values, (value, code) => ({
      value,
      excess: allExcess > 0 ? excess[code] / allExcess : 0,
      requests: requests[code] / Math.max(1, allRequests),
    })).filter(({ value }) => value !== '')
  }
}

function trafficShares(draft: Draft, features: Features, found: Detected): PartsOf {
  const expectedTraffic = found.trafficShares.expected
  const { slices } = features.sliceTable
  const { requests } = features.windows
  const change = (slice: number) => {
    let actual = 0
    for (let w = draft.from; w < draft.to; w++) actual += requests[slice * features.grid.windows + w]
    return expectedTraffic(slice, draft.from, draft.to) - actual
  }
  const whole = change(0)
  const wholeExpected = expectedTraffic(0, draft.from, draft.to)
  return (dimension) =>
    slices.flatMap(({ scope, level }, slice) => {
      const value = scope[dimension]
      if (level !== 1 || value === undefined) return []
      const part = expectedTraffic(slice, draft.from, draft.to) / Math.max(wholeExpected, 1e-9)
      return [{ value, excess: whole === 0 ? 0 : change(slice) / whole, requests: part }]
    })
}

import { formatAmount, formatCount, formatDuration, formatMs, formatScope, formatShare, formatTime } from '../format.ts'
import type { Contributor, Unit } from '../types.ts'
import { type Draft, isSlowOddity } from './draft.ts'

export interface ExplanationFacts {
  readonly draft: Draft
  readonly start: number
  readonly end: number
  /** True when the incident lasts to the end of the log. */
  readonly lasting: boolean
  /** Why payloads are invalid, most frequent first, with counts. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
  /** Medians of the scope in and outside the incident, ms; NaN unknown. */
  readonly medianMs: number
  readonly usualMs: number
  readonly contributors: readonly Contributor[]
  /** What `expected` was learnt from. */
  readonly baseline: string
}

/** One sentence for a person: what happened, where, how much against what was expected, since when. */
export function explain(facts: ExplanationFacts): string {
  const sentence = describe(facts)
  return sentence[0].toUpperCase() + sentence.slice(1)
}

function describe(facts: ExplanationFacts): string {
  const { draft } = facts
  const where = formatScope(draft.scope)
  const when = facts.lasting
    ? `since ${formatTime(facts.start)}, to the end of the log`
    : `from ${formatTime(facts.start)} for ${formatDuration(facts.end - facts.start)}`
  const source = facts.baseline === '' ? '' : ` by ${facts.baseline}`
  const band = draft.upper < draft.actual ? `; up to ${formatShare(draft.upper)} would pass` : ''
  const counts = `${formatCount(draft.affected)} of ${formatAmount(draft.support, 'request')}`
  if (draft.detectors[0] === 'objective' && draft.metric !== 'slow_share') {
    const what = draft.metric === 'silent_failure_share' ? 'answered 2xx with an invalid payload' : 'failed'
    return `${where} ${what} in ${counts} (${formatShare(draft.actual)}), more than the promised ${formatShare(draft.expected)}.`
  }
  const against = `(${formatShare(draft.actual)}; ${formatShare(draft.expected)} expected${source}${band})`
  switch (draft.metric) {
    case 'silent_failure_share': {
      const reasons = facts.reasons.slice(0, 2).map(countReason)
      const why = reasons.length > 0 ? `: ${reasons.join(', ')}` : ''
      return `${where} answered 2xx with an invalid payload in ${counts} ${against} ${when}${why}.`
    }
    case 'server_error_share':
      return `${where} failed with a server error or without an answer in ${counts} ${against} ${when}${topContributor(facts, 'the extra errors')}.`
    case 'client_error_share':
      return `${where} was answered with a 4xx in ${counts} ${against} ${when}${topContributor(facts, 'the extra client errors')}.`
    case 'slow_share':
      if (draft.detectors[0] === 'objective') {
        return `${where} had a p95 of ${formatMs(draft.actual)} where ${formatMs(draft.expected)} was promised: ${counts} were slower.`
      }
      return `${where} was slower than its endpoints' usual p90 in ${counts} ${against} ${when}; ${formatSlowdown(facts)}.`
    case 'requests':
    case 'traffic_share': {
      const change = `${draft.effect < 0 ? '−' : '+'}${formatCount(Math.round(Math.abs(draft.effect) * 100))} %`
      const expected = Math.max(
        0,
        draft.category === 'traffic_drop' ? draft.support + draft.affected : draft.support - draft.affected,
      )
      return `${where} had ${formatAmount(draft.support, 'request')} where about ${formatCount(expected)} were expected (${change}) ${when}${topContributor(facts, draft.category === 'traffic_drop' ? 'what is missing' : 'the surplus')}.`
    }
    case 'multivariate': {
      const readings = facts.reasons.map(({ reason }) => reason).join(', ')
      if (!Number.isFinite(draft.upper))
        return `${where} ranks among the forest's most unusual windows ${when}: ${readings}.`
      // Where a part of what is odd, or all around it, is told, the slice that is surest may lie farther off than it.
      const passing = draft.upper < draft.actual ? ` (${draft.upper.toFixed(1)} would pass)` : ''
      return `${where} had metrics that do not fit together ${when}: ${readings}; together they lie ${draft.actual.toFixed(1)} standard deviations off${passing}.`
    }
  }
}

/** What a reason says of the baseline stands beside the count: `field missing (1,302; 0 of 48,210 before)`. */
function countReason({ reason, count }: ExplanationFacts['reasons'][number]): string {
  const [, what, before] = /^(.*) \((\d[\d,]* of \d[\d,]* before)\)$/s.exec(reason) ?? [reason, reason]
  return `${what} (${formatCount(count)}${before === undefined ? '' : `; ${before}`})`
}

function formatSlowdown({ draft, usualMs, medianMs }: ExplanationFacts): string {
  const factor = `×${Number(draft.effect.toFixed(2))}`
  // Medians over a mix of endpoints say as much about the mix as about the latency.
  const what =
    draft.scope.endpoint === undefined
      ? `the median request took ${factor} of what is usual for its endpoint`
      : `the median went from ${formatMs(usualMs)} to ${formatMs(medianMs)} (${factor})`
  if (!isSlowOddity(draft)) return what
  return `${what}, more than its other metrics explain: together they lie ${draft.findings[0].actual.toFixed(1)} standard deviations off`
}

function topContributor({ contributors, draft }: ExplanationFacts, what: string): string {
  const first = contributors.find(({ dimension }) => draft.scope[dimension] === undefined)
  return first === undefined || first.share < 0.5
    ? ''
    : `; ${first.dimension} ${first.value} explains ${formatShare(first.share)} of ${what}`
}

/** The unit of a draft's actual and expected. A broken latency objective is told in milliseconds. */
export function unitOf({ metric, detectors }: Draft): Unit {
  if (metric === 'slow_share' && detectors[0] === 'objective') return 'ms'
  return metric === 'requests' ? 'requests' : metric === 'multivariate' ? 'sd' : 'share'
}

import { binomialUpperTail } from '../math/distributions.ts'
import { octaveOf } from '../math/octave.ts'
import { sum } from '../math/stats.ts'
import type {
  BrokenLatency,
  Finding,
  Objectives,
  ShareFindings,
  ShareJudge,
  ShareMetric,
  ShareSeries,
  Slice,
} from '../types.ts'
import type { ShareInput } from './share-input.ts'

/** So sure is an objective: its share is given, not learnt. */
const CERTAIN = 1e9
const FEWEST_REQUESTS = 5

/** Objectives on shares, by metric: is the share over the whole log above what was promised, beyond chance? */
export function detectObjectives(
  objectives: Objectives,
  slices: readonly Slice[],
  inputs: ReadonlyMap<ShareMetric, readonly (ShareInput | null)[]>,
): Map<ShareMetric, ShareFindings> {
  const promised: [ShareMetric, number][] = [
    ['server_error_share', objectives.errorShare],
    ['silent_failure_share', objectives.silentShare],
  ]
  const result = new Map<ShareMetric, ShareFindings>()
  for (const [metric, share] of promised) {
    const series = inputs.get(metric)
    if (!Number.isNaN(share) && series !== undefined) result.set(metric, judgeShare(metric, share, slices, series))
  }
  return result
}

function judgeShare(
  metric: ShareMetric,
  share: number,
  slices: readonly Slice[],
  inputs: readonly (ShareInput | null)[],
): ShareFindings {
  const fit = ({ bad, total }: ShareSeries): ShareJudge => ({
    judge: (from, to) => ({ bad: sum(bad, from, to), total: sum(total, from, to), share, precision: CERTAIN }),
  })
  const logP = (bad: number, total: number, expected: number, _precision: number, above: boolean) =>
    above ? Math.log(Math.max(1e-300, binomialUpperTail(bad, total, expected))) : 0
  const judges = inputs.map((input) => (input === null ? null : fit(input.series)))
  const findings: Finding[] = []
  const judged = [0, 0, 0]
  for (const [slice, judge] of judges.entries()) {
    const { level } = slices[slice]
    // A promise holds for the whole and for each of its parts, not for every pair of them.
    if (judge === null || level === 2) continue
    const windows = inputs[slice]!.series.total.length
    const { bad, total } = judge.judge(0, windows)
    if (total < FEWEST_REQUESTS) continue
    judged[level]++
    if (bad <= total * share) continue
    findings.push({
      category: metric === 'silent_failure_share' ? 'silent_failure' : 'error_spike',
      metric,
      detector: 'objective',
      slice,
      level,
      from: 0,
      to: windows,
      logP: logP(bad, total, share, CERTAIN, true),
      actual: bad / total,
      expected: share,
      support: total,
    })
  }
  const octave = octaveOf(inputs.find((input) => input !== null)?.series.total.length ?? 1)
  const tests = ([0, 1, 2] as const).map((level) => ({ metric, level, octave, judged: judged[level] }))
  return { findings, tests, judges, fit, logP }
}

/** @param durations known durations in ms by endpoint */
export function detectLatencyObjectives(
  objectives: Objectives,
  durations: (endpoint: string) => Float64Array,
): { broken: BrokenLatency[]; judged: number; notes: string[] } {
  const broken: BrokenLatency[] = []
  const notes: string[] = []
  let judged = 0
  for (const [endpoint, limitMs] of objectives.p95Ms) {
    const known = durations(endpoint)
    if (known.length < FEWEST_REQUESTS) {
      notes.push(
        `The p95 objective of ${endpoint} was not judged: ${known.length === 1 ? '1 request' : `${known.length} requests`} with a duration.`,
      )
      continue
    }
    judged++
    const slow = known.filter((duration) => duration > limitMs).length
    const p = binomialUpperTail(slow, known.length, 0.05)
    if (slow > 0.05 * known.length)
      broken.push({ endpoint, limitMs, slow, total: known.length, logP: Math.log(Math.max(1e-300, p)) })
  }
  return { broken, judged, notes }
}

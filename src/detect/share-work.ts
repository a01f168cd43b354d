/** The surveys of all metrics as work that threads share out among each other: one takes what nobody has taken yet. */
import type { ShareEvidence, ShareMetric, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { SHARE_KINDS } from './kinds.ts'
import { createShareSubject, type ShareSubject } from './share-input.ts'
import { type ShareSurvey, surveyShares } from './share-survey.ts'
import { createTrafficSubject } from './traffic-shares.ts'

/** What is to be surveyed; columns are windows × slices, as in a WindowTable. */
export type ShareTask = BadOfTotal | TrafficOfParent

export interface BadOfTotal {
  readonly metric: ShareMetric
  readonly bad: Uint32Array
  readonly total: Uint32Array
  /** Windows at the beginning that are not judged. */
  readonly warmUp: number
  /** Counts of each slice in the baseline log; null without one. */
  readonly baselines: readonly (ShareEvidence | null)[] | null
}

interface TrafficOfParent {
  readonly metric: 'traffic_share'
  readonly requests: Uint32Array
  /** Which of a slice's parents. */
  readonly parent: number
}

export interface ShareWork {
  readonly slices: readonly Slice[]
  readonly calendar: Calendar
  /** Those that take longest first. */
  readonly tasks: readonly ShareTask[]
  /** How many were taken, in shared memory. */
  readonly taken: Int32Array
}

/** Surveys by the number of their task. */
export type Surveys = ReadonlyMap<number, ShareSurvey>

/** Other threads that take their part of the work. What they took and could not finish is missing. */
export type Surveyor = (work: ShareWork) => Promise<Surveys>

/** A slice's traffic is judged given its first parent, and given its second. */
export const PARENTS = [0, 1] as const

/** Those that take longest first, so that nobody waits long for the last one. */
const IN_ORDER: readonly ShareMetric[] = [
  'slow_share',
  'silent_failure_share',
  'server_error_share',
  'client_error_share',
]

/** @param metrics that are judged beside the traffic */
export function createShareWork(
  slices: readonly Slice[],
  calendar: Calendar,
  requests: Uint32Array,
  metrics: readonly BadOfTotal[],
): ShareWork {
  const ofMetrics = IN_ORDER.flatMap((metric) => metrics.filter((task) => task.metric === metric))
  const tasks = [...PARENTS.map((parent) => ({ metric: 'traffic_share' as const, requests, parent })), ...ofMetrics]
  return { slices, calendar, tasks, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) }
}

/**
 * Begins the work in other threads.
 *
 * @param surveyor null: there are none
 * @returns does what is left in this thread, and gives all surveys in the order of their tasks
 */
export function beginSurveys(work: ShareWork, surveyor: Surveyor | null): () => Promise<ShareSurvey[]> {
  const helped = surveyor?.(work) ?? new Map()
  return async () => {
    const surveys = new Map([...surveyInTurn(work), ...(await helped)])
    return work.tasks.map((task, at) => surveys.get(at) ?? surveyShares(createSubject(work, task)))
  }
}

/** Takes one task after the other until all are taken. What a survey finds does not depend on who makes it. */
export function surveyInTurn(work: ShareWork): Surveys {
  const surveys = new Map<number, ShareSurvey>()
  for (let task = takeTask(work); task < work.tasks.length; task = takeTask(work))
    surveys.set(task, surveyShares(createSubject(work, work.tasks[task])))
  return surveys
}

const takeTask = ({ taken }: ShareWork) => Atomics.add(taken, 0, 1)

export function createSubject({ slices, calendar }: ShareWork, task: ShareTask): ShareSubject {
  if (task.metric === 'traffic_share') return createTrafficSubject(task.requests, slices, calendar, task.parent)
  const { windows } = calendar
  const { metric, warmUp, baselines } = task
  const seriesOf = (column: Uint32Array, slice: number) => {
    const counts = column.subarray(slice * windows, (slice + 1) * windows)
    return warmUp === 0 ? counts : counts.slice().fill(0, 0, warmUp)
  }
  return createShareSubject({
    kind: SHARE_KINDS[metric],
    slices,
    inputs: slices.map((_, slice) => ({
      series: { bad: seriesOf(task.bad, slice), total: seriesOf(task.total, slice) },
      baseline: baselines?.[slice] ?? null,
    })),
    calendar,
  })
}

/** The surveys of all metrics as work that threads share out among each other: one takes what nobody has taken yet. */
import type { ShareEvidence, ShareMetric, Slice } from '../types.ts'
import type { Calendar } from './calendar.ts'
import { SHARE_KINDS } from './kinds.ts'
import { createShareSubject, type ShareSubject } from './share-input.ts'
import { type ShareSurvey, surveyShares } from './share-survey.ts'
import { createTrafficSubject } from './traffic-shares.ts'

/** What is to be surveyed; columns are windows × slices, as in a WindowTable. */
export type ShareTask = BadOfTotal | TrafficOfParent

interface BadOfTotal {
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

export function createShareWork(slices: readonly Slice[], calendar: Calendar, tasks: readonly ShareTask[]): ShareWork {
  return { slices, calendar, tasks, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) }
}

/** Takes one task after the other until all are taken. What a survey finds does not depend on who makes it. */
export function surveyInTurn(work: ShareWork): Surveys {
  const surveys = new Map<number, ShareSurvey>()
  for (let task = takeTask(work); task < work.tasks.length; task = takeTask(work))
    surveys.set(task, surveyShares(createSubject(work, work.tasks[task])))
  return surveys
}

/** All surveys in the order of their tasks; those that are missing are made. */
export function completeSurveys(work: ShareWork, surveys: Surveys): ShareSurvey[] {
  return work.tasks.map((task, at) => surveys.get(at) ?? surveyShares(createSubject(work, task)))
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

/** What the project promises of its speed, each promise with the figure that keeps or breaks it. */
import { compareStages, findMeasurement, medianOf, medianStages } from './figures.ts'
import { digits, formatMb, formatSeconds } from './format.ts'
import { SUBJECT } from './parts.ts'
import type { Measurement, Results } from './results.ts'
import { marginalCosts, unevenness } from './statistics.ts'

export interface Outcome {
  readonly what: string
  readonly aim: string
  /** The figure in each engine; null where it was not measured, or the peer was not. */
  readonly bun: Figure | null
  readonly node: Figure | null
}

export interface Figure {
  readonly text: string
  readonly isMet: boolean
}

type Of = (measured: Measurement) => number

const JOB = { wall: 1 / 4, peak: 1 / 2 }
const LARGE = { stage: 1, total: 1 / 3, peakMb: 1500 }
const LARGE_FORMS = [
  { part: 'large-csv', name: '5 million rows of CSV' },
  { part: 'large-ndjson', name: '5 million rows of NDJSON' },
]
const GROWTH_FROM = 1_000_000
const MOST_UNEVEN = 0.2
const FOREST = { sklearn: 3, npm: 30 }
const ENGINE_SECONDS = 3
const START_SECONDS = 0.15

const wall: Of = (measured) => medianOf(measured, ({ wallSeconds }) => wallSeconds)
const peak: Of = (measured) => medianOf(measured, ({ peakMb }) => peakMb)
const stage =
  (name: 'read' | 'features'): Of =>
  (measured) =>
    medianOf(measured, (run) => compareStages(run)[name])

export function judgeTargets(results: Results): Outcome[] {
  return [
    ofNotebook(results, 'job', 'Whole job, 50,000 rows with charts: time', wall, JOB.wall),
    ofNotebook(results, 'job', 'Whole job, 50,000 rows with charts: peak memory', peak, JOB.peak),
    ...LARGE_FORMS.flatMap(({ part, name }) => [
      ofNotebook(results, part, `${name}: reading`, stage('read'), LARGE.stage),
      ofNotebook(results, part, `${name}: features`, stage('features'), LARGE.stage),
      ofNotebook(results, part, `${name}: total`, wall, LARGE.total),
      ofOwn(results, part, `${name}: peak memory`, peak, LARGE.peakMb, formatMb),
    ]),
    {
      what: 'Marginal cost of a row, 1 to 10 million',
      aim: `flat within ${100 * MOST_UNEVEN} %`,
      bun: judgeGrowth(results),
      node: null,
    },
    ofForest(results, 'scikit-learn, n_jobs=-1, 1 million × 8', SUBJECT.sklearn, 1_000_000, '', FOREST.sklearn),
    ofForest(results, '`ml-isolation-forest`, 50,000 × 8', SUBJECT.npm, 50_000, 'ml-isolation-forest', FOREST.npm),
    ofOwn(
      results,
      'engine',
      'Share engine: 12 regions × 400 endpoints × 2,000 windows',
      engineSeconds,
      ENGINE_SECONDS,
      formatSeconds,
    ),
    ofOwn(results, 'start', '`--help`', wall, START_SECONDS, formatSeconds),
  ]
}

/** All of the engine on the promised number of slices and windows, as bench/share-engine.ts says it. */
const engineSeconds: Of = (measured) =>
  [...medianStages(measured)].find(([name]) => /^12 regions.*: share engine$/.test(name))?.[1] ?? Number.NaN

/** Ours as a part of the notebook's, at most `most` of it. */
function ofNotebook(results: Results, part: string, what: string, of: Of, most: number): Outcome {
  const peer = findMeasurement(results, { part, subject: SUBJECT.notebook })
  const judge = (subject: string): Figure | null => {
    const ours = findMeasurement(results, { part, subject })
    if (ours === undefined || peer === undefined) return null
    const ratio = of(ours) / of(peer)
    return { text: `× ${digits(ratio)}`, isMet: ratio <= most }
  }
  return { what, aim: `at most × ${digits(most)} of the notebook`, bun: judge(SUBJECT.bun), node: judge(SUBJECT.node) }
}

function ofOwn(
  results: Results,
  part: string,
  what: string,
  of: Of,
  most: number,
  format: (value: number) => string,
): Outcome {
  const judge = (subject: string): Figure | null => {
    const ours = findMeasurement(results, { part, subject })
    return ours === undefined ? null : { text: format(of(ours)), isMet: of(ours) <= most }
  }
  return { what, aim: `at most ${format(most)}`, bun: judge(SUBJECT.bun), node: judge(SUBJECT.node) }
}

function ofForest(
  results: Results,
  name: string,
  subject: string,
  rows: number,
  engine: string,
  least: number,
): Outcome {
  const peer = forestSeconds(findMeasurement(results, { part: 'forest', subject, rows }), engine)
  const judge = (own: string): Figure | null => {
    const ours = forestSeconds(findMeasurement(results, { part: 'forest', subject: own, rows }), '')
    if (Number.isNaN(peer / ours)) return null
    return { text: `${digits(peer / ours)} ×`, isMet: peer / ours >= least }
  }
  return {
    what: `Isolation Forest, fit and score, against ${name}`,
    aim: `at least ${least} × faster`,
    bun: judge(SUBJECT.bun),
    node: judge(SUBJECT.node),
  }
}

/** Fit and score together of the engine whose name begins so; NaN when it was not measured. */
export function forestSeconds(measured: Measurement | undefined, engine: string): number {
  if (measured === undefined) return Number.NaN
  const stages = [...medianStages(measured)].filter(([name]) => name.startsWith(engine))
  return stages.length === 0 ? Number.NaN : stages.reduce((sum, [, seconds]) => sum + seconds, 0)
}

/** Sizes of the growth part that the promise is about, with the median time. */
function judgeGrowth({ measurements }: Results): Figure | null {
  const points = measurements
    .filter(({ part, subject, rows }) => part === 'growth' && subject === SUBJECT.bun && rows >= GROWTH_FROM)
    .map((measured) => ({ rows: measured.rows, cost: wall(measured) }))
  if (points.length < 3) return null
  const uneven = unevenness(marginalCosts(points))
  return { text: `${digits(100 * uneven)} %`, isMet: uneven <= MOST_UNEVEN }
}

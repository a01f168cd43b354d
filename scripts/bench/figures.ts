/** Figures drawn from measurements: medians of runs, and our stages and the notebook's brought together. */
import type { Measurement, Results, Run } from './results.ts'
import { median } from './statistics.ts'

export interface Wanted {
  readonly part: string
  readonly subject: string
  readonly rows?: number
}

/** The measurement of that, undefined when it was not taken. */
export function findMeasurement({ measurements }: Results, wanted: Wanted): Measurement | undefined {
  return measurements.find(
    ({ part, subject, rows }) =>
      part === wanted.part && subject === wanted.subject && (wanted.rows === undefined || rows === wanted.rows),
  )
}

export function medianOf({ runs }: Measurement, figure: (run: Run) => number): number {
  return median(runs.map(figure))
}

/** Median seconds by stage. A stage that no run names is not there. */
export function medianStages({ runs }: Measurement): ReadonlyMap<string, number> {
  const names = new Set(runs.flatMap(({ stages }) => Object.keys(stages)))
  return new Map([...names].map((name) => [name, median(runs.map(({ stages }) => stages[name] ?? 0))]))
}

/** The stages that are compared one by one, in the order of the job. They add up to `total`. */
export const COMPARED = ['read', 'features', 'forest', 'forecast', 'judge', 'charts', 'rest', 'total'] as const
export type Compared = (typeof COMPARED)[number]

/** Seconds of the compared stages of one run, of ours or of the notebook's. */
export function compareStages({ stages, wallSeconds }: Run): Readonly<Record<Compared, number>> {
  const of = (name: string) => stages[name] ?? 0
  const isNotebook = 'import' in stages
  const known = {
    read: of('read'),
    features: of('features'),
    forest: of('forest'),
    forecast: of('forecast'),
    judge: isNotebook ? of('rules') + of('merge') : of('detect') - of('forest') - of('forecast') + of('merge'),
    charts: isNotebook ? of('charts') : of('summarise') + of('charts'),
  }
  const rest = wallSeconds - Object.values(known).reduce((sum, seconds) => sum + seconds, 0)
  return { ...known, rest, total: wallSeconds }
}

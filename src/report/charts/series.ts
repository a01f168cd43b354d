/** Columns of numbers over time as lines and bands, with gaps where a number is missing. */
import type { Area, Box, Line, Point } from '../../picture/shapes.ts'
import { pixel, type Span } from './span.ts'

/** How columns lie in a plot. */
export interface Layout {
  readonly plot: Box
  readonly span: Span
  /** The value at the plot's upper edge; zero is at its lower. */
  readonly top: number
  /** Where the points begin. They stand in the middle of what they stand for. */
  readonly time: Float64Array
  readonly pointMs: number
}

/** A line through the values. One between two gaps is a line as long as its time. */
export function lineOf(values: Float64Array, layout: Layout, style: Omit<Line, 'kind' | 'paths'>): Line {
  const runs = findRuns(values.length, (i) => Number.isFinite(values[i]))
  return { kind: 'line', paths: runs.map((run) => pointsOf(run, values, layout)), ...style }
}

/** The area between two columns. */
export function bandOf(
  lower: Float64Array,
  upper: Float64Array,
  layout: Layout,
  style: Omit<Area, 'kind' | 'polygons'>,
): Area {
  const runs = findRuns(lower.length, (i) => Number.isFinite(lower[i]) && Number.isFinite(upper[i]))
  const polygons = runs.map((run) => [...pointsOf(run, upper, layout), ...pointsOf(run, lower, layout).reverse()])
  return { kind: 'area', polygons, ...style }
}

/** The largest finite number of the columns, 0 without any. */
export function highestOf(...columns: readonly Float64Array[]): number {
  return columns.reduce(
    (most, values) => values.reduce((high, value) => (Number.isFinite(value) ? Math.max(high, value) : high), most),
    0,
  )
}

/** A run of neighbours from `first` to before `end`. */
interface Run {
  readonly first: number
  readonly end: number
}

function findRuns(length: number, isKnown: (i: number) => boolean): Run[] {
  const runs: Run[] = []
  for (let first = 0, end = 0; first < length; first = end + 1) {
    end = first
    while (end < length && isKnown(end)) end++
    if (end > first) runs.push({ first, end })
  }
  return runs
}

function pointsOf({ first, end }: Run, values: Float64Array, { plot, span, top, time, pointMs }: Layout): Point[] {
  const x = (at: number) => plot.x + pixel(Math.min(at, span.end), span, plot.width)
  const y = (value: number) => plot.y + plot.height * (1 - value / top)
  if (end - first === 1) {
    return [
      [x(time[first]), y(values[first])],
      [x(time[first] + pointMs), y(values[first])],
    ]
  }
  const points: Point[] = []
  for (let i = first; i < end; i++) points.push([x(time[i] + pointMs / 2), y(values[i])])
  return points
}

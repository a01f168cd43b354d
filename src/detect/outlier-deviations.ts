import type { Calendar } from './calendar.ts'
import { findAxes, project } from './coordinates.ts'
import type { OutlierInput } from './outlier-input.ts'
import type { MetricDeviations } from './outlier-parts.ts'
import { buildBlocks, listEpisodes, measureShape } from './outlier-shape.ts'
import { measureResiduals } from './residuals.ts'

/** Blocks of so many windows tell episodes. */
const EPISODE_LENGTH = 2

/** How far a slice's metrics are off their usual course, by window. */
export interface Deviations {
  readonly metrics: readonly (MetricDeviations & { readonly name: string })[]
  /** The metrics' deviations, and the same along axes whose noise is apart. */
  readonly columns: Float64Array[]
  readonly coordinates: Float64Array[]
}

/**
 * Measures twice: what lasts and is far out the first time is no example of what is usual the second time. Of three other
 * weekend days two may have incidents at one hour, and their median would be one of these.
 *
 * @returns null when fewer than two metrics vary in enough windows
 */
export function measureDeviations(input: OutlierInput, calendar: Calendar): Deviations | null {
  const before = measure(input, calendar, null)
  if (before === null) return null
  const shape = measureShape(buildBlocks(input, before.columns, before.coordinates, EPISODE_LENGTH))
  const episodes = shape === null ? [] : listEpisodes(shape.distances, shape.yardstick)
  if (shape === null || episodes.length === 0) return before
  const { from } = shape.blocks
  const isUsual = new Uint8Array(before.columns[0].length).fill(1)
  for (const { first, end } of episodes) isUsual.fill(0, from[first], from[end - 1] + EPISODE_LENGTH)
  return measure(input, calendar, isUsual)
}

function measure(input: OutlierInput, calendar: Calendar, isUsual: Uint8Array | null): Deviations | null {
  const { requests } = input
  const measured = input.metrics.map(({ values }) => measureResiduals(values, requests, calendar, isUsual))
  const kept = measured.flatMap((known, i) => (known === null ? [] : [{ ...input.metrics[i], ...known }]))
  if (kept.length < 2) return null
  const columns = kept.map(({ deviations }) => deviations)
  return {
    metrics: kept.map(({ name, isLatency, deviations }) => ({ name, isLatency, values: deviations })),
    columns,
    coordinates: separate(kept, requests, calendar, isUsual) ?? columns,
  }
}

/**
 * Deviations along axes whose noise is apart. Each axis has its own usual course: what the metrics share would leave
 * more of itself between the medians of each.
 */
function separate(
  metrics: readonly { readonly values: Float64Array; readonly off: Float64Array }[],
  requests: ArrayLike<number>,
  calendar: Calendar,
  isUsual: Uint8Array | null,
): Float64Array[] | null {
  const axes = findAxes(
    metrics.map(({ off }) => off),
    requests,
  )
  if (axes === null) return null
  const values = metrics.map((metric) => metric.values)
  const coordinates = axes.flatMap((axis) => measureResiduals(project(values, axis), requests, calendar, isUsual) ?? [])
  return coordinates.length < axes.length ? null : coordinates.map(({ deviations }) => deviations)
}

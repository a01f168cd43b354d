import { type Box, centredText, type Group, type Shape } from '../../picture/shapes.ts'
import { AXIS, LABEL, MUTED, RULE, rule } from './frame.ts'
import { pixel, type Span } from './span.ts'
import { timeTickLabel, timeTicks } from './time-axis.ts'
import type { ValueScale } from './value-scale.ts'

const MOST_TIME_TICKS = 15
const TICK = 5
/** From the axis to the middle of the first line of labels, from line to line, and to the axis' name. */
const BELOW = { label: 17, line: 17, name: 54 }
/** From a value axis to the end of its labels, and to the middle of its name. */
const BESIDE = { label: 8, name: 66 }

/** The time axis of all charts: round UTC ticks, named as UTC. */
export function drawTimeAxis(plot: Box, span: Span): Group {
  const bottom = plot.y + plot.height
  const ticks = timeTicks(span.start, span.end, MOST_TIME_TICKS)
  const shapes: Shape[] = [rule(plot.x, bottom, plot.width, AXIS)]
  for (const time of ticks) {
    const x = plot.x + pixel(time, span, plot.width)
    const lines = timeTickLabel(time, ticks).split('\n')
    shapes.push(
      { kind: 'rect', x: Math.round(x), y: bottom, width: 1, height: TICK, fill: AXIS },
      ...lines.map((line, i) =>
        centredText(line, x, bottom + BELOW.label + i * BELOW.line, { ...LABEL, anchor: 'middle' }),
      ),
    )
  }
  return { kind: 'group', name: 'time axis', shapes: [...shapes, nameBelow('Time (UTC)', plot)] }
}

/** An axis' name under the middle of the plot. */
export function nameBelow(name: string, plot: Box, distance = BELOW.name): Shape {
  const style = { size: LABEL.size, fill: MUTED, anchor: 'middle' } as const
  return centredText(name, plot.x + plot.width / 2, plot.y + plot.height + distance, style)
}

/** Thin lines from the top of the plot to the ticks of its time axis. */
export function drawTimeRules(plot: Box, span: Span): Group {
  const shapes = timeTicks(span.start, span.end, MOST_TIME_TICKS).map((time): Shape => {
    const x = Math.round(plot.x + pixel(time, span, plot.width))
    return { kind: 'rect', x, y: plot.y, width: 1, height: plot.height, fill: '#F0F0F0' }
  })
  return { kind: 'group', name: 'time rules', shapes }
}

/**
 * A value axis from zero with a line across the plot at each tick, and its name and unit beside it.
 *
 * @param nameAt from the axis to the name
 */
export function drawValueAxis(
  plot: Box,
  { ticks, top }: ValueScale,
  name: string,
  format: (value: number) => string,
  nameAt = BESIDE.name,
): Group {
  const shapes = ticks.flatMap((value) => {
    const y = plot.y + plot.height * (1 - value / top)
    const label = centredText(format(value), plot.x - BESIDE.label, y, { ...LABEL, anchor: 'end' })
    return value === 0 ? [label] : [rule(plot.x, Math.round(y), plot.width, RULE), label]
  })
  const middle = plot.y + plot.height / 2
  const { size } = LABEL
  const title = { kind: 'text', text: name, x: plot.x - nameAt, y: middle, size, fill: MUTED } as const
  return { kind: 'group', name: 'value axis', shapes: [...shapes, { ...title, anchor: 'middle', upwards: true }] }
}

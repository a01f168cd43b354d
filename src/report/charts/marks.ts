/** Incidents as bars above a plot, with their span shaded in it. */
import { incidentTitle } from '../../format.ts'
import { type Box, centredText, type Group, type Shape } from '../../picture/shapes.ts'
import { type Incident, SEVERITIES, type Severity } from '../../types.ts'
import { SEVERITY_COLOURS } from './colours.ts'
import { type LegendEntry, TEXT } from './frame.ts'
import { type Placed, placeInLanes } from './lanes.ts'
import { pixel, type Span } from './span.ts'
import { chartText, textWidth } from './text.ts'

const LANE_HEIGHT = 19
const MAX_LANES = 4
const FONT_SIZE = 12
const SHADE = 0.18
/** A colour for all, with the severity in the label, where the plot's own colours have a meaning. */
const NEUTRAL = '#4A4A4A'

interface IncidentMarks {
  readonly placed: readonly Placed<Incident>[]
  readonly neutral: boolean
  /** What the bars need above the plot. */
  readonly height: number
  /** Incidents for which there was no room. */
  readonly hidden: number
  readonly legend: readonly LegendEntry[]
}

/**
 * Places incidents, worst first.
 *
 * @param width of the plot
 */
export function placeMarks(
  incidents: readonly Incident[],
  span: Span,
  width: number,
  { neutral = false } = {},
): IncidentMarks {
  const { placed, count, hidden } = placeInLanes(incidents, {
    width,
    maxLanes: MAX_LANES,
    position: ({ start, end }) => ({ left: pixel(start, span, width), right: pixel(end, span, width) }),
    label: (incident) =>
      chartText(`${incident.id} ${incidentTitle(incident)}${neutral ? `, ${incident.severity}` : ''}`, 40),
    labelWidth: (label) => textWidth(label, FONT_SIZE),
  })
  const height = count === 0 ? 0 : count * LANE_HEIGHT + 8
  return { placed, neutral, height, hidden, legend: nameColours(placed, neutral) }
}

function nameColours(placed: readonly Placed<Incident>[], neutral: boolean): LegendEntry[] {
  if (neutral) return placed.length === 0 ? [] : [{ name: 'incident', icon: 'area', colour: NEUTRAL }]
  const used = (severity: Severity) => placed.some(({ item }) => item.severity === severity)
  return SEVERITIES.filter(used).map((severity) => {
    return { name: `${severity} incident`, icon: 'area', colour: SEVERITY_COLOURS[severity] }
  })
}

/** The marks of a plot. What they shade lies under its data when they are drawn before that. */
export function drawMarks({ placed, neutral }: IncidentMarks, plot: Box, span: Span): Group {
  const shapes = placed.flatMap((mark): Shape[] => {
    const { item, lane, left, right, label, labelAt, align } = mark
    const fill = neutral ? NEUTRAL : SEVERITY_COLOURS[item.severity]
    const top = plot.y - (lane + 1) * LANE_HEIGHT
    const shadeRight = Math.min(plot.width, Math.max(pixel(item.end, span, plot.width), left + 1.5))
    const shade = { kind: 'rect', ...plot, x: plot.x + left, width: shadeRight - left, fill, opacity: SHADE } as const
    return [
      ...(neutral ? [] : [shade]),
      { kind: 'rect', x: plot.x + left, y: top + 1, width: right - left, height: LANE_HEIGHT - 4, radius: 2, fill },
      centredText(label, plot.x + labelAt, top + LANE_HEIGHT / 2 - 1, { size: FONT_SIZE, fill: TEXT, anchor: align }),
    ]
  })
  return { kind: 'group', name: 'incidents', shapes }
}

/** `5 incidents marked`, `40 incidents marked, 12 more in incidents.json`, `no incident to mark`. */
export function markedClause(total: number, hidden: number, noun = 'incident'): string {
  const shown = total - hidden
  if (total === 0) return `no ${noun} to mark`
  const marked = `${shown} ${shown === 1 ? noun : `${noun}s`} marked`
  return hidden === 0 ? marked : `${marked}, ${hidden} more in incidents.json`
}

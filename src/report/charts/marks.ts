import type { CustomSeriesOption } from 'echarts/charts'
import { incidentTitle } from '../../format.ts'
import { type Incident, SEVERITIES } from '../../types.ts'
import { SEVERITY_COLOURS } from './colours.ts'
import { chartText, FONT, type LegendEntry, type Span, TEXT, textWidth } from './frame.ts'
import { type Placed, placeInLanes } from './lanes.ts'

const LANE_HEIGHT = 19
const MAX_LANES = 4
const FONT_SIZE = 12

/** Incidents as bars above a plot, with their span shaded in it. */
interface IncidentMarks {
  readonly series: CustomSeriesOption[]
  /** Pixels that the bars need above the plot. */
  readonly height: number
  /** Incidents for which there was no room. */
  readonly hidden: number
  readonly legend: readonly LegendEntry[]
}

/** A colour for all, with the severity in the label, where the plot's own colours have a meaning. */
const NEUTRAL = '#4A4A4A'

/**
 * Marks for the incidents, worst first; a series per severity, so that the legend explains the colours.
 *
 * @param width of the plot in pixels
 */
export function markIncidents(
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
  const groups = neutral
    ? [{ name: 'incident', colour: NEUTRAL, shade: 0, placed }]
    : SEVERITIES.map((severity) => ({
        name: `${severity} incident`,
        colour: SEVERITY_COLOURS[severity],
        shade: 0.18,
        placed: placed.filter(({ item }) => item.severity === severity),
      }))
  const used = groups.filter((group) => group.placed.length > 0)
  return {
    series: used.map((group) => marksOf(group, span, width)),
    height: count === 0 ? 0 : count * LANE_HEIGHT + 8,
    hidden,
    legend: used.map(({ name }) => ({ name, icon: 'area' })),
  }
}

interface MarkGroup {
  readonly name: string
  readonly colour: string
  /** Opacity of the span within the plot. */
  readonly shade: number
  readonly placed: readonly Placed<Incident>[]
}

/** Where a time lies, in pixels from the plot's left edge. */
export function pixel(time: number, { start, end }: Span, width: number): number {
  return ((time - start) / (end - start)) * width
}

function marksOf({ name, colour, shade, placed }: MarkGroup, span: Span, width: number): CustomSeriesOption {
  return {
    type: 'custom',
    name,
    itemStyle: { color: colour },
    silent: true,
    clip: false,
    z: 1,
    data: placed.map(({ item }) => [Math.max(item.start, span.start), 0]),
    renderItem: (params) => {
      const { x = 0, y = 0, height = 0 } = plotOf(params.coordSys)
      const mark = placed[params.dataIndex]
      const top = y - (mark.lane + 1) * LANE_HEIGHT
      const shadeRight = Math.max(pixel(mark.item.end, span, width), mark.left + 1.5)
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: x + mark.left, y, width: Math.min(shadeRight, width) - mark.left, height },
            style: { fill: colour, opacity: shade },
          },
          {
            type: 'rect',
            shape: { x: x + mark.left, y: top + 1, width: mark.right - mark.left, height: LANE_HEIGHT - 4, r: 2 },
            style: { fill: colour },
          },
          {
            type: 'text',
            style: {
              text: mark.label,
              x: x + mark.labelAt,
              align: mark.align,
              y: top + LANE_HEIGHT / 2 - 1,
              verticalAlign: 'middle',
              fontSize: FONT_SIZE,
              fontFamily: FONT,
              fill: TEXT,
            },
          },
        ],
      }
    },
  }
}

/** ECharts types a coordinate system by its name alone; a grid has these. */
export function plotOf(coordSys: object): { x?: number; y?: number; width?: number; height?: number } {
  return coordSys
}

/** `5 incidents marked`, `40 incidents marked, 12 more in incidents.json`, `no incident to mark`. */
export function markedClause(total: number, hidden: number, noun = 'incident'): string {
  const shown = total - hidden
  if (total === 0) return `no ${noun} to mark`
  const marked = `${shown} ${shown === 1 ? noun : `${noun}s`} marked`
  return hidden === 0 ? marked : `${marked}, ${hidden} more in incidents.json`
}

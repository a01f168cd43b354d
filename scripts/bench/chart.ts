/** Time and memory against rows, drawn as the reports' charts are. */
import { type Box, centredText, type Group, type Picture, type Point, type Shape } from '../../src/picture/shapes.ts'
import { drawValueAxis, nameBelow } from '../../src/report/charts/axes.ts'
import { COLOURS } from '../../src/report/charts/colours.ts'
import { AXIS, drawLegend, drawTitle, LABEL, RULE, rule, WIDTH } from '../../src/report/charts/frame.ts'
import { scaleValues, type ValueScale } from '../../src/report/charts/value-scale.ts'
import { medianOf } from './figures.ts'
import { SUBJECT } from './parts.ts'
import type { Measurement, Results } from './results.ts'
import { marginalCosts } from './statistics.ts'

const HEIGHT = 560
const PANEL = { left: 88, gap: 100, right: 36, top: 126, bottom: 70 }
const TITLE = 'Time and memory against rows'
const LINES = [
  { subject: SUBJECT.bun, name: 'api-anomaly (Bun)', colour: COLOURS.blue, icon: 'solid', dash: null },
  { subject: SUBJECT.notebook, name: 'notebook', colour: COLOURS.orange, icon: 'dashed', dash: [8, 4] },
] as const

const seconds = (measured: Measurement) => medianOf(measured, ({ wallSeconds }) => wallSeconds)

/** What each panel shows of one subject's measurements, which come in ascending order of rows. */
const PANELS: readonly { readonly name: string; readonly points: (of: readonly Measurement[]) => number[][] }[] = [
  { name: 'Seconds', points: (of) => of.map((one) => [one.rows / 1e6, seconds(one)]) },
  {
    name: 'Peak memory, GB',
    points: (of) => of.map((one) => [one.rows / 1e6, medianOf(one, ({ peakMb }) => peakMb) / 1000]),
  },
  {
    name: 'One more row, µs',
    points: (of) =>
      marginalCosts(of.map((one) => ({ rows: one.rows, cost: seconds(one) }))).map((cost, i) => [
        of[i + 1].rows / 1e6,
        cost * 1e6,
      ]),
  },
]
const PANEL_WIDTH = (WIDTH - PANEL.left - (PANELS.length - 1) * PANEL.gap - PANEL.right) / PANELS.length

/** The chart, null when growth was not measured. */
export function drawGrowth({ measurements }: Results): Picture | null {
  const growth = measurements.filter(({ part }) => part === 'growth').toSorted((a, b) => a.rows - b.rows)
  const lines = LINES.filter(({ subject }) => growth.some((measured) => measured.subject === subject))
  if (lines.length === 0) return null
  const across = scaleValues(Math.max(...growth.map(({ rows }) => rows)) / 1e6, 0.1)
  const subtitle = 'The whole job on CSV, with charts; medians; one more row: between the size to the left and this one'
  return {
    title: TITLE,
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      drawTitle(TITLE, subtitle),
      drawLegend(lines),
      ...PANELS.flatMap(({ name, points }, panel) => {
        const x = PANEL.left + panel * (PANEL_WIDTH + PANEL.gap)
        const plot = { x, y: PANEL.top, width: PANEL_WIDTH, height: HEIGHT - PANEL.top - PANEL.bottom }
        const columns = lines.map(({ subject }) => points(growth.filter((measured) => measured.subject === subject)))
        const up = scaleValues(Math.max(...columns.flat().map(([, y]) => y)), 0.1)
        return [
          drawRowsAxis(plot, across),
          drawValueAxis(plot, up, name, String, 46),
          ...lines.flatMap(({ colour, dash }, i) => drawPoints(plot, across, up, columns[i], colour, dash)),
        ]
      }),
    ],
  }
}

function drawRowsAxis(plot: Box, { ticks, top }: ValueScale): Group {
  const bottom = plot.y + plot.height
  const shapes = ticks.flatMap((value): Shape[] => {
    const x = Math.round(plot.x + (value / top) * plot.width)
    return [
      { kind: 'rect', x, y: plot.y, width: 1, height: plot.height, fill: RULE },
      centredText(String(value), x, bottom + 16, { ...LABEL, anchor: 'middle' }),
    ]
  })
  const line = rule(plot.x, bottom, plot.width, AXIS)
  return { kind: 'group', name: 'rows axis', shapes: [...shapes, line, nameBelow('Million rows', plot, 40)] }
}

/** Points with a line through them. */
function drawPoints(
  plot: Box,
  across: ValueScale,
  up: ValueScale,
  values: readonly number[][],
  colour: string,
  dash: readonly [number, number] | null,
): Shape[] {
  const points = values.map(
    ([x, y]): Point => [plot.x + (x / across.top) * plot.width, plot.y + plot.height * (1 - y / up.top)],
  )
  return [
    { kind: 'line', paths: [points], stroke: colour, width: 2, ...(dash === null ? {} : { dash }) },
    ...points.map(([x, y]): Shape => {
      return { kind: 'rect', x: x - 3.5, y: y - 3.5, width: 7, height: 7, radius: 3.5, fill: colour }
    }),
  ]
}

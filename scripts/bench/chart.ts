/** Time and memory against rows, drawn as the reports' charts are. */
import { COLOURS } from '../../src/report/charts/colours.ts'
import { type Drawing, FONT, frame, legend, RULE, TEXT, valueAxis, WIDTH } from '../../src/report/charts/frame.ts'
import { renderSvg } from '../../src/report/charts/svg.ts'
import { medianOf } from './figures.ts'
import { SUBJECT } from './parts.ts'
import type { Measurement, Results } from './results.ts'
import { marginalCosts } from './statistics.ts'

const HEIGHT = 560
const PANEL = { left: 88, gap: 100, right: 36, top: 126, bottom: 70 }
const TITLE = 'Time and memory against rows'
const LINES = [
  { subject: SUBJECT.bun, name: 'api-anomaly (Bun)', color: COLOURS.blue, icon: 'solid', type: 'solid' },
  { subject: SUBJECT.notebook, name: 'notebook', color: COLOURS.orange, icon: 'dashed', type: 'dashed' },
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

/** The SVG, null when growth was not measured. */
export function drawGrowth({ measurements }: Results): string | null {
  const growth = measurements.filter(({ part }) => part === 'growth').toSorted((a, b) => a.rows - b.rows)
  const lines = LINES.filter(({ subject }) => growth.some((measured) => measured.subject === subject))
  if (lines.length === 0) return null
  const most = Math.max(...growth.map(({ rows }) => rows)) / 1e6
  const drawing: Drawing = {
    title: TITLE,
    height: HEIGHT,
    option: {
      ...frame(
        TITLE,
        'The whole job on CSV, with charts; medians; one more row: between the size to the left and this one',
      ),
      legend: legend(lines.map(({ name, icon }) => ({ name, icon }))),
      grid: PANELS.map((_, panel) => ({
        left: PANEL.left + panel * (PANEL_WIDTH + PANEL.gap),
        width: PANEL_WIDTH,
        top: PANEL.top,
        bottom: PANEL.bottom,
        outerBoundsMode: 'none',
      })),
      xAxis: PANELS.map((_, panel) => ({
        type: 'value',
        gridIndex: panel,
        min: 0,
        max: most,
        name: 'Million rows',
        nameLocation: 'middle',
        nameGap: 34,
        nameTextStyle: { fontSize: 13, color: TEXT, fontFamily: FONT },
        axisLabel: { fontSize: 13, color: TEXT },
        splitLine: { lineStyle: { color: RULE } },
      })),
      yAxis: PANELS.map(({ name }, panel) => ({ ...valueAxis(name, String), nameGap: 44, gridIndex: panel })),
      series: PANELS.flatMap(({ points }, panel) =>
        lines.map(({ subject, name, color, type }) => ({
          type: 'line' as const,
          name,
          xAxisIndex: panel,
          yAxisIndex: panel,
          data: points(growth.filter((measured) => measured.subject === subject)),
          symbol: 'circle',
          symbolSize: 7,
          silent: true,
          lineStyle: { width: 2, color, type },
          itemStyle: { color },
        })),
      ),
    },
  }
  return renderSvg(drawing)
}

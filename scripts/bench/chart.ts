/** Time and memory against rows, drawn as the reports' charts are. */
import { COLOURS } from '../../src/report/charts/colours.ts'
import { type Drawing, FONT, frame, legend, RULE, TEXT, valueAxis, WIDTH } from '../../src/report/charts/frame.ts'
import { renderSvg } from '../../src/report/charts/svg.ts'
import { medianOf } from './figures.ts'
import { SUBJECT } from './parts.ts'
import type { Measurement, Results } from './results.ts'

const HEIGHT = 560
const PANEL = { left: 92, gap: 112, right: 36, top: 126, bottom: 70 }
const PANEL_WIDTH = (WIDTH - PANEL.left - PANEL.gap - PANEL.right) / 2
const TITLE = 'Time and memory against rows'
const LINES = [
  { subject: SUBJECT.bun, name: 'api-anomaly (Bun)', color: COLOURS.blue, icon: 'solid', type: 'solid' },
  { subject: SUBJECT.notebook, name: 'notebook', color: COLOURS.orange, icon: 'dashed', type: 'dashed' },
] as const

/** The SVG, null when growth was not measured. */
export function drawGrowth({ measurements }: Results): string | null {
  const growth = measurements.filter(({ part }) => part === 'growth').toSorted((a, b) => a.rows - b.rows)
  const lines = LINES.filter(({ subject }) => growth.some((measured) => measured.subject === subject))
  if (lines.length === 0) return null
  const most = Math.max(...growth.map(({ rows }) => rows)) / 1e6
  const panels: readonly ((measured: Measurement) => number)[] = [
    (measured) => medianOf(measured, ({ wallSeconds }) => wallSeconds),
    (measured) => medianOf(measured, ({ peakMb }) => peakMb) / 1000,
  ]
  const drawing: Drawing = {
    title: TITLE,
    height: HEIGHT,
    option: {
      ...frame(TITLE, 'The whole job on CSV, with charts; medians; each dot a size that was measured'),
      legend: legend(lines.map(({ name, icon }) => ({ name, icon }))),
      grid: panels.map((_, panel) => ({
        left: PANEL.left + panel * (PANEL_WIDTH + PANEL.gap),
        width: PANEL_WIDTH,
        top: PANEL.top,
        bottom: PANEL.bottom,
        outerBoundsMode: 'none',
      })),
      xAxis: panels.map((_, panel) => ({
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
      yAxis: [
        { ...valueAxis('Seconds', String), gridIndex: 0 },
        { ...valueAxis('Peak memory, GB', String), gridIndex: 1 },
      ],
      series: panels.flatMap((value, panel) =>
        lines.map(({ subject, name, color, type }) => ({
          type: 'line' as const,
          name,
          xAxisIndex: panel,
          yAxisIndex: panel,
          data: growth
            .filter((measured) => measured.subject === subject)
            .map((measured) => [measured.rows / 1e6, value(measured)]),
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

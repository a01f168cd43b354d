import type { BarSeriesOption } from 'echarts/charts'
import type { GraphicComponentOption } from 'echarts/components'
import { categoryTitle, formatAmount, formatCount } from '../../format.ts'
import type { Category, ChartData } from '../../types.ts'
import { CATEGORY_COLOURS } from './colours.ts'
import { type Drawing, emptyDrawing, FONT, fitText, frame, MARGIN, RULE, TEXT, textWidth, WIDTH } from './frame.ts'

const TITLE = 'Anomalies by service'
const LEFT = 190
const TOP = 122
const ROW_HEIGHT = 34
const PANEL_GAP = 24
const VALUE_SIZE = 13
const MAX_SERVICES = 15
const CATEGORIES: readonly Category[] = [
  'silent_failure',
  'error_spike',
  'latency_surge',
  'traffic_drop',
  'traffic_surge',
  'outlier',
]
/**
 * A bar per service in one panel per category. Side by side rather than stacked: hundreds of silent failures and one
 * incident cannot share a scale, and a panel's heading needs no colour to be read.
 */
export function drawAnomaliesByService({ series, tests }: ChartData): Drawing {
  const services = series.anomaliesByService.slice(0, MAX_SERVICES)
  const panels = CATEGORIES.filter((category) => services.some(({ counts }) => (counts[category] ?? 0) > 0))
  if (panels.length === 0) {
    return emptyDrawing(TITLE, `No anomaly in any service: ${formatAmount(tests.judged, 'test')} judged.`)
  }
  const hidden = series.anomaliesByService.length - services.length
  const more = hidden === 0 ? '' : `; the first ${services.length} of ${series.anomaliesByService.length} services`
  const width = (WIDTH - LEFT - MARGIN.right - PANEL_GAP * (panels.length - 1)) / panels.length
  const names = services.map(({ service }) => fitText(service, LEFT - 36, 14))
  const left = (panel: number) => LEFT + panel * (width + PANEL_GAP)
  // The number stands at the end of the bar, and the longest bar leaves room for it.
  const valueWidth = Math.max(
    ...services.flatMap(({ counts }) =>
      panels.map((category) => textWidth(formatCount(counts[category] ?? 0), VALUE_SIZE)),
    ),
  )
  return {
    title: TITLE,
    height: TOP + services.length * ROW_HEIGHT + 30,
    option: {
      ...frame(TITLE, `Silent failures by record, all else by incident; each category has its own scale${more}`),
      grid: panels.map((_, panel) => ({
        left: left(panel),
        width: width - valueWidth - 10,
        top: TOP,
        bottom: 30,
        outerBoundsMode: 'none',
      })),
      xAxis: panels.map((category, gridIndex) => ({
        type: 'value',
        gridIndex,
        min: 0,
        max: Math.max(...services.map(({ counts }) => counts[category] ?? 0)),
        show: false,
      })),
      yAxis: panels.map((_, gridIndex) => ({
        type: 'category',
        gridIndex,
        inverse: true,
        data: names,
        axisTick: { show: false },
        axisLine: { show: true, lineStyle: { color: '#9A9A9A' } },
        axisLabel: { show: gridIndex === 0, interval: 0, fontSize: 14, color: TEXT, margin: 12 },
        splitLine: { show: false },
      })),
      series: panels.map((category, panel) => bars(category, panel, services)),
      graphic: [
        ...services.map((_, row) => rule(TOP + row * ROW_HEIGHT)),
        ...panels.map((category, panel) => ({
          type: 'text',
          left: left(panel),
          top: TOP - 26,
          style: {
            text: categoryTitle(category),
            fontSize: 15,
            fontFamily: FONT,
            fill: TEXT,
          },
        })),
      ],
    },
  }
}

/** A line across all panels, so that the eye stays in the service's row. */
function rule(y: number): GraphicComponentOption {
  const shape = { x1: 24, y1: y, x2: WIDTH - MARGIN.right, y2: y }
  return { type: 'line', silent: true, shape, style: { stroke: RULE, lineWidth: 1 } }
}

function bars(category: Category, panel: number, services: ChartData['series']['anomaliesByService']): BarSeriesOption {
  return {
    type: 'bar',
    name: categoryTitle(category),
    xAxisIndex: panel,
    yAxisIndex: panel,
    silent: true,
    barWidth: 18,
    data: services.map(({ counts }) => {
      const count = counts[category] ?? 0
      return count > 0 ? count : '-'
    }),
    itemStyle: { color: CATEGORY_COLOURS[category], borderRadius: [0, 3, 3, 0] },
    label: {
      show: true,
      position: 'right',
      fontSize: VALUE_SIZE,
      color: TEXT,
      formatter: ({ value }) => (typeof value === 'number' ? formatCount(value) : ''),
    },
  }
}

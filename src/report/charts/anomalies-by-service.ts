import { categoryTitle, formatAmount, formatCount } from '../../format.ts'
import { type Box, centredText, type Group, type Picture, type Shape } from '../../picture/shapes.ts'
import type { Category, ChartData, ChartSeries } from '../../types.ts'
import { CATEGORY_COLOURS } from './colours.ts'
import { AXIS, drawTitle, EDGE, emptyPicture, LABEL, MARGIN, rule, TEXT, WIDTH } from './frame.ts'
import { fitText, textWidth } from './text.ts'

const TITLE = 'Anomalies by service'
const LEFT = 190
const TOP = 122
const BOTTOM = 30
const ROW_HEIGHT = 34
const BAR_HEIGHT = 18
const PANEL_GAP = 24
const VALUE_GAP = 5
const NAME_GAP = 12
const MAX_SERVICES = 15
const CATEGORIES: readonly Category[] = [
  'silent_failure',
  'error_spike',
  'latency_surge',
  'traffic_drop',
  'traffic_surge',
  'outlier',
]

type Services = ChartSeries['anomaliesByService']

/**
 * A bar per service in one panel per category. Side by side rather than stacked: hundreds of silent failures and one
 * incident cannot share a scale, and a panel's heading needs no colour to be read.
 */
export function drawAnomaliesByService({ series, tests }: ChartData): Picture {
  const services = series.anomaliesByService.slice(0, MAX_SERVICES)
  const categories = CATEGORIES.filter((category) => services.some(({ counts }) => (counts[category] ?? 0) > 0))
  if (categories.length === 0) {
    return emptyPicture(TITLE, `No anomaly in any service: ${formatAmount(tests.judged, 'test')} judged.`)
  }
  const hidden = series.anomaliesByService.length - services.length
  const more = hidden === 0 ? '' : `; the first ${services.length} of ${series.anomaliesByService.length} services`
  const width = (WIDTH - LEFT - MARGIN.right - PANEL_GAP * (categories.length - 1)) / categories.length
  const height = services.length * ROW_HEIGHT
  return {
    title: TITLE,
    width: WIDTH,
    height: TOP + height + BOTTOM,
    shapes: [
      drawTitle(TITLE, `Silent failures by record, all else by incident; each category has its own scale${more}`),
      drawServices(services),
      ...categories.map((category, panel) =>
        drawPanel(category, services, { x: LEFT + panel * (width + PANEL_GAP), y: TOP, width, height }),
      ),
    ],
  }
}

/** Names, each under a line across all panels, so that the eye stays in the service's row. */
function drawServices(services: Services): Group {
  const style = { size: 14, fill: TEXT, anchor: 'end' } as const
  const shapes = services.flatMap(({ service }, row) => [
    rule(EDGE, TOP + row * ROW_HEIGHT, WIDTH - MARGIN.right - EDGE),
    centredText(fitText(service, LEFT - NAME_GAP - EDGE, style.size), LEFT - NAME_GAP, middleOf(row), style),
  ])
  return { kind: 'group', name: 'services', shapes }
}

function middleOf(row: number): number {
  return TOP + (row + 0.5) * ROW_HEIGHT
}

/** The number stands at the end of the bar, and the longest bar leaves room for it. */
function drawPanel(category: Category, services: Services, { x, y, width, height }: Box): Group {
  const counts = services.map((service) => service.counts[category] ?? 0)
  const most = Math.max(...counts)
  const room = width - VALUE_GAP - Math.max(...counts.map((count) => textWidth(formatCount(count), LABEL.size)))
  const bars = counts.flatMap((count, row): Shape[] => {
    if (count === 0) return []
    const length = Math.max(1, (count / most) * room)
    const bar = { x, y: middleOf(row) - BAR_HEIGHT / 2, width: length, height: BAR_HEIGHT }
    return [
      { kind: 'rect', ...bar, fill: CATEGORY_COLOURS[category] },
      centredText(formatCount(count), x + length + VALUE_GAP, middleOf(row), LABEL),
    ]
  })
  return {
    kind: 'group',
    name: categoryTitle(category).toLowerCase(),
    shapes: [
      centredText(categoryTitle(category), x, y - 18, { size: 15, fill: TEXT }),
      ...bars,
      { kind: 'rect', x, y, width: 1, height, fill: AXIS },
    ],
  }
}

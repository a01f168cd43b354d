/** What all charts share: size, margins, title, axes, the sentence of an empty chart. */
import type { EChartsOption } from 'echarts'
import { truncate, visible } from '../escape.ts'
import { timeTickLabel, timeTicks } from './time-axis.ts'

/** A chart before it is drawn. */
export interface Drawing {
  readonly title: string
  readonly height: number
  readonly option: EChartsOption
}

export interface Span {
  readonly start: number
  readonly end: number
}

export const WIDTH = 1200
export const MARGIN = { left: 84, right: 36, bottom: 78 }
export const PLOT_WIDTH = WIDTH - MARGIN.left - MARGIN.right
/** Where the plot begins when title, subtitle and legend stand above it. */
export const PLOT_TOP = 112
export const FONT = 'Roboto, Helvetica, Arial, sans-serif'
export const TEXT = '#222222'
const MUTED = '#5A5A5A'
export const RULE = '#E4E4E4'

/** Log text for a chart: nothing invisible (XML forbids most of it, Roboto draws none), and not longer than its place. */
export function chartText(text: string, maxLength: number): string {
  return truncate(visible(text.replace(/\p{Cc}+/gu, ' ')), maxLength)
}

/** The same by width in pixels. */
export function fitText(text: string, width: number, fontSize: number): string {
  for (let maxLength = 60; maxLength > 1; maxLength--) {
    const fitted = chartText(text, maxLength)
    if (textWidth(fitted, fontSize) <= width) return fitted
  }
  return chartText(text, 1)
}

/** Widths in Roboto as parts of the font size. */
const GLYPH_WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijlI.,:;'|!\s·]/, 0.26],
  [/[frt(){}[\]/-]/, 0.36],
  [/[mwMW@%…—]/, 0.87],
  [/[A-Z]/, 0.65],
  [/[\u1100-\uffff\u{10000}-\u{10ffff}]/u, 1],
]

/** The width of a text in Roboto, near enough to keep labels apart. */
export function textWidth(text: string, fontSize: number): number {
  const widths = Array.from(text, (character) => GLYPH_WIDTHS.find(([glyph]) => glyph.test(character))?.[1] ?? 0.56)
  return fontSize * widths.reduce((sum, width) => sum + width, 0)
}

/** Title, subtitle, fonts and stillness of every chart. */
export function frame(title: string, subtitle: string): EChartsOption {
  return {
    animation: false,
    useUTC: true,
    backgroundColor: '#FFFFFF',
    textStyle: { fontFamily: FONT, color: TEXT },
    title: {
      text: title,
      subtext: subtitle,
      left: 24,
      top: 18,
      itemGap: 8,
      textStyle: { fontSize: 22, fontWeight: 'normal', color: TEXT, fontFamily: FONT },
      subtextStyle: { fontSize: 14, color: MUTED, fontFamily: FONT },
    },
  }
}

/** How a legend shows its entries. */
const LEGEND_ICONS = {
  solid: 'path://M0 5H22V7.4H0Z',
  dashed: 'path://M0 5H9V7.4H0ZM13 5H22V7.4H13Z',
  area: 'rect',
}

export interface LegendEntry {
  readonly name: string
  readonly icon: keyof typeof LEGEND_ICONS
}

/** A legend under the subtitle, in the order of the entries. */
export function legend(entries: readonly LegendEntry[]): NonNullable<EChartsOption['legend']> {
  return {
    left: 20,
    top: 78,
    itemGap: 22,
    itemWidth: 22,
    itemHeight: 12,
    selectedMode: false,
    data: entries.map(({ name, icon }) => ({
      name,
      icon: LEGEND_ICONS[icon],
      // The path is the line already.
      ...(icon === 'area' ? {} : { itemStyle: { borderWidth: 0 } }),
    })),
    textStyle: { fontSize: 13, color: TEXT, fontFamily: FONT },
  }
}

/** A plot whose edges are where the marks expect them: ECharts 6 would shrink it for long labels. */
export function grid(left: number, top: number): NonNullable<EChartsOption['grid']> {
  return { left, right: MARGIN.right, top, bottom: MARGIN.bottom, outerBoundsMode: 'none' }
}

/** The time axis of all charts: round UTC ticks, named as UTC. */
export function timeAxis({ start, end }: Span): NonNullable<EChartsOption['xAxis']> {
  const ticks = timeTicks(start, end, 15)
  return {
    type: 'time',
    min: start,
    max: end,
    name: 'Time (UTC)',
    nameLocation: 'middle',
    nameGap: 48,
    nameTextStyle: { fontSize: 13, color: MUTED },
    axisLine: { show: true, onZero: false, lineStyle: { color: '#9A9A9A' } },
    axisTick: { show: true, customValues: ticks, lineStyle: { color: '#9A9A9A' } },
    axisLabel: {
      customValues: ticks,
      formatter: (time: number) => timeTickLabel(time, ticks),
      fontSize: 13,
      lineHeight: 17,
      color: TEXT,
      hideOverlap: false,
      showMinLabel: true,
      showMaxLabel: true,
    },
    splitLine: { show: false },
  }
}

/** A value axis from zero with its name and unit beside it. */
export function valueAxis(name: string, format: (value: number) => string): NonNullable<EChartsOption['yAxis']> {
  return {
    type: 'value',
    min: 0,
    name,
    nameLocation: 'middle',
    nameGap: 62,
    nameTextStyle: { fontSize: 13, color: MUTED },
    axisLabel: { formatter: format, fontSize: 13, color: TEXT },
    splitLine: { lineStyle: { color: RULE } },
    splitNumber: 5,
  }
}

/** The chart that has nothing to show, and says why. */
export function emptyDrawing(title: string, sentence: string): Drawing {
  const base = frame(title, '')
  return {
    title,
    height: 240,
    option: {
      ...base,
      graphic: {
        type: 'text',
        left: 'center',
        top: 128,
        style: { text: sentence, fontSize: 17, fill: MUTED, fontFamily: FONT, align: 'center' },
      },
    },
  }
}

/** The span of a report's windows, or undefined without any. */
export function seriesSpan(time: Float64Array, windowMs: number): Span | undefined {
  return time.length === 0 ? undefined : { start: time[0], end: time[time.length - 1] + windowMs }
}

import { readFont } from './io/font.ts'
import { renderPng } from './picture/png.ts'
import { renderSvg } from './picture/svg.ts'
import { CHART_NAMES } from './report/charts/names.ts'
import { drawChart } from './report/charts.ts'
import type { ChartData } from './types.ts'

/** A report's charts as files by name, each as SVG and as PNG. */
export async function renderCharts(data: ChartData): Promise<[string, string | Uint8Array][]> {
  const font = await readFont()
  return CHART_NAMES.flatMap((name): [string, string | Uint8Array][] => {
    const picture = drawChart(name, data)
    return [
      [`charts/${name}.svg`, renderSvg(picture)],
      [`charts/${name}.png`, renderPng(picture, font)],
    ]
  })
}

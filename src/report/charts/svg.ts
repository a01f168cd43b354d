import 'echarts/lib/chart/bar'
import 'echarts/lib/chart/custom'
import 'echarts/lib/chart/line'
import 'echarts/lib/component/graphic'
import 'echarts/lib/component/gridSimple'
import 'echarts/lib/component/legendPlain'
import 'echarts/lib/component/title'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { escapeHtml } from '../escape.ts'
import { type Drawing, WIDTH } from './frame.ts'

use(SVGRenderer)

/** The drawing as an SVG document of its own. The same drawing gives the same text, whatever was drawn before. */
export function renderSvg({ title, height, option }: Drawing): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  try {
    chart.setOption(option)
    return finishSvg(chart.renderToSVGString(), title)
  } finally {
    // Its animation timer would keep the process alive.
    chart.dispose()
  }
}

/**
 * Without what serves a browser alone: classes for hovering, marks of the data. And without clips: all
 * lines end within their plot as it is, since the axes hold every point, and a renderer needs longer for a clip than for
 * all else. With a name for screen readers.
 */
function finishSvg(svg: string, title: string): string {
  return `${svg
    .replace(/<style ?>[^<]*<!\[CDATA\[[^<]*<\/style>\n?/g, '')
    .replace(/<clipPath [\s\S]*?<\/clipPath>\n?/g, '')
    .replace(/<defs ?>\s*<\/defs>\n?/g, '')
    .replace(/ (?:class="zr\d+-cls-\d+"|clip-path="[^"]*"|pointer-events="[^"]*"|ecmeta_\w+="[^"]*")/g, '')
    .replace(/^<svg ([^>]*)>/, `<svg $1 role="img"><title>${escapeHtml(title)}</title>`)}\n`
}

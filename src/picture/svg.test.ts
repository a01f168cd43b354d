import { expect, test } from 'bun:test'
import type { Shape } from './shapes.ts'
import { renderSvg } from './svg.ts'

/** The lines between background and end. */
function lines(...shapes: readonly Shape[]): string[] {
  return renderSvg({ title: 'x', width: 20, height: 10, shapes }).split('\n').slice(3, -2)
}

const text = (content: string): Shape => {
  return { kind: 'text', text: content, x: 1, y: 2, anchor: 'end', size: 13, fill: '#222222' }
}

test('a document with its size, its name and a white ground', () => {
  expect(renderSvg({ title: 'a < b', width: 20, height: 10.5, shapes: [] })).toBe(
    [
      '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10.5" viewBox="0 0 20 10.5" role="img" font-family="Roboto, Helvetica, Arial, sans-serif">',
      '<title>a &lt; b</title>',
      '<rect width="100%" height="100%" fill="#FFFFFF"/>',
      '</svg>\n',
    ].join('\n'),
  )
})

test('an element a line, groups named and indented, empty ones left out', () => {
  const rect: Shape = { kind: 'rect', x: 1 / 3, y: 0, width: 5, height: 1, fill: '#000000', opacity: 0.5, radius: 2 }
  expect(
    lines(
      { kind: 'group', name: 'axis', shapes: [rect, { kind: 'group', name: 'none', shapes: [] }] },
      {
        kind: 'area',
        polygons: [
          [
            [0, 0],
            [5, 0],
            [5, 5],
            [1, 2],
          ],
        ],
        fill: '#00FF00',
      },
      {
        kind: 'line',
        paths: [
          [
            [0, 0],
            [1, 2],
          ],
          [
            [3, 3],
            [4, 3],
          ],
        ],
        stroke: '#0000FF',
        width: 1.5,
        dash: [4, 2],
      },
    ),
  ).toEqual([
    '<g class="axis">',
    '  <rect x="0.33" y="0" width="5" height="1" rx="2" fill="#000000" fill-opacity="0.5"/>',
    '</g>',
    '<path d="M0 0H5V5L1 2Z" fill="#00FF00"/>',
    '<path d="M0 0L1 2M3 3H4" fill="none" stroke="#0000FF" stroke-width="1.5" stroke-linejoin="bevel" stroke-dasharray="4 2"/>',
  ])
})

test('text is text, whatever it says', () => {
  expect(lines(text(`</text><script>alert("1")</script>&amp;'`))).toEqual([
    '<text x="1" y="2" text-anchor="end" font-size="13" fill="#222222">&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&#39;</text>',
  ])
})

test('what XML forbids is replaced', () => {
  expect(lines(text('a\u0000b\u001bc\ud800d\ufffee\uffff😀\u{1ffff}'))[0]).toContain('>a�b�c�d�e�😀\u{1ffff}<')
})

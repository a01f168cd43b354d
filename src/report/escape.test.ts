import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { codeSpan, htmlCode, mermaidLabel, prose, terminalText, truncate, visible } from './escape.ts'
import { HOSTILE } from './sample-hostile.ts'

const PARTS = [
  '`',
  '``',
  '|',
  '\\',
  '\\|',
  '<b>',
  '@me',
  '#1',
  '[x](http://e.example)',
  'www.e.example',
  '*',
  '_',
  '~~',
]
const MORE_PARTS = [
  '\n',
  '\u202e',
  ' ',
  'a',
  'http://e.example',
  '!',
  'GH-1',
  'me@e.example',
  '&amp;',
  '1.',
  '-',
  '>',
  '=',
  '(',
  ';',
]

/** Random texts of nothing but trouble. */
function* troublesTexts(count: number): Generator<string> {
  const random = createRandom(11)
  const parts = [...PARTS, ...MORE_PARTS]
  for (let i = 0; i < count; i++) {
    yield Array.from({ length: 1 + Math.floor(random() * 8) }, () => parts[Math.floor(random() * parts.length)]).join(
      '',
    )
  }
}

/** What GitHub would show: tags, mentions, references and links, outside of code. */
function activeParts(markdown: string): string[] {
  const html = Bun.markdown.html(markdown, { autolinks: true })
  const outside = html.replace(/<code>[^<]*<\/code>/g, '')
  return outside.match(/<(?!\/?(?:p|table|thead|tbody|tr|td|th|ul|li)\b)[^>]*>|@\w|#\d|www\.|https?:|GH-\d/g) ?? []
}

test('a code span shows its text, whatever it holds, in and out of tables', () => {
  for (const text of [...troublesTexts(3_000), ...HOSTILE]) {
    const span = codeSpan(text)
    expect(activeParts(`before ${span} after`), text).toEqual([])
    const row = `| a | b |\n|---|---|\n| ${codeSpan(text, { table: true })} | end |`
    expect(activeParts(row), text).toEqual([])
    const cells = Bun.markdown.html(row).match(/<td>.*?<\/td>/gs) ?? []
    expect(cells.length, text).toBe(2)
    expect(cells[1], text).toBe('<td>end</td>')
  }
})

test('the code span is exact', () => {
  const shown = (text: string) => /<code>(.*)<\/code>/s.exec(Bun.markdown.html(codeSpan(text)))?.[1]
  expect(codeSpan('POST /checkout')).toBe('`POST /checkout`')
  expect(codeSpan('a`b``c')).toBe('```a`b``c```')
  expect(shown('`x`')).toBe('`x`')
  expect(codeSpan('  ')).toBe('(empty)')
  expect(codeSpan('a|b', { table: true })).toBe('`a\\|b`')
  expect(codeSpan('a\\|b', { table: true })).toBe('`a\\\u2060\\|b`')
  expect(codeSpan('x'.repeat(500), { maxLength: 10 })).toBe(`\`${'x'.repeat(9)}…\``)
})

test('what cannot be seen is shown', () => {
  expect(visible('a\nb\t\u0000\u007f')).toBe('a␊b␉␀␡')
  expect(visible('\u202ea\u200b\u2066\ufeff\u00ad\u{e0041}')).toBe('<U+202E>a<U+200B><U+2066><U+FEFF><U+00AD><U+E0041>')
  expect(visible('\ud800')).toBe('<U+D800>')
  expect(visible('Grüße 漢字 🎉')).toBe('Grüße 漢字 🎉')
})

test('truncation counts characters, not halves of them', () => {
  expect(truncate('🎉🎉🎉', 3)).toBe('🎉🎉🎉')
  expect(truncate('🎉🎉🎉🎉', 3)).toBe('🎉🎉…')
  expect(truncate('abc', 3)).toBe('abc')
})

test('prose leaves sentences alone and puts the rest into code', () => {
  const sentence =
    "The week's season is uncertain (23.4 % of 1,207): judged −91 %, ×4.3, e.g. at 10:00–13:00 on 2026-03-05."
  expect(prose(sentence)).toBe(sentence)
  expect(prose('POST /checkout failed in region eu-west-1; ok.', ['POST /checkout', 'eu-west-1'])).toBe(
    '`POST /checkout` failed in region `eu-west-1`; ok.',
  )
  expect(prose('see main.csv, now')).toBe('see `main.csv`, now')
  expect(prose('field `a b` missing, not `@me`.')).toBe('field `a b` missing, not `@me`.')
  expect(prose('a lone ` and `x` then ``')).toBe('a lone `` ` `` and `x` then ``` `` ```')
  expect(prose('1. no list')).toBe('`1.` no list')
  expect(prose('deadbeef1 GH-1 4211')).toBe('`deadbeef1` `GH-1` 4211')
})

test('prose makes nothing active of any text, quoted or not', () => {
  const values = ['POST /a|b', '`', '@me', 'a`b', 'e', '#1', '|']
  for (const text of [...troublesTexts(3_000), ...HOSTILE]) {
    expect(activeParts(prose(text)), text).toEqual([])
    expect(activeParts(prose(text, [text, ...values])), text).toEqual([])
    expect(activeParts(`- ${prose(`${text} ${text}`, values)}`), text).toEqual([])
  }
})

test('HTML code holds no tag', () => {
  expect(htmlCode('</summary><b>"\'&\n')).toBe('<code>&lt;/summary&gt;&lt;b&gt;&quot;&#39;&amp;␊</code>')
})

test('a Mermaid label has no quote, bracket, comment or line break', () => {
  expect(mermaidLabel('"]; x-axis [1e3] %% --> \n end')).toBe(', x-axis 1e3 %% -- end'.replace(',', '').trim())
  for (const text of HOSTILE) expect(mermaidLabel(text)).not.toMatch(/["'`[\]{}<>;#\n\r]/)
})

test('terminal text carries no workflow command and no control character', () => {
  for (const text of [...HOSTILE, '  ::error::x', '\u001b]0;title\u0007', 'x##[group]y', '####[x]']) {
    const safe = terminalText(text)
    expect(safe).not.toMatch(/\p{Cc}|##\[|^\s*::/u)
  }
})

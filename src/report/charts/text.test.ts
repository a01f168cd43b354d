import { expect, test } from 'bun:test'
import { readFont } from '../../io/font.ts'
import { chartText, fitText, textWidth } from './text.ts'

const font = await readFont()
const inRoboto = (text: string) =>
  Array.from(text, (character) => font.glyphOf(character).advance / font.unitsPerEm).reduce((sum, width) => sum + width)

test('widths are what the font says', () => {
  const known = `${String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i))}·…–−×µ`
  for (const character of known) expect([character, textWidth(character, 1)]).toEqual([character, inRoboto(character)])
})

test('words of other alphabets are not taken for narrower than they are', () => {
  for (const text of ['Überprüfung', 'příliš žluťoučký', 'Съешь ещё этих булок', 'Ξεσκεπάζω', '日本語サービス']) {
    expect(textWidth(text, 13)).toBeGreaterThanOrEqual(13 * inRoboto(text))
  }
})

test('a text is cut to its width with an ellipsis, and no further than it must', () => {
  expect(fitText('checkout', 100, 14)).toBe('checkout')
  const cut = fitText('a-service-with-a-long-name', 100, 14)
  expect(cut).toBe('a-service-with-…')
  expect(textWidth(cut, 14)).toBeLessThanOrEqual(100)
  expect(fitText('checkout', 0, 14)).toBe('…')
})

test('what cannot be seen is made visible, line breaks are blanks', () => {
  expect(chartText('a\u202eb\r\nc\u0000', 60)).toBe('a<U+202E>b c ')
  expect(chartText('x'.repeat(70), 60)).toBe(`${'x'.repeat(59)}…`)
})

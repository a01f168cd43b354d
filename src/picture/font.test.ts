import { expect, test } from 'bun:test'
import { readFont } from '../io/font.ts'
import { parseFont } from './font.ts'

const font = await readFont()

/** Left, right, lowest and highest, in font units. */
function boundsOf(character: string): number[] {
  const points = font.glyphOf(character).contours.flat()
  const [x, y] = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis))
  return [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)]
}

test('letters have as many contours as one sees, and the height of their kind', () => {
  expect(['l', 'o', 'i', '%', ' '].map((letter) => font.glyphOf(letter).contours.length)).toEqual([1, 2, 2, 5, 0])
  expect(font.unitsPerEm).toBe(2048)
  // Capitals stand on the baseline and are 1456 high; a descender reaches below.
  expect(boundsOf('H').slice(2)).toEqual([0, 1456])
  expect(boundsOf('p')[2]).toBeLessThan(-300)
})

test('curves stay within the points that pull them', () => {
  const [left, right, lowest, highest] = boundsOf('o')
  expect([left, right].every((x) => x >= 0 && x <= font.glyphOf('o').advance)).toBe(true)
  expect([lowest, highest]).toEqual([-20, 1102])
})

test('a letter with a mark is the letter and the mark', () => {
  expect(font.glyphOf('ä').contours.length).toBe(font.glyphOf('a').contours.length + 2)
  expect(font.glyphOf('ä').advance).toBe(font.glyphOf('a').advance)
})

test('what the font lacks is its box: other scripts, emoji, half a pair', () => {
  const box = font.glyphOf('日')
  expect(box.contours.length).toBeGreaterThan(0)
  for (const character of ['😀', '\ud800']) expect(font.glyphOf(character).contours).toEqual(box.contours)
})

test('every letter of the font can be read', () => {
  for (let code = 0; code < 0x10000; code++) {
    const { advance, contours } = font.glyphOf(String.fromCharCode(code))
    if (!(advance >= 0 && contours.every((contour) => contour.every(Number.isFinite)))) throw new Error(`${code}`)
  }
})

test('what is no font is refused', () => {
  expect(() => parseFont(new Uint8Array(64))).toThrow("a font must have a table 'head', this one has none")
})

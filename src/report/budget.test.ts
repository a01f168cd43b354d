import { expect, test } from 'bun:test'
import { fitParts, type Part } from './budget.ts'

const ROOMY = { maxBytes: 1_000_000, maxCharacters: 1_000_000 }

const table: Part = {
  open: 'head\n',
  close: 'foot\n',
  rank: 5,
  kind: 'tables',
  children: ['one\n', 'two\n', 'three\n'].map((open) => ({ open, rank: 3, kind: 'rows' })),
}
const parts: readonly Part[] = [
  { open: 'title\n', rank: 9, kind: 'titles' },
  table,
  { open: 'end\n', rank: 1, kind: 'ends' },
]

test('all of it in order when there is room', () => {
  const { text, leftOut } = fitParts(parts, ROOMY)
  expect(text).toBe('title\nhead\none\ntwo\nthree\nfoot\nend\n')
  expect(leftOut.size).toBe(0)
})

test('the least important goes first, frames stay whole, and what went is counted', () => {
  const { text, leftOut } = fitParts(parts, { ...ROOMY, maxCharacters: 24 })
  expect(text).toBe('title\nhead\none\ntwo\nfoot\n')
  expect([...leftOut]).toEqual([
    ['rows', 1],
    ['ends', 1],
  ])
})

test('children of a part that fell out are neither shown nor counted', () => {
  const { text, leftOut } = fitParts(parts, { ...ROOMY, maxCharacters: 8 })
  expect(text).toBe('title\n')
  expect([...leftOut]).toEqual([
    ['tables', 1],
    ['ends', 1],
  ])
})

test('bytes are counted as UTF-8', () => {
  const umlauts: Part[] = [{ open: 'ä'.repeat(10), rank: 1, kind: 'words' }]
  expect(fitParts(umlauts, { ...ROOMY, maxBytes: 19 }).text).toBe('')
  expect(fitParts(umlauts, { ...ROOMY, maxBytes: 20 }).text).toBe('ä'.repeat(10))
})

test('every limit is kept', () => {
  for (let maxBytes = 0; maxBytes < 50; maxBytes++) {
    expect(fitParts(parts, { ...ROOMY, maxBytes }).text.length).toBeLessThanOrEqual(maxBytes)
  }
})

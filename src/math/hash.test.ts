import { expect, test } from 'bun:test'
import { hashText } from './hash.ts'

// Published vectors of 64-bit FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ (test_fnv.c).
test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('hashText(%p) is %p', (text, hash) => {
  expect(hashText(text)).toBe(hash)
})

test('thousands of similar texts have hashes of their own, of 16 digits', () => {
  const hashes = Array.from({ length: 5000 }, (_, i) => hashText(`GET /users/${i}`))
  expect(new Set(hashes).size).toBe(5000)
  expect(hashes.filter((hash) => !/^[0-9a-f]{16}$/.test(hash))).toEqual([])
})

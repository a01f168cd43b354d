import { expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { buildCodes } from './huffman.ts'

test('the codes of the example in RFC 1951', () => {
  // Symbols A to H with lengths 3, 3, 3, 3, 3, 2, 4, 4 have the codes 010, 011, 100, 101, 110, 00, 1110, 1111.
  const { lengths, bits } = buildCodes(Uint32Array.of(12, 12, 12, 12, 12, 25, 6, 6), 15)
  expect([...lengths]).toEqual([3, 3, 3, 3, 3, 2, 4, 4])
  const written = Array.from(bits, (code, i) => [...code.toString(2).padStart(lengths[i], '0')].reverse().join(''))
  expect(written).toEqual(['010', '011', '100', '101', '110', '00', '1110', '1111'])
})

test('codes fill the tree exactly, within the limit; without one, the shorter for the more frequent', () => {
  const random = createRandom(3)
  for (let round = 0; round < 200; round++) {
    const skew = 1 + 20 * random()
    const frequencies = Uint32Array.from({ length: 2 + Math.floor(random() * 284) }, () =>
      random() < 0.3 ? 0 : Math.floor(2 ** (random() * skew)),
    )
    frequencies[0] = 1
    frequencies[1] = 1
    const limit = round % 2 === 0 ? 15 : 9
    const { lengths } = buildCodes(frequencies, limit)
    const used = Array.from(lengths.keys()).filter((symbol) => lengths[symbol] > 0)
    expect(used).toEqual(Array.from(frequencies.keys()).filter((symbol) => frequencies[symbol] > 0))
    expect(used.reduce((sum, symbol) => sum + 2 ** -lengths[symbol], 0)).toBe(1)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(limit)
    const free = buildCodes(frequencies, 32).lengths
    const rarestFirst = used.toSorted((a, b) => frequencies[a] - frequencies[b] || a - b)
    for (const [i, symbol] of rarestFirst.entries()) {
      if (i > 0) expect(free[symbol]).toBeLessThanOrEqual(free[rarestFirst[i - 1]])
    }
  }
})

test('frequencies like Fibonacci numbers, whose tree is deepest, are held to the limit', () => {
  const frequencies = new Uint32Array(30)
  for (let i = 0; i < 30; i++) frequencies[i] = i < 2 ? 1 : frequencies[i - 1] + frequencies[i - 2]
  expect(Math.max(...buildCodes(frequencies, 32).lengths)).toBe(29)
  const { lengths } = buildCodes(frequencies, 7)
  expect(Math.max(...lengths)).toBe(7)
  expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBeLessThanOrEqual(1)
})

test('a single symbol gets one bit, none gets none', () => {
  expect([...buildCodes(Uint32Array.of(0, 9, 0), 15).lengths]).toEqual([0, 1, 0])
  expect([...buildCodes(Uint32Array.of(0, 0), 15).lengths]).toEqual([0, 0])
})

import { expect, test } from 'bun:test'
import { octaveOf } from './octave.ts'

test('an octave begins at each power of two', () => {
  expect([1, 2, 3, 4, 6, 8, 12, 16].map(octaveOf)).toEqual([0, 1, 1, 2, 2, 3, 3, 4])
  for (let power = 1; power < 32; power++) {
    expect(octaveOf(2 ** power)).toBe(power)
    expect(octaveOf(2 ** power - 1)).toBe(power - 1)
  }
})

import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { refineInterval } from './interval.ts'

/** One character a window: `+` speaks for the anomaly, `-` against it, `=` strongly against, `.` says nothing. */
function refine(windows: string, seed: string): string {
  const gains = { '+': 3, '-': -2, '=': -9, '.': 0 }
  const gain = (w: number) => gains[windows[w] as keyof typeof gains]
  const [from, to] = refineInterval(gain, windows.length, seed.indexOf('x'), seed.lastIndexOf('x') + 1)
  return `${' '.repeat(from)}${'x'.repeat(to - from)}`
}

describe('an interval', () => {
  test.each([
    // windows       seed            refined
    ['----+++----', '    xxx', '    xxx', 'stays where it fits'],
    ['---+++-----', '  xxxxxx', '   xxx', 'is trimmed to its core'],
    ['--++++++---', '    xx', '  xxxxxx', 'grows as far as windows speak for it'],
    ['--++++', '   x', '  xxxx', 'grows to the end of the log'],
    ['++++--', '  x', 'xxxx', 'grows to its beginning'],
    ['--++-++++--', '  xx', '  xxxxxxx', 'bridges a lull that what follows makes up for'],
    ['+++=++++', 'xxx', 'xxx', 'ends at a lull that speaks clearly against it'],
    ['--.---..---', '  xxx', '  xxx', 'stays as it was when nothing speaks for it'],
    ['+', 'x', 'x', 'of the only window'],
  ])('%p of %p is %p: it %s', (windows, seed, refined) => {
    expect(refine(windows, seed)).toBe(refined)
  })

  test('reads the same backwards', () => {
    const random = createRandom(8)
    for (let trial = 0; trial < 300; trial++) {
      const gains = Float64Array.from({ length: 40 }, () => 6 * random() - 3.5)
      const from = Math.floor(random() * 40)
      const to = from + 1 + Math.floor(random() * (40 - from))
      const [start, end] = refineInterval((w) => gains[w], 40, from, to)
      const mirrored = refineInterval((w) => gains[39 - w], 40, 40 - to, 40 - from)
      expect(mirrored).toEqual([40 - end, 40 - start])
      expect(start).toBeGreaterThanOrEqual(0)
      expect(end).toBeGreaterThan(start)
      expect(end).toBeLessThanOrEqual(40)
      // What was found speaks for the anomaly at least as much as the seed does.
      const sum = (a: number, b: number) => gains.subarray(a, b).reduce((total, gain) => total + gain, 0)
      expect(sum(start, end)).toBeGreaterThanOrEqual(sum(from, to) - 1e-9)
    }
  })
})

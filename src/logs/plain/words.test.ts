import { expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { isSampleAt, prepareSample, skipPlainText } from './words.ts'

const random = createRandom(6)
/** Mostly bytes that are looked for, and those beside them. */
const drawBytes = (length: number, likely: readonly number[]) =>
  Uint8Array.from({ length }, () =>
    random() < 0.2 ? likely[Math.floor(random() * likely.length)] : Math.floor(random() * 256),
  )

/** The first index that byte by byte is one, as far as words reach. */
function check(bytes: Uint8Array, start: number, found: number, isWanted: (byte: number) => boolean): void {
  const first = bytes.subarray(start).findIndex(isWanted)
  if (first >= 0 && found <= bytes.length - 4) expect(found).toBe(start + first)
  // Near the end nobody looked, but nothing was passed over.
  expect(bytes.subarray(start, found).some(isWanted)).toBe(false)
  if (first < 0) expect(found).toBeGreaterThan(bytes.length - 4)
}

test('finds the first byte that a JSON string cannot have as it is', () => {
  for (let round = 0; round < 20_000; round++) {
    const bytes = drawBytes(Math.floor(random() * 30), [10, 35, 162, 34, 92, 31, 32, 33, 93, 0, 255, 128])
    const start = Math.min(Math.floor(random() * 4), bytes.length)
    const view = new DataView(bytes.buffer)
    check(bytes, start, skipPlainText(view, start), (byte) => byte === 34 || byte === 92 || byte < 32)
  }
})

test('a sample stands where all of its bytes do', () => {
  for (let round = 0; round < 5_000; round++) {
    const bytes = drawBytes(40, [1])
    const start = Math.floor(random() * 36)
    const sample = bytes.slice(start, start + 4 + Math.floor(random() * 20))
    const view = new DataView(bytes.buffer)
    expect(isSampleAt(prepareSample(sample), view, start)).toBe(true)
    const other = sample.slice()
    other[Math.floor(random() * other.length)] ^= 1 << Math.floor(random() * 8)
    expect(isSampleAt(prepareSample(other), view, start)).toBe(false)
    expect(isSampleAt(prepareSample(sample), view, 41 - sample.length)).toBe(false)
  }
  expect(isSampleAt(prepareSample(new Uint8Array(0)), new DataView(new ArrayBuffer(8)), 0)).toBe(false)
})

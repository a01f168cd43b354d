import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { scoreForestInParts } from './forest-parts.ts'
import { fitForest, scoreForest } from './isolation-forest.ts'

const random = createRandom(2)
const columns = [0, 1, 2].map(() => Float64Array.from({ length: 100 }, () => random()))
const forest = fitForest(columns, { seed: 1, trees: 10 })

test.each([1, 2, 3, 7, 99, 100, 1000])('%p parts give the scores of the whole, each row once', async (parts) => {
  const sizes: number[] = []
  const scores = await scoreForestInParts(forest, columns, parts, async (given, part) => {
    sizes.push(part[0].length)
    // The last part answers first.
    if (sizes.length === 1) await Promise.resolve()
    return scoreForest(given, part)
  })
  expect(scores).toEqual(scoreForest(forest, columns))
  expect(sizes.length).toBeLessThanOrEqual(parts)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100)
})

test('parts are at least one, and a fault is passed on', async () => {
  const fail = async () => {
    throw new Error('no room')
  }
  await expect(scoreForestInParts(forest, columns, 0, fail)).rejects.toThrow("'parts' must be a whole number of at")
  await expect(scoreForestInParts(forest, columns, 2, fail)).rejects.toThrow('no room')
})

import { expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { scoreForestInParts } from './forest-parts.ts'
import { fitForest, scoreForest } from './isolation-forest.ts'

const random = createRandom(2)
const columns = [0, 1, 2].map(() => Float64Array.from({ length: 100 }, () => random()))
const forest = fitForest(columns, { seed: 1, trees: 10 })

test.each([1, 2, 3, 7, 99, 100, 1000])('parts of %p rows give the scores of the whole, each row once', async (size) => {
  const sizes: number[] = []
  const scorers = [0, 1, 2].map((turns) => async (given: typeof forest, part: Float64Array[]) => {
    sizes.push(part[0].length)
    // Parts are answered in another order than they were asked for.
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    return scoreForest(given, part)
  })
  expect(await scoreForestInParts(forest, columns, size, scorers)).toEqual(scoreForest(forest, columns))
  expect(sizes.length).toBe(Math.ceil(100 / size))
  expect(sizes.reduce((sum, one) => sum + one, 0)).toBe(100)
})

test('a part has at least one row, and a fault is passed on and ends the work', async () => {
  let asked = 0
  const fail = async () => {
    asked++
    throw new Error('no room')
  }
  await expect(scoreForestInParts(forest, columns, 0, [fail])).rejects.toThrow("'size' must be a whole number of at")
  await expect(scoreForestInParts(forest, columns, 10, [fail])).rejects.toThrow('no room')
  expect(asked).toBe(1)
})

import { describe, expect, test } from 'bun:test'
import { createRandom, type Random } from '../math/random.ts'
import { distancePValue, fitRobustCovariance, mahalanobisSquared } from './robust-covariance.ts'

const drawNormal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Columns of normal values, of which each pair has the same correlation. */
function makeColumns(rows: number, width: number, correlation: number, random: Random): Float64Array[] {
  const common = Float64Array.from({ length: rows }, () => drawNormal(random))
  return Array.from({ length: width }, () =>
    common.map((value) => Math.sqrt(correlation) * value + Math.sqrt(1 - correlation) * drawNormal(random)),
  )
}

const rankOf = (values: Float64Array, row: number) => values.filter((value) => value > values[row]).length + 1

test('a broken correlation that no single column shows has rank 1', () => {
  for (let seed = 0; seed < 20; seed++) {
    const columns = makeColumns(150, 4, 0.8, createRandom(seed))
    columns[0][60] = 2
    columns[1][60] = -2
    columns[2][60] = columns[3][60] = 0
    const model = fitRobustCovariance(columns)
    expect(rankOf(model.squared, 60)).toBe(1)
    expect(distancePValue(model.squared[60], model)).toBeLessThan(1e-4)
  }
})

describe('p-values', () => {
  test.each([
    [48, 0],
    [48, 0.8],
    [150, 0.8],
    [1000, 0],
  ])('%d rows, correlation %d: nominal 0.01 and 0.001 come true within 1.5 times', (rows, correlation) => {
    const random = createRandom(rows)
    let total = 0
    let below2 = 0
    let below3 = 0
    while (total < 24_000) {
      const model = fitRobustCovariance(makeColumns(rows, 4, correlation, random))
      for (const squared of model.squared) {
        const p = distancePValue(squared, model)
        if (p < 0.01) below2++
        if (p < 0.001) below3++
        total++
      }
    }
    expect(below2 / total / 0.01).toBeGreaterThan(1 / 1.5)
    expect(below2 / total / 0.01).toBeLessThan(1.5)
    // About 24 are expected: two standard errors are added to what is promised.
    expect(below3 / total / 0.001).toBeGreaterThan(0.3)
    expect(below3 / total / 0.001).toBeLessThan(1.9)
  })

  test('agree between a new row and the same row left out of its fit', () => {
    const columns = makeColumns(60, 3, 0.5, createRandom(1))
    const whole = fitRobustCovariance(columns)
    const row = 11
    const rest = fitRobustCovariance(columns.map((column) => column.filter((_, i) => i !== row)))
    const alone = mahalanobisSquared(
      rest,
      columns.map((column) => column.slice(row, row + 1)),
    )[0]
    // Not exactly: the scale and the set of kept rows may shift with one row.
    expect(whole.squared[row] / alone).toBeGreaterThan(0.8)
    expect(whole.squared[row] / alone).toBeLessThan(1.25)
  })

  test('fall with the distance; unknown stays unknown', () => {
    const model = { kept: 50, dimensions: 4 }
    const values = [0, 1, 5, 20, 100, 1e6].map((squared) => distancePValue(squared, model))
    expect(values[0]).toBe(1)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    expect(values[5]).toBeGreaterThan(0)
    expect(distancePValue(Number.NaN, model)).toBeNaN()
    expect(distancePValue(9, { kept: 3, dimensions: 4 })).toBe(1)
  })
})

test('a third of the rows far away does not move the rest', () => {
  const columns = makeColumns(120, 4, 0.3, createRandom(6))
  for (const column of columns) for (let row = 0; row < 36; row++) column[row] += 8
  const model = fitRobustCovariance(columns)
  expect(model.kept).toBeLessThanOrEqual(84)
  expect(Math.min(...model.squared.subarray(0, 36))).toBeGreaterThan(5 * Math.max(...model.squared.subarray(36)))
  for (const center of model.center) expect(Math.abs(center)).toBeLessThan(0.5)
})

test('shifting and scaling the columns does not change a distance', () => {
  const columns = makeColumns(80, 3, 0.6, createRandom(9))
  const moved = columns.map((column, j) => column.map((value) => value * 10 ** (3 * j - 3) + j * 100))
  const plain = fitRobustCovariance(columns).squared
  fitRobustCovariance(moved).squared.forEach((squared, row) => {
    expect(squared / plain[row]).toBeCloseTo(1, 6)
  })
})

describe('edge cases', () => {
  test('three rows a column are enough for a finite answer', () => {
    const columns = makeColumns(12, 4, 0.9, createRandom(3))
    columns[0][5] = 40
    const model = fitRobustCovariance(columns)
    expect(rankOf(model.squared, 5)).toBe(1)
    for (const squared of model.squared) expect(Number.isFinite(squared) && squared >= 0).toBe(true)
  })

  test('a constant column adds nothing, a repeated one does not break it', () => {
    const [a, b] = makeColumns(60, 2, 0, createRandom(4))
    const constant = new Float64Array(60).fill(5)
    const plain = fitRobustCovariance([a, b])
    const model = fitRobustCovariance([a, constant, b])
    expect(model.dimensions).toBe(2)
    expect(model.squared).toEqual(plain.squared)
    expect(mahalanobisSquared(model, [a, constant.map((value) => value + 1), b])).toEqual(
      mahalanobisSquared(plain, [a, b]),
    )
    for (const squared of fitRobustCovariance([a, a, b]).squared) expect(Number.isFinite(squared)).toBe(true)
    const nothing = fitRobustCovariance([constant])
    expect(nothing.squared).toEqual(new Float64Array(60))
    expect(distancePValue(0, nothing)).toBe(1)
  })

  test('a column of mostly one value is scaled by what remains', () => {
    const [a] = makeColumns(60, 1, 0, createRandom(4))
    const rare = Float64Array.from({ length: 60 }, (_, i) => (i % 12 === 0 ? 1 : 0))
    for (const squared of fitRobustCovariance([a, rare]).squared) expect(Number.isFinite(squared)).toBe(true)
  })

  test('rows with an unknown value have no distance and do not shape the others', () => {
    const columns = makeColumns(60, 3, 0.5, createRandom(4))
    const holes = columns.map((column) => column.slice())
    holes[1][7] = Number.NaN
    const model = fitRobustCovariance(holes)
    expect(model.squared[7]).toBeNaN()
    expect(model.squared.filter(Number.isNaN).length).toBe(1)
    expect(mahalanobisSquared(model, holes)[7]).toBeNaN()
  })

  test('no row, one row, and faults', () => {
    expect(fitRobustCovariance([new Float64Array()]).squared).toEqual(new Float64Array())
    expect(fitRobustCovariance([Float64Array.of(1), Float64Array.of(2)]).squared).toEqual(Float64Array.of(0))
    expect(() => fitRobustCovariance([])).toThrow("'columns' must hold at least one column, got 0")
    expect(() => fitRobustCovariance([Float64Array.of(1), new Float64Array()])).toThrow('got 0 in column 1')
    const model = fitRobustCovariance(makeColumns(20, 2, 0, createRandom(1)))
    expect(() => mahalanobisSquared(model, [Float64Array.of(1)])).toThrow(
      "'columns' must be the 2 that were fitted, got 1",
    )
  })
})

import { expect, test } from 'bun:test'
import { bucketSize, niceBucketSize, reduceBuckets } from './buckets.ts'

test('buckets are no more than wanted', () => {
  expect([bucketSize(10, 20), bucketSize(100, 50), bucketSize(101, 50), bucketSize(0, 5)]).toEqual([1, 2, 3, 1])
})

test('a nice bucket lasts as people count', () => {
  expect(niceBucketSize(336, 50, 3_600_000)).toBe(8)
  expect(niceBucketSize(60, 50, 10_000)).toBe(2)
  expect(niceBucketSize(40, 50, 7_000)).toBe(1)
})

test('each reducer leaves out what is unknown', () => {
  const values = Float64Array.of(1, Number.NaN, 5, 2, Number.NaN, Number.NaN, 7)
  expect([...reduceBuckets(values, 3, 'sum')]).toEqual([6, 2, 7])
  expect([...reduceBuckets(values, 3, 'mean')]).toEqual([3, 2, 7])
  expect([...reduceBuckets(values, 3, 'max')]).toEqual([5, 2, 7])
  expect([...reduceBuckets(values, 2, 'max')]).toEqual([1, 5, Number.NaN, 7])
})

test('the furthest keeps a dip as well as a peak', () => {
  expect([...reduceBuckets(Float64Array.of(9, 10, 0, 10, 9, 10, 40, 10), 4, 'furthest')]).toEqual([0, 40])
})

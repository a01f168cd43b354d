import { expect, test } from 'bun:test'
import { findRuns, precisionOf, recallOf, scoreEvents } from './event-score.ts'

const LABELS = [0, 0, 1, 1, 0, 0, 0, 1, 0]
const FLAGS = [0, 1, 0, 1, 0, 1, 0, 0, 0]

/** The self-check of the Python tool that these rules come from. */
test('scores as the reference does', () => {
  expect(scoreEvents(LABELS, FLAGS)).toEqual({ events: 2, found: 1, alarms: 3, right: 1 })
})

test('a tolerance widens events', () => {
  expect(scoreEvents(LABELS, FLAGS, { before: 2 })).toEqual({ events: 2, found: 2, alarms: 3, right: 3 })
  expect(scoreEvents(LABELS, FLAGS, { after: 2 })).toEqual({ events: 2, found: 1, alarms: 3, right: 2 })
})

test('flags close together are one alarm', () => {
  expect(scoreEvents(LABELS, FLAGS, { merge: 1 })).toEqual({ events: 2, found: 1, alarms: 1, right: 1 })
  expect(findRuns([1, 0, 0, 1, 1], 1)).toEqual([
    [0, 0],
    [3, 4],
  ])
})

test('precision and recall of nothing', () => {
  const nothing = scoreEvents([0, 0], [0, 0])
  expect([precisionOf(nothing), recallOf(nothing)]).toEqual([1, 1])
  const missed = scoreEvents([0, 1], [0, 0])
  expect([precisionOf(missed), recallOf(missed)]).toEqual([0, 0])
  const wrong = scoreEvents([0, 0], [0, 1])
  expect([precisionOf(wrong), recallOf(wrong)]).toEqual([0, 1])
})

test('arrays of different length are refused', () => {
  expect(() => scoreEvents([0], [0, 1])).toThrow("'flags' must be as long as 'labels' (1), got 2")
})

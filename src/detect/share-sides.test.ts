import { describe, expect, test } from 'bun:test'
import { buildGrid } from '../features/grid.ts'
import { buildLogs } from '../logs/log-fixture.ts'
import { buildCalendar } from './calendar.ts'
import { fitShareModel } from './share-model.ts'
import { expectFromSides } from './share-sides.ts'

const HOUR = 3_600_000
const HOURS = 72
const calendar = buildCalendar(buildGrid(buildLogs([{}, { time: HOURS * HOUR - 1 }]).table, HOUR).grid)

/** What the sides make one expect of [from, to), when 1,000 requests an hour hold a share of 0.2 but where `change` says otherwise. */
function expectOf(change: (w: number) => number | undefined, from: number, to: number, requests = 1000) {
  const total = new Array<number>(HOURS).fill(requests)
  const bad = total.map((n, w) => Math.round(n * (change(w) ?? 0.2)))
  const prior = { bad: 0.5, total: 1 }
  const baseline = { bad: 2000, total: 10_000 }
  const model = fitShareModel({ bad, total }, calendar, { masked: null, prior, baseline, phaseStrength: Infinity })
  return expectFromSides(model, model.expect(from, to), from, to)
}

describe('the share that the hours beside make one expect', () => {
  test('is theirs where they agree', () => {
    expect(expectOf((w) => (w === 30 ? 0 : 0.1), 30, 31)!.share).toBeCloseTo(0.1, 2)
    expect(expectOf((w) => (w === 30 ? 0.9 : 0.1), 30, 31)!.share).toBeCloseTo(0.1, 2)
  })

  test('is the nearer one where they do not', () => {
    const step = (inside: number) => (w: number) => (w < 30 ? 0.4 : w < 33 ? inside : 0.1)
    expect(expectOf(step(0.02), 30, 33)!.share).toBeCloseTo(0.1, 2)
    expect(expectOf(step(0.8), 30, 33)!.share).toBeCloseTo(0.4, 2)
  })

  test('is what is seen anywhere between them', () => {
    expect(expectOf((w) => (w < 30 ? 0.4 : w < 33 ? 0.25 : 0.1), 30, 33)!.share).toBeCloseTo(0.25, 2)
  })

  test('is less sure the fewer requests they have', () => {
    const few = expectOf(() => undefined, 30, 31, 50)!.variance
    const many = expectOf(() => undefined, 30, 31, 5000)!.variance
    expect(few).toBeGreaterThan(50 * many)
  })

  test('is not known at the ends of the log, nor beside what has hardly any requests', () => {
    expect(expectOf(() => undefined, 1, 3)).toBeNull()
    expect(expectOf(() => undefined, HOURS - 3, HOURS - 1)).toBeNull()
    expect(expectOf((w) => (w === 29 ? 0 : undefined), 30, 31)).toBeNull()
  })
})

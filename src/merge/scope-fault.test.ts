import { expect, test } from 'bun:test'
import { addGain, addRequests, createTally, likelihoodRatio } from './scope-fault.ts'

/** @param groups bad and all requests, and the usual share */
function ratio(...groups: readonly (readonly [bad: number, total: number, usual: number])[]): number {
  const tally = createTally()
  for (const [bad, total, usual] of groups) addRequests(tally, bad, total, usual)
  for (const [bad, , usual] of groups) addGain(tally, bad, usual)
  return likelihoodRatio(tally)
}

test('with one usual share the ratio is that of two binomial distributions', () => {
  for (const [bad, total, usual] of [
    [12, 100, 0.01],
    [3, 4, 0.2],
    [100, 100, 0.5],
  ] as const) {
    const share = bad / total
    const exact = bad * Math.log(share / usual) + (total - bad) * Math.log((1 - share) / (1 - usual) || 1)
    expect(ratio([bad, total, usual])).toBeCloseTo(exact, 9)
  }
})

test('as many bad requests as usual, or fewer, say nothing', () => {
  expect(ratio([0, 50, 0.1])).toBe(0)
  expect(ratio([5, 50, 0.1])).toBe(0)
  expect(ratio([4, 50, 0.1], [0, 200, 0.01])).toBe(0)
})

test('what healthy siblings say against their parent hardly depends on how rare bad requests are', () => {
  const lead = (usual: number, ofSiblings: number) =>
    ratio([18, 170, usual]) - ratio([18, 170, usual], [0, 200, ofSiblings])
  for (const [usual, ofSiblings] of [
    [1e-4, 1e-4],
    [1e-6, 1e-6],
    [1e-3, 1e-5],
  ] as const) {
    expect(lead(usual, ofSiblings)).toBeGreaterThan(14)
    expect(lead(usual, ofSiblings)).toBeLessThan(15)
  }
})

test('bad requests say more where they are rarer', () => {
  expect(ratio([5, 50, 0.001], [5, 50, 0.001])).toBeGreaterThan(ratio([5, 50, 0.001], [5, 50, 0.05]))
})

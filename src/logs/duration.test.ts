import { describe, expect, test } from 'bun:test'
import { parseDurationWithUnit, UnitGuess } from './duration.ts'

describe('parseDurationWithUnit', () => {
  test.each([
    ['231ms', 231],
    ['1.5 s', 1500],
    ['12µs', 0.012],
    ['250000ns', 0.25],
  ])('%p is %p ms', (text, ms) => {
    expect(parseDurationWithUnit(text)).toBeCloseTo(ms, 9)
  })

  test.each(['', 'ms', '12', '12 parsecs', '-3ms', 'constructor', '5constructor'])('%p is none', (text) => {
    expect(parseDurationWithUnit(text)).toBeNaN()
  })
})

describe('UnitGuess', () => {
  test.each([
    ['s', [0.231, 0.02, 1.4, 0.5, 12.25]],
    ['ms', [231, 20, 1400, 500, 12250]],
    ['ms', [31.5, 120.25, 8.125, 400.5]],
    ['us', [231_000, 20_000, 1_400_000, 500_000]],
    ['ns', [231_000_000, 20_000_000, 1_400_000_000]],
    ['ms', [0, 0, 0]],
    ['ms', []],
  ])('finds %s', (unit, values) => {
    const guess = new UnitGuess()
    for (const value of values) guess.add(value)
    expect(guess.unit()).toBe(unit as ReturnType<UnitGuess['unit']>)
  })
})

import { expect, test } from 'bun:test'
import {
  formatAffected,
  formatAge,
  formatAmount,
  formatComparison,
  formatCount,
  formatDuration,
  formatFactor,
  formatIso,
  formatMs,
  formatProbability,
  formatScope,
  formatShare,
  formatTimeRange,
  formatValue,
} from './format.ts'
import { sampleIncident } from './report/sample-incidents.ts'

test('counts have separators, and a decimal only where it tells something', () => {
  expect([0, 1, 9.96, 999, 1_000, 1_234_567.8, -12_345, -0].map(formatCount)).toEqual([
    '0',
    '1',
    '10',
    '999',
    '1,000',
    '1,234,568',
    '-12,345',
    '0',
  ])
  expect([2.25, 0.04].map(formatCount)).toEqual(['2.3', '0'])
  expect([Number.NaN, Number.POSITIVE_INFINITY].map(formatCount)).toEqual(['unknown', 'unknown'])
})

test('amounts agree with their noun', () => {
  expect(formatAmount(1, 'incident')).toBe('1 incident')
  expect(formatAmount(0, 'incident')).toBe('0 incidents')
  expect(formatAmount(2, 'entry', 'entries')).toBe('2 entries')
})

test('shares never round to nothing or to everything', () => {
  expect([0, 1, 0.5, 0.234, 0.00834, 0.00034, 0.000001, 0.99999].map(formatShare)).toEqual([
    '0 %',
    '100 %',
    '50 %',
    '23.4 %',
    '0.8 %',
    '0.034 %',
    '< 0.001 %',
    '> 99.9 %',
  ])
  expect(formatShare(Number.NaN)).toBe('unknown')
})

test('milliseconds and durations take the unit that reads best', () => {
  expect([0.4, 123.4, 999.4, 1_234, 90_000, 150_000].map(formatMs)).toEqual([
    '0.4 ms',
    '123 ms',
    '999 ms',
    '1.23 s',
    '90 s',
    '2.5 min',
  ])
  expect([250, 45_000, 90_000, 3_600_000, 5_400_000, 86_400_000, 1_209_600_000].map(formatDuration)).toEqual([
    '250 ms',
    '45 s',
    '1 min 30 s',
    '1 h',
    '1 h 30 min',
    '1 day',
    '14 days',
  ])
  expect(formatDuration(86_400_000 + 60_000)).toBe('1 day')
})

test('time ranges are short, in UTC, and end at 24:00 rather than on the next day', () => {
  const day = Date.UTC(2026, 2, 5)
  const at = (hours: number) => day + hours * 3_600_000
  expect(formatTimeRange(at(10), at(13))).toBe('2026-03-05 10:00–13:00 UTC')
  expect(formatTimeRange(at(22), at(24))).toBe('2026-03-05 22:00–24:00 UTC')
  expect(formatTimeRange(at(22), at(26))).toBe('2026-03-05 22:00 – 2026-03-06 02:00 UTC')
  expect(formatTimeRange(at(10), at(10) + 30_000)).toBe('2026-03-05 10:00:00–10:00:30 UTC')
  expect(formatTimeRange(Number.NaN, at(1))).toBe('unknown')
  expect(formatIso(9e15)).toBeNull()
})

test('a scope names its dimensions, an endpoint names itself', () => {
  expect(formatScope({ region: 'eu-west-1', endpoint: 'POST /checkout' })).toBe('POST /checkout · region eu-west-1')
  expect(formatScope({})).toBe('all traffic')
})

test('every unit reads as a quantity', () => {
  expect(formatValue(0.234, 'share')).toBe('23.4 %')
  expect(formatValue(1, 'requests')).toBe('1 request')
  expect(formatValue(812, 'ms')).toBe('812 ms')
  expect(formatValue(6.23, 'sd')).toBe('6.2 sd')
})

test('comparisons carry the size of the change where it does not show', () => {
  expect(formatComparison(sampleIncident())).toBe('61.7 % vs 0.2 %')
  const drop = sampleIncident({
    category: 'traffic_drop',
    unit: 'requests',
    actual: 120,
    expected: 1_050,
    effect: -0.886,
  })
  expect(formatComparison(drop)).toBe('120 vs 1,050 requests (−89 %)')
  const slow = sampleIncident({ category: 'latency_surge', unit: 'ms', actual: 812, expected: 190, effect: 4.27 })
  expect(formatComparison(slow)).toBe('812 ms vs 190 ms (×4.3)')
  const odd = sampleIncident({ category: 'outlier', unit: 'sd', actual: 6.23, expected: Number.NaN, upper: 4.5 })
  expect(formatComparison(odd)).toBe('6.2 sd (limit 4.5 sd)')
})

test('affected requests are told by what happened to them', () => {
  expect(formatAffected(sampleIncident())).toBe('254 of 412 bad')
  expect(formatAffected(sampleIncident({ category: 'traffic_drop', affected: 930 }))).toBe('930 missing')
  expect(formatAffected(sampleIncident({ category: 'latency_surge' }))).toBe('254 of 412 slow')
  expect(formatAffected(sampleIncident({ affected: Number.NaN, support: Number.NaN }))).toBe('unknown')
})

test('probabilities have two digits', () => {
  expect([0.00512, 1.234e-12, 1, 0, 0.000041].map(formatProbability)).toEqual(['0.0051', '1.2e-12', '1', '0', '4.1e-5'])
})

test('an age has one unit, a factor three digits', () => {
  const ages = [Number.NaN, 0, 59_999, 60_000, 3_599_999, 3_600_000, 47.9 * 3_600_000, 48 * 3_600_000, 9e9]
  expect(ages.map(formatAge)).toEqual([
    '',
    'just now',
    'just now',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '47 h ago',
    '2 days ago',
    '104 days ago',
  ])
  expect([1.3149, 0.5, 14.2, 1_234.5, Number.NaN].map(formatFactor)).toEqual([
    '×1.31',
    '×0.5',
    '×14',
    '×1,235',
    'unknown',
  ])
})

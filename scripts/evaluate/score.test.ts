import { expect, test } from 'bun:test'
import { type Claim, type Event, scoreClaims } from './score.ts'

const HOUR = 3_600_000
const event: Event = {
  start: '1970-01-01T02:00:00Z',
  end: '1970-01-01T04:00:00Z',
  category: 'error_spike',
  scope: { service: 'search', region: 'eu' },
  metric: 'server_error_share',
  size: 0.2,
}
const claim = (changed: Partial<Claim>): Claim => ({
  category: 'error_spike',
  scope: { region: 'eu', service: 'search' },
  start: 3 * HOUR,
  end: 5 * HOUR,
  ...changed,
})

test('category, time and scope, in any order of its dimensions, make an event found', () => {
  expect(scoreClaims([claim({})], [event])).toEqual({ found: [true], nearest: [claim({})], surplus: [] })
})

test('another scope matches without finding', () => {
  const wide = claim({ scope: { region: 'eu' } })
  expect(scoreClaims([wide], [event])).toEqual({ found: [false], nearest: [wide], surplus: [] })
})

test('an exact claim is nearer than a wide one before it', () => {
  expect(scoreClaims([claim({ scope: {} }), claim({})], [event]).nearest).toEqual([claim({})])
})

test.each([claim({ category: 'latency_surge' }), claim({ start: 4 * HOUR }), claim({ start: 0, end: 2 * HOUR })])(
  'what lies beside an event is surplus',
  (other) => {
    expect(scoreClaims([other], [event])).toEqual({ found: [false], nearest: [null], surplus: [other] })
  },
)

import { expect, test } from 'bun:test'
import { OUTCOME } from '../types.ts'
import { outcomeOfStatus, parseStatus, STATUS_TEXT } from './outcome.ts'

test.each([
  [200, OUTCOME.ok],
  [304, OUTCOME.ok],
  [404, OUTCOME.clientError],
  [499, OUTCOME.noResponse],
  [503, OUTCOME.serverError],
  [0, OUTCOME.noResponse],
  [999, OUTCOME.unknown],
])('status %p ends as outcome %p', (status, outcome) => {
  expect(outcomeOfStatus(status)).toBe(outcome)
})

test.each([
  ['200', 200],
  ['0', 0],
  ['200 OK', 200],
  ['200.0', 200],
  ['', STATUS_TEXT.unknown],
  ['error', STATUS_TEXT.unknown],
  ['Non HTTP response code: java.net.SocketException', STATUS_TEXT.noResponse],
  ['42', STATUS_TEXT.invalid],
  ['2x0', STATUS_TEXT.invalid],
  ['2000', STATUS_TEXT.invalid],
  ['-200', STATUS_TEXT.invalid],
])('%p parses as %p', (text, status) => {
  expect(parseStatus(text)).toBe(status)
})

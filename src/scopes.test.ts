import { describe, expect, test } from 'bun:test'
import { completeScope, matchesScope, relateScopes } from './scopes.ts'

describe('a scope to another', () => {
  test.each([
    [{}, {}, 'equal'],
    [{ region: 'eu' }, { region: 'eu' }, 'equal'],
    [{ region: 'eu', service: 'a' }, { region: 'eu' }, 'narrower'],
    [{ region: 'eu' }, {}, 'narrower'],
    [{}, { region: 'eu' }, 'wider'],
    [{ region: 'eu' }, { region: 'us' }, 'other'],
    [{ region: 'eu' }, { service: 'a' }, 'other'],
  ] as const)('%j to %j is %s', (scope, other, relation) => {
    expect(relateScopes(scope, other)).toBe(relation)
  })
})

describe('a scope with what it implies', () => {
  const places = {
    service: ['shop', 'shop', 'pay', 'pay'],
    endpoint: ['GET /a', 'GET /b', 'GET /c', 'GET /c'],
    region: ['eu', 'eu', 'eu', 'us'],
    environment: ['', '', '', ''],
    version: ['1', '2', '1', '1'],
  }
  test.each([
    [{ endpoint: 'GET /a' }, { service: 'shop', endpoint: 'GET /a', region: 'eu', version: '1' }],
    [{ service: 'pay' }, { service: 'pay', endpoint: 'GET /c', version: '1' }],
    [{ service: 'shop' }, { service: 'shop', region: 'eu' }],
    [{}, {}],
    [{ endpoint: 'GET /nowhere' }, { endpoint: 'GET /nowhere' }],
  ])('%j is %j', (scope, completed) => {
    expect(completeScope(scope, places)).toEqual(completed)
  })
})

describe('a pattern', () => {
  test.each([
    ['legacy-*', 'legacy-users', true],
    ['legacy-*', 'users', false],
    ['*', 'anything', true],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['POST /pay', 'POST /pay', true],
  ])('%s and %s: %p', (pattern, service, matches) => {
    expect(matchesScope({ service }, { service: pattern })).toBe(matches)
  })

  test('of another dimension than the scope has matches only what may be empty', () => {
    expect(matchesScope({ region: 'eu' }, { service: 'shop' })).toBe(false)
    expect(matchesScope({ region: 'eu' }, { service: '*' })).toBe(true)
    expect(matchesScope({ region: 'eu' }, {})).toBe(true)
  })
})

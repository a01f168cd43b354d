import { describe, expect, test } from 'bun:test'
import { createKnownRoutes } from './known-routes.ts'
import { createEndpointNamer } from './routes.ts'

describe('createKnownRoutes', () => {
  const routes = createKnownRoutes([
    '/users/{id}',
    '/users/me',
    '/files/{name}.json',
    '/files/{name}',
    '/{tenant}/users/{id}',
    '/a-{from}-{to}/x',
    'DELETE /users/{victim}',
    'no route',
    '/',
  ])
  test.each([
    ['GET', '/users/42', '/users/{id}'],
    ['GET', '/users/me', '/users/me'],
    ['DELETE', '/users/42', '/users/{victim}'],
    ['GET', '/users/42/', '/users/{id}'],
    ['GET', '/files/a.json', '/files/{name}.json'],
    ['GET', '/files/.json', '/files/{name}'],
    ['GET', '/files/a', '/files/{name}'],
    ['GET', '/acme/users/7', '/{tenant}/users/{id}'],
    ['GET', '/users/users/7', '/{tenant}/users/{id}'],
    ['GET', '/a-1-2/x', '/a-{from}-{to}/x'],
    ['GET', '/a--2/x', null],
    ['GET', '/', '/'],
    ['GET', '/users', null],
    ['GET', '/users/', null],
    ['GET', 'users/42', null],
    ['GET', '', null],
  ])('%s %s → %p', (method, path, route) => {
    expect(routes.find(method, path)).toBe(route)
  })

  test('win over what paths look like', () => {
    const name = createEndpointNamer(['/shops/{shop}/carts'])
    expect(name('get', 'https://x.example/shops/berlin/carts?a=1')).toBe('GET /shops/{shop}/carts')
    expect(name('', 'POST /shops/oslo/carts HTTP/1.1')).toBe('POST /shops/{shop}/carts')
    expect(name('GET', '/shops/12')).toBe('GET /shops/{id}')
  })
})

import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { createEndpointNamer, templateRoute } from './routes.ts'
import { createSchemaFinder } from './schemas.ts'

describe('templateRoute', () => {
  test.each([
    ['/users/42/orders/9f3c2a71b0d4?q=1', '/users/{id}/orders/{hex}'],
    ['https://api.example.com/v2/users/7#top', '/v2/users/{id}'],
    ['https://api.example.com', '/'],
    ['/a/550e8400-e29b-41d4-a716-446655440000', '/a/{uuid}'],
    ['/report/2024-05-17', '/report/{date}'],
    ['/mail/jane.doe%40example.com', '/mail/{email}'],
    ['/charge/ch_3MmlLrLkdIwHu7ix0snN0B15', '/charge/{token}'],
    ['/orders/order-1234/items/INV00012345', '/orders/order-{id}/items/INV{id}'],
    ['/files/123.json', '/files/{id}.json'],
    ['/x;jsessionid=AB12/y', '/x/y'],
    ['/users/{userId}/posts/:post', '/users/{userId}/posts/:post'],
    ['/pkg.Service/Method', '/pkg.Service/Method'],
    ['/api/v1/oauth2/facade', '/api/v1/oauth2/facade'],
    [
      '/presentations/logstash-monitorama-2013/images/frontend-response-codes.png',
      '/presentations/logstash-monitorama-2013/images/frontend-response-codes.png',
    ],
    [`/${'x'.repeat(150)}`, '/{token}'],
    ['Home  page', 'Home page'],
    ['/', '/'],
  ])('%s → %s', (raw, route) => {
    expect(templateRoute(raw)).toBe(route)
  })

  test('is idempotent on random paths', () => {
    const random = createRandom(3)
    const letters = 'abcXYZ0189-_.~%/{}:;@'
    for (let round = 0; round < 3000; round++) {
      const path = `/${Array.from({ length: Math.floor(random() * 30) }, () => letters[Math.floor(random() * letters.length)]).join('')}`
      const route = templateRoute(path)
      expect(templateRoute(route)).toBe(route)
    }
  })
})

describe('createEndpointNamer', () => {
  const name = createEndpointNamer()
  test.each([
    ['get', '/users/1', 'GET /users/{id}'],
    ['', '/users/1', '/users/{id}'],
    ['', 'GET /users/1', 'GET /users/{id}'],
    ['POST', 'GET /users/1 HTTP/1.1', 'GET /users/{id}'],
    ['-', 'checkout', 'checkout'],
    ['', 'Login page 2', 'Login page 2'],
    ['GET', '', ''],
  ])('%p %p → %p', (method, path, endpoint) => {
    expect(name(method, path)).toBe(endpoint)
  })

  test('stays right when its memory overflows', () => {
    const namer = createEndpointNamer()
    for (let id = 0; id < 60_000; id++) {
      if (namer('GET', `/item/${id}`) !== 'GET /item/{id}') throw new Error(`wrong at ${id}`)
    }
  })
})

test('schemas are found whatever the path parameter is called', () => {
  const validator = () => null
  const find = createSchemaFinder(new Map([['get /users/{userId}', validator]]))
  expect(find('GET /users/{id}')).toBe(validator)
  expect(find('GET /users')).toBeUndefined()
})

import { describe, expect, test } from 'bun:test'
import { createRandom } from '../math/random.ts'
import { redact } from './redact.ts'

const MASKED: readonly (readonly [string, string])[] = [
  ['GET /users/{id}/orders?name=x&y=2 HTTP/1.1', 'GET /users/{id}/orders?[query] HTTP/1.1'],
  ['/search?shoes', '/search?[query]'],
  ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [token]'],
  ['authorization=Basic dXNlcjpwYXNz', 'authorization=Basic [token]'],
  ['{"password":"ab\\"cd","x":1}', '{"password":"[secret]","x":1}'],
  ['"{\\"password\\":\\"abc\\",\\"b\\":1}"', '"{\\"password\\":\\"[secret]\\",\\"b\\":1}"'],
  ['user_password=hunter2&next', 'user_password=[secret]&next'],
  ["x-api-key: 'k-17'", "x-api-key: '[secret]'"],
  ['Cookie: a=b; c=d', 'Cookie: [secret]'],
  ['/items;jsessionid=ABC123', '/items;jsessionid=[secret]'],
  ['http://bob:pw@host/x', 'http://[secret]@host/x'],
  ['eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSM', '[token]'],
  ['AKIAIOSFODNN7EXAMPLE and sk-proj-abc123def456ghi789', '[token] and [token]'],
  ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', '[token]'],
  ['from a.b+c@mail.example.co.uk.', 'from [email].'],
  ['jörg%40example.com', '[email]'],
  ['8.8.8.8:53, 10.0.0.1.', '[ip]:53, [ip].'],
  ['ip-10-2-3-4.ec2.internal', '[ip].ec2.internal'],
  ['2001:db8::1 ::ffff:10.0.0.1 fe80::1%eth0 ::1', '[ip] [ip] [ip] [ip]'],
  ['1:2:3:4:5:6:7:8', '[ip]'],
  ['card 5500 0000 0000 0004, 4111-1111-1111-1111', 'card [card], [card]'],
  ['key 0123456789abcdef0123456789abcdef', 'key [token]'],
  ['aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=', '[token]'],
  ['aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3', '[token]'],
]

const KEPT = [
  '2026-03-05T10:00:00.123Z 2026-03-05 10:00:00 10:00:00.000',
  'v1.4.2 1.4.2 2.14.0-rc.1 eu-west-1 us-gov-east-1b',
  'POST /v2/accounts/{id}/statements/{statement_id}',
  '1741168800000 1741168800000000 20260305100000 1234567890123456',
  '550e8400-e29b-41d4-a716-446655440000',
  'Basic authentication failed; Bearer token missing',
  'Unexpected token < in JSON at position 0',
  'GetCustomerAccountV2DetailsForRegionEuWest1',
  "Cannot read property 'x' of undefined (reading user?.name) ok? yes",
  'lodash@4.17.21 std::vector a::b ::error::',
  'errors: [] error_count: 0 p95 99.9 % 12:30',
]

describe('masks', () => {
  for (const [text, masked] of MASKED) test(text, () => expect(redact(text)).toBe(masked))
})

describe('keeps', () => {
  for (const text of KEPT) test(text, () => expect(redact(text)).toBe(text))
})

test('a secret does not survive in any of the shapes that logs have', () => {
  const secret = 'Zx9kQ2vB7nM4'
  const shapes = [
    `password=${secret}`,
    `{"token": "${secret}"}`,
    `client_secret: ${secret}`,
    `GET /a?k=${secret} 200`,
    `https://u:${secret}@h.example/`,
    `Set-Cookie: sid=${secret}; Path=/`,
    `Authorization: Bearer ${secret}`,
    `API-KEY = '${secret}'`,
  ]
  for (const shape of shapes) expect(redact(`before ${shape} after`), shape).not.toContain(secret)
})

test('masking twice changes nothing more', () => {
  const parts = [
    ...MASKED.map(([text]) => text),
    ...KEPT,
    'secret',
    '=',
    ':',
    '"',
    '\\"',
    '\\',
    '?',
    '&',
    '@',
    '::',
    '.',
  ]
  parts.push('[', ']', '[ip]', '[secret]', 'cookie', 'Bearer ', '%40', '1', '://', '{', '\n', 'é', '-', '_', ' ')
  const random = createRandom(5)
  for (let i = 0; i < 20_000; i++) {
    const length = 1 + Math.floor(random() * 6)
    const text = Array.from({ length }, () => parts[Math.floor(random() * parts.length)]).join('')
    const once = redact(text)
    if (redact(once) !== once) expect(redact(once), text).toBe(once)
  }
})

test('time grows with the text and no faster', () => {
  const seeds = [
    'a',
    'secret',
    'secret="',
    'secret=\\"',
    'eyJ-',
    'a@b',
    'a@b.',
    '1:',
    '1 ',
    '0',
    '?a',
    'A/',
    'Bearer ',
    '://a',
  ]
  for (const seed of [...seeds, 'cookie=', '1.1.1.', 'secret    ', '10.0.0.1eyJabcde.abcde ']) {
    const started = Bun.nanoseconds()
    redact(seed.repeat(300_000 / seed.length))
    // A quadratic pattern would take minutes.
    expect((Bun.nanoseconds() - started) / 1e6, seed).toBeLessThan(1_500)
  }
})

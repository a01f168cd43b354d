import { describe, expect, test } from 'bun:test'
import { PAYLOAD } from '../types.ts'
import { type Answer, judgePayload, LONGEST_BODY, parseFlag } from './payload.ts'

const NOTHING: Answer = {
  flag: null,
  flagName: 'ok',
  error: undefined,
  errorName: 'error',
  grpcStatus: '',
  contentType: '',
  body: undefined,
  schema: undefined,
}
const judge = (answer: Partial<Answer>) => judgePayload({ ...NOTHING, ...answer })

describe('judgePayload', () => {
  test.each<[string, Partial<Answer>, string]>([
    ['a flag', { flag: false, flagName: 'payload_valid' }, '"payload_valid" is false'],
    ['a flag with a message', { flag: false, error: 'Text expected' }, '"ok" is false, "error" is set'],
    ["the record's error", { error: 'timeout' }, '"error" is set'],
    ['gRPC', { grpcStatus: '14' }, 'gRPC status is not 0 under HTTP 2xx'],
    ['gRPC by name', { grpcStatus: 'UNAVAILABLE' }, 'gRPC status is not 0 under HTTP 2xx'],
    ['error text', { body: '{"error":"no stock"}' }, 'body has "error"'],
    ['error object', { body: { error: { code: 17 } } }, 'body has "error"'],
    ['error true', { body: '{"Error":true}' }, 'body has "Error"'],
    ['GraphQL', { body: '{"data":null,"errors":[{"message":"x"}]}' }, 'body has non-empty "errors"'],
    ['partial GraphQL', { body: '{"data":{"a":1},"errors":[{"message":"x"}]}' }, 'body has non-empty "errors"'],
    ['batched GraphQL', { body: '[{"data":1},{"data":null,"errors":[{}]}]' }, 'body has non-empty "errors"'],
    ['success', { body: '{"success":false}' }, 'body has "success": false'],
    ['ok', { body: '{"ok":false}' }, 'body has "ok": false'],
    ['JSend', { body: '{"status":"fail","data":{}}' }, 'body has "status": error'],
    [
      'HTML',
      { body: ' <!DOCTYPE html><p>', contentType: 'application/json; charset=utf-8' },
      'body is HTML where JSON is due',
    ],
    ['a schema', { body: '{"a":1}', schema: () => '/total is missing' }, 'body breaks its schema: /total is missing'],
  ])('%s is a sign', (_, answer, reason) => {
    expect(judge(answer)).toEqual({ payload: PAYLOAD.invalid, reason })
  })

  test.each([
    '{"errors":[]}',
    '{"error":null}',
    '{"error_count":0}',
    '{"error":false}',
    '{"error":""}',
    '{"error":"no errors"}',
    '{"error":0}',
    '{"error":{}}',
    '{"error":{"code":0,"message":"OK"}}',
    '{"product":{"name":"Error"}}',
    '{"errors":3}',
    '{"message":"error budget report: no errors"}',
    '[{"errors":["a lint message"]}]',
    '{"status":"failed"}',
    '{"ok":true}',
    '{"data":{"error":"in somebody\'s data"}}',
  ])('%s is none', (body) => {
    expect(judge({ body })).toEqual({ payload: PAYLOAD.valid, reason: '', value: JSON.parse(body) })
  })

  test('text, cut JSON, long bodies and silence tell nothing', () => {
    const long = `{"error":"${'x'.repeat(LONGEST_BODY)}"}`
    for (const body of ['no errors', '{"error":"cut', long, '', undefined]) {
      expect(judge({ body }).payload).toBe(PAYLOAD.unknown)
    }
    expect(judge({ body: '<html>', contentType: 'text/html' }).payload).toBe(PAYLOAD.unknown)
  })

  test('a good flag, status or schema is valid', () => {
    expect(judge({ flag: true }).payload).toBe(PAYLOAD.valid)
    expect(judge({ grpcStatus: '0' }).payload).toBe(PAYLOAD.valid)
    expect(judge({ body: '{"a":1}', schema: () => null }).payload).toBe(PAYLOAD.valid)
    expect(judge({ schema: () => 'not called without a body' }).payload).toBe(PAYLOAD.unknown)
  })

  test('a good flag does not hide a bad body', () => {
    expect(judge({ flag: true, body: '{"error":"x"}' }).payload).toBe(PAYLOAD.invalid)
  })
})

test.each([
  ['true', true],
  ['FALSE', false],
  [1, true],
  ['0', false],
  ['yes', true],
  ['invalid', false],
  [false, false],
  ['', null],
  ['maybe', null],
  [undefined, null],
])('the flag %p reads as %p', (value, flag) => {
  expect(parseFlag(value)).toBe(flag)
})

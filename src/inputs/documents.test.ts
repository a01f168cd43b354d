import { describe, expect, test } from 'bun:test'
import { compilePayloadSchemas, parseOpenapiRoutes } from './documents.ts'

const compile = async (text: string) => {
  const faults: string[] = []
  const { checks, notes } = await compilePayloadSchemas(
    new Map([['POST /v2/checkout', { path: 'checkout.json', text }]]),
    faults,
  )
  return { check: checks.get('POST /v2/checkout'), faults, notes }
}
const json = (schema: unknown) => compile(JSON.stringify(schema))

describe('compilePayloadSchemas', () => {
  test('says which rule of the schema an answer breaks, in words of the schema only', async () => {
    const { check, faults, notes } = await json({
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        items: { type: 'array', items: { properties: { price: { minimum: 0 } } } },
        total: { $ref: '#/definitions/money' },
        state: { enum: ['open', 'paid'] },
      },
      additionalProperties: { type: 'number' },
      definitions: { money: { properties: { amount: { type: 'number' } } } },
    })
    expect(faults).toEqual([])
    expect(notes).toEqual(["The payload schema checkout.json was applied without its 'format' keywords."])
    const answers = [
      [{ id: 'x', extra: 1 }, null],
      [{}, "must have required property 'id'"],
      ['text', 'must be object'],
      [{ id: 7 }, 'id must be string'],
      [{ id: 'x', items: [{ price: 1 }, { price: -1 }] }, 'items[].price must be >= 0'],
      [{ id: 'x', total: { amount: '1' } }, 'amount must be number'],
      [{ id: 'x', state: 'secret' }, 'state must be equal to one of the allowed values'],
      [{ id: 'x', 'jane@example.com': 'secret' }, '* must be number'],
    ] as const
    for (const [answer, broken] of answers) expect(check?.(answer)).toBe(broken)
  })

  test('knows the drafts, and YAML with keywords of OpenAPI', async () => {
    const draft2020 = await json({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'string' }],
    })
    expect(draft2020.check?.([1])).toBe('[0] must be string')
    const draft2019 = await json({
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      dependentRequired: { a: ['b'] },
    })
    expect(draft2019.check?.({ a: 1 })).toBe('must have property b when property a is present')
    const yaml = await compile('type: object\nrequired: [ok]\nnullable: false\nx-note: ours\n')
    expect(yaml.check?.({})).toBe("must have required property 'ok'")
  })

  test.each([
    ['[1', 'checkout.json: must be a JSON Schema in JSON or YAML: '],
    ['[1]', 'checkout.json: must be a JSON Schema, got a list'],
    ['', "checkout.json: must be a JSON Schema, got 'null'"],
    [
      '{"type": "objekt"}',
      "checkout.json: must be a JSON Schema (draft-07, 2019-09 or 2020-12) for 'POST /v2/checkout': ",
    ],
    ['{"$ref": "#/definitions/none"}', 'checkout.json: must be a JSON Schema'],
    ['{"$ref": "https://example.com/other.json"}', 'checkout.json: must be a JSON Schema'],
    ['{"$schema": "http://json-schema.org/draft-04/schema#"}', 'checkout.json: must be a JSON Schema (draft-07, '],
    ['{"pattern": "("}', 'checkout.json: must be a JSON Schema'],
    [
      `${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}`}]`).join('\n')}`,
      'checkout.json: must be a JSON Schema: ',
    ],
  ])('refuses %j', async (text, fault) => {
    const { check, faults } = await compile(text)
    expect(check).toBeUndefined()
    expect(faults).toHaveLength(1)
    expect(faults[0]).toStartWith(fault)
  })
})

describe('parseOpenapiRoutes', () => {
  const parse = (text: string) => {
    const faults: string[] = []
    return { routes: parseOpenapiRoutes({ path: 'api.yaml', text }, faults), faults }
  }

  test('gives the paths as they stand and below their servers', () => {
    const servers = 'servers: [{url: https://api.example.com/v1/}, {url: /v2}, {url: https://example.com}]'
    expect(parse(`openapi: 3.1.0\n${servers}\npaths:\n  /users/{id}: {}\n  x-note: {}`)).toEqual({
      routes: ['/users/{id}', '/v1/users/{id}', '/v2/users/{id}'],
      faults: [],
    })
    expect(parse('{"swagger": "2.0", "basePath": "/api", "paths": {"/a": {}}}').routes).toEqual(['/a', '/api/a'])
    expect(parse('openapi: 3.1.0\npaths: {}')).toEqual({ routes: [], faults: [] })
  })

  test('wants a version and paths', () => {
    expect(parse('openapi: 3.1.0\ninfo: {}').faults).toEqual([
      "api.yaml: must be an OpenAPI description with the keys openapi and paths, got 'openapi, info'",
    ])
    expect(parse('- a').faults).toEqual(['api.yaml: must be an OpenAPI description, got a list'])
  })
})

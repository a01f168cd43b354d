import { expect, test } from 'bun:test'
import { createRandom } from './math/random.ts'
import { CONTENT_KINDS, JSON_TYPES, parseShape, renderObjectShape, type ShapeField, typeOfJson } from './shapes.ts'

const NAMES = ['id', '', '__proto__', 'constructor', 'a b', '`', '"', '\\', '\n', '\u202e', '\ud800', '🎉', '[', ',']

test('any fields come back from their text, in any order', () => {
  const random = createRandom(1)
  for (let round = 0; round < 500; round++) {
    const fields = NAMES.filter(() => random() < 0.5).map((name): ShapeField => {
      const type = JSON_TYPES[Math.floor(random() * JSON_TYPES.length)]
      return { name, type, isEmpty: type === 'array' && random() < 0.5 }
    })
    const text = renderObjectShape(fields)
    expect(renderObjectShape(fields.toReversed())).toBe(text)
    expect(parseShape(text)).toEqual({
      content: 'json object',
      fields: new Map(fields.map((field) => [field.name, field])),
    })
  }
})

test('a content kind is a shape, other text is none', () => {
  for (const content of CONTENT_KINDS) expect(parseShape(content)).toEqual({ content, fields: new Map() })
  for (const text of ['', 'xml', '{other}']) expect(parseShape(text)).toBeNull()
})

test.each([
  [null, 'null'],
  [[], 'array'],
  [{}, 'object'],
  [1, 'number'],
  ['', 'string'],
  [false, 'boolean'],
] as const)('%p is of the type %s', (value, type) => {
  expect(typeOfJson(value)).toBe(type)
})

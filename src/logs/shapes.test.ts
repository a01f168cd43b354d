import { describe, expect, test } from 'bun:test'
import { parseShape } from '../shapes.ts'
import { CONTENT } from './content-kinds.ts'
import { ShapeColumn, ShapeRenderer } from './shapes.ts'

describe('the shape of an answer', () => {
  const render = (value: unknown, content: number = CONTENT.json) => new ShapeRenderer().render(content, value)
  const fieldsOf = (value: unknown) =>
    Object.fromEntries([...parseShape(render(value))!.fields.values()].map((field) => [field.name, field]))

  test('is its fields with their types', () => {
    const body = JSON.parse('{"id":1,"tags":[],"items":[1],"next":null,"__proto__":{}}')
    expect(fieldsOf(body)).toMatchObject({
      id: { type: 'number', isEmpty: false },
      tags: { type: 'array', isEmpty: true },
      items: { type: 'array', isEmpty: false },
      next: { type: 'null', isEmpty: false },
    })
    expect(parseShape(render(body))!.fields.get('__proto__')?.type).toBe('object')
  })

  test('does not depend on the order of the fields', () => {
    const renderer = new ShapeRenderer()
    expect(renderer.render(1, { a: 1, b: '' })).toBe(renderer.render(1, { b: 'x', a: 2 }))
    expect(renderer.render(1, { a: 1, b: '' })).not.toBe(renderer.render(1, { a: 1, b: 1 }))
  })

  test('takes no name for two', () => {
    const renderer = new ShapeRenderer()
    const shapes = [{ a: 1, b: 1 }, { 'anumber 1:b': 1 }, { 'anumber 1:bnumber ': 1 }].map((body) =>
      renderer.render(1, body),
    )
    expect(new Set(shapes).size).toBe(3)
  })

  test('of a list is whether it is empty', () => {
    expect(render([])).toBe('empty json array')
    expect(render([{ id: 1 }])).toBe('json array')
  })

  test('of what was not examined is its kind of content', () => {
    const kinds = Object.values(CONTENT).map((content) => render(undefined, content))
    expect(kinds).toEqual(['', 'json', 'html', 'other'])
  })

  test('of a map of data is no more than JSON', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`key${i}`, i]))
    expect(render(many)).toBe('json')
    expect(render({ ['x'.repeat(101)]: 1 })).toBe('json')
  })
})

describe('the column of shapes', () => {
  test('keeps what it is given, in any order', () => {
    const column = new ShapeColumn()
    const shapes = ['json', '', 'json object [["a","number"]]', '', 'html']
    for (const [row, shape] of shapes.entries()) column.set(row, shape, 'GET /a')
    const order = Uint32Array.of(4, 3, 2, 1, 0)
    const { codes, values } = column.build(5, order)
    expect(Array.from(codes, (code) => values[code])).toEqual(shapes.toReversed())
  })

  test('has no memory of a file that was dropped', () => {
    const column = new ShapeColumn()
    for (let row = 0; row < 3; row++) column.set(row, 'html', '')
    for (let row = 0; row < 3; row++) column.set(row, '', '')
    expect([...column.build(3, null).codes]).toEqual([0, 0, 0])
  })

  test('of a log without bodies is zeros', () => {
    const column = new ShapeColumn()
    for (let row = 0; row < 3; row++) column.set(row, '', '')
    expect(column.build(3, null)).toEqual({ codes: new Uint32Array(3), values: [''] })
  })

  test('takes an endpoint whose fields are data for no more than JSON, and leaves room for the others', () => {
    const column = new ShapeColumn()
    const shapeOf = (i: number) => new ShapeRenderer().render(CONTENT.json, { [`key${i}`]: 1 })
    for (let row = 0; row < 2_000; row++) column.set(row, shapeOf(row), 'GET /prices')
    column.set(2_000, shapeOf(5_000), 'GET /cart')
    const { codes, values } = column.build(2_001, null)
    expect(values[codes[1_999]]).toBe('json')
    expect(values[codes[2_000]]).toBe(shapeOf(5_000))
    expect(column.crowded).toEqual(['GET /prices'])
  })

  test('stops telling shapes apart before they fill the memory', () => {
    const column = new ShapeColumn()
    for (let row = 0; row < 10_000; row++) {
      column.set(row, `json object [["key${row}","null"]]`, `GET /${row % 100}`)
    }
    expect(column.build(10_000, null).values.length).toBeLessThanOrEqual(8_193)
  })
})
